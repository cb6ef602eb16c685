using System.Diagnostics;

namespace Lythonic.Dag.Runspace.Tests.Harness;

/// <summary>The built host as a process of its own.</summary>
internal sealed class HostProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    public HostProcess(string folder, string? database, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.WorkingDirectory = folder;
        start.ArgumentList.Add(Repository.Host);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["NO_COLOR"] = "1";
        if (database is not null)
            start.Environment["LYTHONIC_DAG_DB"] = database;
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    public string Output => _output.GetAwaiter().GetResult();

    public string Error => _error.GetAwaiter().GetResult();

    public int Id => _process.Id;

    /// <summary>Runs a script to its end.</summary>
    public static HostProcess Run(string folder, params string[] arguments)
    {
        var process = new HostProcess(folder, null, arguments);
        process.WaitForExit();
        return process;
    }

    public int WaitForExit()
    {
        Assert.True(_process.WaitForExit(Limits.Hang), "the host did not end");
        return _process.ExitCode;
    }

    public void WaitForFile(string path)
    {
        var appeared = SpinWait.SpinUntil(() => File.Exists(path) || _process.HasExited, Limits.Hang);
        Assert.True(appeared && File.Exists(path), $"'{path}' did not appear; the host said: {(_process.HasExited ? Output + Error : "nothing")}");
    }

    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }
}
