namespace Lythonic.Dag.Transport.Tests.Harness;

/// <summary>A real Slurm on loopback. It is stopped when this object is disposed of.</summary>
internal sealed class Slurm : IDisposable
{
    private readonly TempFolder _folder = new();

    public Slurm()
    {
        var (exitCode, output) = ServerScript.Run("slurm.sh", "start", _folder.Path);
        Assert.True(exitCode == 0, output);
    }

    /// <summary>Why it cannot run here, or <see langword="null"/>.</summary>
    public static string? Missing { get; } = OperatingSystem.IsLinux()
        ? Pwsh.Missing ?? ServerScript.Check("slurm.sh")
        : "Slurm is for Linux.";

    /// <summary>A host that is a Slurm step that runs PowerShell.</summary>
    public HostEndpoint Host() =>
        HostEndpoint.To(new HostCommand(
            ["env", $"SLURM_CONF={_folder.File("slurm.conf")}", "srun", "-Q", "-n1", "-c1", .. Pwsh.Words, "-s", "-NoLogo", "-NoProfile"]))
            with { Name = "slurm", ConnectTimeout = Timeout.InfiniteTimeSpan };

    /// <summary>Runs one of Slurm's own programs.</summary>
    public void Run(string program, params string[] arguments)
    {
        var start = new System.Diagnostics.ProcessStartInfo(program, arguments);
        start.Environment["SLURM_CONF"] = _folder.File("slurm.conf");
        using var process = System.Diagnostics.Process.Start(start)!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    public void Dispose()
    {
        ServerScript.Run("slurm.sh", "stop", _folder.Path);
        _folder.Dispose();
    }
}
