namespace Lythonic.Dag;

/// <summary>
/// How the upstreams of a node must have ended for it to run. With any value but <see cref="Succeeded"/>, it is a closing node.
/// </summary>
public enum NodeWhen
{
    /// <summary>All upstreams have completed.</summary>
    Succeeded,

    /// <summary>All upstreams have ended, and one failed, was stopped, or was kept from running by a failure.</summary>
    Failed,

    /// <summary>All upstreams have ended, in whatever way.</summary>
    Always,
}
