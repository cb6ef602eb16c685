using Lythonic.Dag.Values;

namespace Lythonic.Dag.Provenance;

/// <summary>What is known of a node run when it starts.</summary>
/// <param name="NodeIndex">The node's position in the run's <see cref="DagDefinition.Nodes"/>.</param>
/// <param name="Attempt">Which attempt this is, from 1, over all restarts of the run.</param>
/// <param name="StartedAt">When.</param>
/// <param name="Input">
/// The inputs by name, in order: stored as one JSON object. An input that is an upstream's whole output is the same
/// <see cref="EncodedValue"/> as that output. A name may come several times in a row: its values are one JSON array (fan-in).
/// <see langword="null"/> where none is stored.
/// </param>
public sealed record NodeStart(int NodeIndex, int Attempt, DateTimeOffset StartedAt, IReadOnlyList<NodeInput>? Input)
{
    /// <summary>Why the attempt waits before it begins, for people; <see langword="null"/> where it begins now.</summary>
    public string? Waits { get; init; }

    /// <summary>Until when the attempt waits, where that is known beforehand; else <see langword="null"/>.</summary>
    public DateTimeOffset? WaitsUntil { get; init; }

    /// <summary>The name of the host that the attempt runs on, or <see langword="null"/> for the process that owns the run.</summary>
    public string? Host { get; init; }

    /// <summary>Whether the node's condition has said that it runs: it is not asked again.</summary>
    public bool IsConditionMet { get; init; }

    /// <summary>The status that the node run has from now on.</summary>
    public NodeStatus Status => Waits is null ? NodeStatus.Running : NodeStatus.Waiting;
}
