using Lythonic.Dag.Values;

namespace Lythonic.Dag.Provenance;

/// <summary>A node run as it was read back; payloads are read apart.</summary>
/// <param name="Key">What the store calls it.</param>
/// <param name="Label">The node's label.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Status">The status.</param>
/// <param name="Attempt">Which attempt, from 1.</param>
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
    /// <summary>The errors beside which it ended.</summary>
    public ErrorCounts Errors { get; init; }

    /// <summary>The name of the host that it ran on, or <see langword="null"/> for the process that owned the run.</summary>
    public string? Host { get; init; }

    /// <summary>The run in which the code ran whose output a skipped node took over; or <see langword="null"/>.</summary>
    public string? ReusedFrom { get; init; }

    /// <summary>How many elements a map has, as far as that is known; else <see langword="null"/>.</summary>
    public int? ElementCount { get; init; }

    /// <summary>Of an attempt that waits, until when, where that is known; else <see langword="null"/>.</summary>
    public DateTimeOffset? WaitsUntil { get; init; }

    /// <summary>Whether the node's condition had said that it runs.</summary>
    public bool IsConditionMet { get; init; }
}
