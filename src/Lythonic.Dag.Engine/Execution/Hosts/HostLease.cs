namespace Lythonic.Dag.Execution;

/// <summary>A host that somebody is on, with a slot during each call.</summary>
/// <param name="host">The host.</param>
/// <param name="seeker">The holder.</param>
internal sealed class HostLease(FarmHost host, HostSeeker seeker)
{
    public FarmHost Host { get; } = host;

    public HostSeeker Seeker { get; } = seeker;

    /// <summary>What was known of the host when the latest call with it began.</summary>
    public int Generation { get; private set; } = host.Generation;

    /// <summary>Whether the host was connected to with it.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Whether it is the only one that tries the host again after a refusal.</summary>
    public bool IsProbe { get; set; }

    /// <summary>Whether a call is made with it, which has room in the slots of the host.</summary>
    public bool IsCalling { get; set; }

    /// <summary>Whether the call that is made with it turned out to be long.</summary>
    public bool IsLong { get; set; }

    /// <summary>Notes that a call with it begins.</summary>
    public void Renew() => Generation = Host.Generation;
}
