using Lythonic.Dag.Values;

namespace Lythonic.Dag.Provenance;

/// <summary>What is known of a node run when it starts.</summary>
/// <param name="NodeIndex">The node's position in the run's <see cref="DagDefinition.Nodes"/>.</param>
/// <param name="Attempt">The number of the attempt, from 1, counted over all restarts of the run.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="Input">
/// The inputs in order, stored as one JSON object by name. If an input is the whole output of an upstream, it is the same
/// <see cref="EncodedValue"/> object as that output. A name may occur several times in a row; its values are stored as one JSON array
/// (fan-in). <see langword="null"/> if no input is stored.
/// </param>
public sealed record NodeStart(int NodeIndex, int Attempt, DateTimeOffset StartedAt, IReadOnlyList<NodeInput>? Input)
{
    /// <summary>Why the attempt waits before it begins, for people; <see langword="null"/> if it begins now.</summary>
    public string? Waits { get; init; }

    /// <summary>When the wait will end, if that is known beforehand; otherwise <see langword="null"/>.</summary>
    public DateTimeOffset? WaitsUntil { get; init; }

    /// <summary>The name of the host that the attempt runs on, or <see langword="null"/> for the process that owns the run.</summary>
    public string? Host { get; init; }

    /// <summary>Whether the condition (<c>-If</c>) of the node was met. A restart does not ask it again.</summary>
    public bool IsConditionMet { get; init; }

    /// <summary>Whether the run overrides the code of the node (<c>-Override</c>), so that other code runs in its place.</summary>
    public bool IsOverridden { get; init; }

    /// <summary>The status of the node run from now on: running, or waiting.</summary>
    public NodeStatus Status => Waits is null ? NodeStatus.Running : NodeStatus.Waiting;
}
