using System.Globalization;

namespace Lythonic.Dag.Transport.Tests.Harness;

/// <summary>Real SSH servers on loopback. They are stopped when this object is disposed of.</summary>
internal sealed class Sshd : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <summary>Starts servers.</summary>
    /// <param name="count">How many.</param>
    /// <param name="subsystem">The command of the subsystem; PowerShell by default.</param>
    public Sshd(int count = 1, params string[] subsystem)
    {
        var (exitCode, output) = ServerScript.Run(
            "sshd.sh",
            ["start", _folder.Path, count.ToString(CultureInfo.InvariantCulture),
                .. subsystem.Length > 0 ? subsystem : [.. Pwsh.Words, "-sshs", "-NoLogo", "-NoProfile"]]);
        Assert.True(exitCode == 0, output);
        Ports = [.. File.ReadLines(_folder.File("ports")).Select(line => int.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture))];
    }

    /// <summary>Why they cannot run here, or <see langword="null"/>.</summary>
    public static string? Missing { get; } = OperatingSystem.IsWindows()
        ? "The servers of the tests are for Linux and macOS."
        : Pwsh.Missing ?? ServerScript.Check("sshd.sh");

    public IReadOnlyList<int> Ports { get; }

    /// <summary>A host that accepts the key.</summary>
    public SshHost Host(int index = 0) => HostOf(_folder.Path, Ports[index]);

    /// <summary>A host that accepts the key, on servers that another process started.</summary>
    public static SshHost HostOf(string folder, int port) => new("127.0.0.1", Environment.UserName, port)
    {
        KeyFilePath = Path.Combine(folder, "user_key"),
        Options = new Dictionary<string, string>
        {
            ["UserKnownHostsFile"] = Path.Combine(folder, "known_hosts"),
            ["GlobalKnownHostsFile"] = "/dev/null",
            ["StrictHostKeyChecking"] = "yes",
            ["IdentitiesOnly"] = "yes",
            ["IdentityAgent"] = "none",
        },
        // A busy machine needs more than the default time to start PowerShell.
        ConnectTimeout = TimeSpan.FromMinutes(2),
    };

    public string PathOf(string name) => _folder.File(name);

    public void Dispose()
    {
        ServerScript.Run("sshd.sh", "stop", _folder.Path);
        _folder.Dispose();
    }
}
