using Lythonic.Dag.Values;

namespace Lythonic.Dag.Provenance;

/// <summary>A node run that was read from a store, without its input, output and messages.</summary>
/// <param name="Key">The store's key of the node run.</param>
/// <param name="Label">The node's label.</param>
/// <param name="Kind">The kind of node.</param>
/// <param name="Status">The status.</param>
/// <param name="Attempt">The number of the attempt, from 1.</param>
/// <param name="StartedAt">When it started, or <see langword="null"/>.</param>
/// <param name="FinishedAt">When it ended, or <see langword="null"/>.</param>
/// <param name="Error">The error, or <see langword="null"/>.</param>
/// <param name="Fingerprint">The fingerprint of the node when it ran.</param>
public sealed record StoredNodeRun(
    StoreKey Key,
    string Label,
    NodeKind Kind,
    NodeStatus Status,
    int Attempt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    string? Error,
    string Fingerprint)
{
    /// <summary>The error of a node run that was in flight when the process died.</summary>
    internal const string ProcessEnded = "Its process ended while it ran.";

    /// <summary>The errors that it wrote without failing, and its elements that failed.</summary>
    public ErrorCounts Errors { get; init; }

    /// <summary>The name of the host that it ran on, or <see langword="null"/> for the process that owned the run.</summary>
    public string? Host { get; init; }

    /// <summary>For a reused node, the id of the run in which its code ran; otherwise <see langword="null"/>.</summary>
    public string? ReusedFrom { get; init; }

    /// <summary>For a map, the number of its elements if it is known; otherwise <see langword="null"/>.</summary>
    public int? ElementCount { get; init; }

    /// <summary>For a map, the number of its elements that were reused; 0 if that is not known.</summary>
    internal int ReusedElements { get; init; }

    /// <summary>For a map, the number of its elements that were tried more than once; 0 if that is not known.</summary>
    internal int RetriedElements { get; init; }

    /// <summary>How many attempts before this one did not run the node, because of another node or a condition.</summary>
    internal int Idle { get; init; }

    /// <summary>The number of this attempt among those that ran the node; 0 if it did not run it.</summary>
    internal int Tries => Status.RanNothing() ? 0 : Attempt - Idle;

    /// <summary>How many attempts up to this one did not run the node.</summary>
    internal int IdleSoFar => Status.RanNothing() ? Idle + 1 : Idle;

    /// <summary>For a waiting attempt, when the wait will end if that is known; otherwise <see langword="null"/>.</summary>
    public DateTimeOffset? WaitsUntil { get; init; }

    /// <summary>Whether the condition (<c>-If</c>) of the node was met.</summary>
    public bool IsConditionMet { get; init; }

    /// <summary>Whether the run overrode the code of the node (<c>-Override</c>), so that other code ran in its place.</summary>
    public bool IsOverridden { get; init; }
}
