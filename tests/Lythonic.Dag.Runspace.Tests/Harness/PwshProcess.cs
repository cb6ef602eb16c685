using System.Diagnostics;

namespace Lythonic.Dag.Runspace.Tests.Harness;

/// <summary>A script in a pwsh of its own, with the module loaded.</summary>
internal sealed class PwshProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    public PwshProcess(string folder, string? database, string script, Dictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(
            "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.WorkingDirectory = folder;
        // Start the library and not the tool's command, which starts a second process: the process that a test kills must run the script.
        foreach (var argument in (string[])[
            Repository.PowerShell, "-NoProfile", "-NonInteractive", "-Command", $"Import-Module '{Repository.Manifest}'; & '{script}'"])
            start.ArgumentList.Add(argument);
        start.Environment["NO_COLOR"] = "1";
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        if (database is not null)
            start.Environment["LYTHONIC_DAG_DB"] = database;
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    public string Output => _output.GetAwaiter().GetResult();

    public string Error => _error.GetAwaiter().GetResult();

    /// <summary>Runs a script to its end.</summary>
    public static PwshProcess Run(string folder, string script)
    {
        var process = new PwshProcess(folder, null, script);
        process.WaitForExit();
        return process;
    }

    public int WaitForExit()
    {
        Assert.True(_process.WaitForExit(Limits.Hang), "the script did not end");
        return _process.ExitCode;
    }

    public void WaitForFile(string path)
    {
        var appeared = SpinWait.SpinUntil(() => File.Exists(path) || _process.HasExited, Limits.Hang);
        Assert.True(appeared && File.Exists(path),
            $"'{path}' did not appear; it said: {(_process.HasExited ? Output + Error : "nothing")}");
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
