namespace Lythonic.Dag;

/// <summary>
/// After which end of its upstreams a node runs. A node with another value than <see cref="Succeeded"/> is a closing node.
/// </summary>
public enum NodeWhen
{
    /// <summary>When all upstreams have completed.</summary>
    Succeeded,

    /// <summary>When all upstreams have ended and one failed, was stopped, or was kept from running by a failure.</summary>
    Failed,

    /// <summary>When all upstreams have ended, whatever their end.</summary>
    Always,
}
