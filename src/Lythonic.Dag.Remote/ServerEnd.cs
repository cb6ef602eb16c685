using System.Diagnostics;
using System.Management.Automation.Runspaces;

namespace Lythonic.Dag.Remote;

/// <summary>
/// Ends a PowerShell that was started to serve one connection, some time after that connection has ended. PowerShell itself waits for the
/// code to stop, for ever if it does not.
/// </summary>
#pragma warning disable CA1001 // Its timer is there as long as the process.
internal sealed class ServerEnd
#pragma warning restore CA1001
{
    // What PowerShell's own parameters are called that make it such a server, and the fewest letters by which they are known.
    private static readonly (string Name, int Least)[] Serves = [("servermode", 1), ("sshservermode", 4)];
    private static readonly string[] Runs = ["command", "commandwithargs", "cwa", "file", "encodedcommand", "ec"];

    private readonly Timer _timer;

    /// <summary>Waits for the end of a connection.</summary>
    /// <param name="runspace">Its runspace.</param>
    public ServerEnd(Runspace runspace)
    {
        _timer = new Timer(static _ => Kill(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (Console.IsInputRedirected && IsServer(Environment.GetCommandLineArgs().Skip(1)))
            runspace.StateChanged += OnStateChanged;
    }

    /// <summary>How long code may go on after its connection has ended, such as that of a <c>finally</c> block.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether a PowerShell with these arguments has no other purpose than one connection.</summary>
    public static bool IsServer(IEnumerable<string> arguments)
    {
        var names = arguments.Where(argument => argument.StartsWith('-') || argument.StartsWith('/'))
            .Select(argument => argument.TrimStart('-', '/').ToLowerInvariant())
            .TakeWhile(name => name.Length == 0 || !Runs.Any(run => run.StartsWith(name, StringComparison.Ordinal)));
        return names.Any(name => Serves.Any(
            serves => name.Length >= serves.Least && serves.Name.StartsWith(name, StringComparison.Ordinal)));
    }

    private static void Kill()
    {
        using var own = Process.GetCurrentProcess();
        own.Kill();
    }

    private void OnStateChanged(object? sender, RunspaceStateEventArgs change)
    {
        if (change.RunspaceStateInfo.State is RunspaceState.Closing or RunspaceState.Broken)
            _timer.Change(Patience, Timeout.InfiniteTimeSpan);
    }
}
