namespace Lythonic.Dag;

/// <summary>
/// A place other than this process where nodes can run: a machine, a container, a step of a cluster, a process of its own.
/// </summary>
/// <param name="Name">The name that users see. It is unique among the hosts of a node.</param>
/// <param name="Slots">
/// How many calls it takes at once; at least 1. All nodes of a run whose hosts have this name and endpoint share them. If they say
/// different numbers, the largest counts.
/// </param>
/// <param name="Endpoint">How to reach it. The engine passes it to the invoker without using it. It must compare by value.</param>
public sealed record HostSpec(string Name, int Slots, object Endpoint)
{
    /// <summary>Whether the host is elsewhere: false for a process of its own on this machine.</summary>
    public bool IsElsewhere { get; init; } = true;

    /// <summary>
    /// Whether each of its slots may be another machine, as with steps of a cluster. A call that is lost with one slot is then sent to
    /// another.
    /// </summary>
    public bool IsCluster { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
