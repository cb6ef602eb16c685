using System.Management.Automation.Runspaces;

namespace Lythonic.Dag.Transport;

/// <summary>One host that can be connected to, as often as it has slots.</summary>
public sealed record HostEndpoint
{
    private HostEndpoint(string name, HostCommand? command, RunspaceConnectionInfo? connection) =>
        (Name, Command, Connection) = (name, command, connection);

    /// <summary>The name of the host in results and errors.</summary>
    public string Name { get; init; }

    /// <summary>The command line that reaches it, or <see langword="null"/> if PowerShell itself connects.</summary>
    public HostCommand? Command { get; }

    /// <summary>PowerShell's own description of the connection, such as that of a given session; or <see langword="null"/>.</summary>
    public RunspaceConnectionInfo? Connection { get; }

    /// <summary>How long it may take to connect; infinite for a connection that waits in the queue of a cluster.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A machine over SSH.</summary>
    /// <param name="host">The machine.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagNameInvalid"/>: a part could be taken for something else.</exception>
    public static HostEndpoint To(SshHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return new HostEndpoint(host.ToString(), host.ToCommand(), null) { ConnectTimeout = host.ConnectTimeout };
    }

    /// <summary>Any command line that speaks the protocol; named by its first word.</summary>
    /// <param name="command">The command line.</param>
    public static HostEndpoint To(HostCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return new HostEndpoint(command.ToString(), command, null);
    }

    /// <summary>A separate process on this machine, which may start slowly if the machine is busy.</summary>
    /// <param name="home">The folder of the PowerShell that runs, its <c>$PSHOME</c>.</param>
    public static HostEndpoint Process(string home) =>
        new("process", PowerShellProgram.ServerOf(home), null) { ConnectTimeout = TimeSpan.FromMinutes(1) };

    /// <summary>
    /// A connection that PowerShell itself makes; it does not give the messages of a client program. If the connection has a time limit
    /// (<c>New-PSSession -ConnectingTimeout</c>), the host has the same.
    /// </summary>
    /// <param name="connection">The connection of a session, for a runspace like its own.</param>
    public static HostEndpoint To(RunspaceConnectionInfo connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var endpoint = new HostEndpoint(connection.ComputerName, null, connection.Clone());
        return connection is SSHConnectionInfo { ConnectingTimeout: > 0 and var limit }
            ? endpoint with { ConnectTimeout = TimeSpan.FromMilliseconds(limit) }
            : endpoint;
    }
}
