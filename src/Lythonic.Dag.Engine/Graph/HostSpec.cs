namespace Lythonic.Dag;

/// <summary>
/// A place other than this process where nodes can run: a machine, a container, a step of a cluster, a process of its own.
/// </summary>
/// <param name="Name">What users read: unique among the hosts of a node.</param>
/// <param name="Slots">How many calls it takes at once; at least 1.</param>
/// <param name="Endpoint">How it is reached; the engine hands it to the invoker and looks at nothing of it. Compares by value.</param>
public sealed record HostSpec(string Name, int Slots, object Endpoint)
{
    /// <summary>Whether the name says something of where the code runs: not for a process of its own on this machine.</summary>
    public bool IsElsewhere { get; init; } = true;

    /// <summary>
    /// Whether each of its slots may be another machine, as a step of a cluster is: a call that is lost with one goes on with another.
    /// </summary>
    public bool IsCluster { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
