using Lythonic.Dag.Transport;

namespace Lythonic.Dag.Hosting;

/// <summary>A connection of the session, and the call that it makes.</summary>
/// <param name="endpoint">The host that it is connected to.</param>
internal sealed class HostLine(HostEndpoint endpoint)
{
    private volatile WorkerJob? _job;

    /// <summary>The host that it is connected to.</summary>
    public HostEndpoint Endpoint => endpoint;

    /// <summary>The connection, once it is made.</summary>
    public HostConnection Connection { get; set; } = null!;

    /// <summary>The call that is being made, or <see langword="null"/>. It gets what code there writes to its PowerShell host.</summary>
    public WorkerJob? Job
    {
        get => _job;
        set => _job = value;
    }

    /// <summary>Whether it can make another call.</summary>
    public bool IsUsable => !Connection.Lost.IsCompleted;

    /// <summary>Since when it has been idle, as the clock's timestamp.</summary>
    public long IdleSince { get; set; }

    /// <summary>Closes it, waited for or not.</summary>
    public void Close() => _ = Connection.DisposeAsync().AsTask();
}
