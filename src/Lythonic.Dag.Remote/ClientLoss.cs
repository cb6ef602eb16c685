using System.Diagnostics;
using System.Management.Automation.Runspaces;

namespace Lythonic.Dag.Remote;

/// <summary>
/// Ends this process if its client has gone and what it called does not stop. PowerShell closes a session whose client has gone, but waits
/// for its code: a call that does not look for a stop, such as <c>[Threading.Thread]::Sleep(-1)</c>, would stay here for ever, and work
/// beside the attempt that has taken its place.
/// </summary>
internal static class ClientLoss
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // After any of these parameters of PowerShell, or what is shorter, come the arguments of a script.
    private static readonly string[] Runs = ["commandwithargs", "cwa", "file", "encodedcommand", "ec"];

    /// <summary>Begins to watch, if this process serves one client alone.</summary>
    /// <param name="runspace">The runspace of the session.</param>
    public static void Watch(Runspace? runspace)
    {
        if (runspace is null || !Console.IsInputRedirected || !IsServer(Environment.GetCommandLineArgs()))
            return;
        runspace.StateChanged += static (_, change) =>
        {
            if (change.RunspaceStateInfo.State == RunspaceState.Closing)
                new Thread(EndLater) { IsBackground = true, Name = "Lythonic.Dag client loss" }.Start();
        };
    }

    /// <summary>Whether a PowerShell with this command line has no other purpose than one client.</summary>
    /// <param name="commandLine">Its words.</param>
    public static bool IsServer(string[] commandLine) => commandLine
        .Where(word => word.StartsWith('-') || word.StartsWith('/'))
        .Select(word => word.TrimStart('-', '/'))
        .TakeWhile(name => name.Length == 0 || !Runs.Any(run => run.StartsWith(name, StringComparison.OrdinalIgnoreCase)))
        .Any(IsServerMode);

    // As PowerShell reads its switches: -s, -ServerMode, -sshs, -SSHServerMode, and what is shorter than that.
    private static bool IsServerMode(string name) =>
        (name.Length >= 1 && "servermode".StartsWith(name, StringComparison.OrdinalIgnoreCase))
            || (name.Length >= 4 && "sshservermode".StartsWith(name, StringComparison.OrdinalIgnoreCase));

    private static void EndLater()
    {
        Thread.Sleep(Patience);
        using var process = Process.GetCurrentProcess();
        process.Kill();
    }
}
