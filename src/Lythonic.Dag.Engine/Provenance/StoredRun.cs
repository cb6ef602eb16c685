using Lythonic.Dag.Values;

namespace Lythonic.Dag.Provenance;

/// <summary>A run as it was read back; payloads are read apart.</summary>
/// <param name="Key">What the store calls it.</param>
/// <param name="RunId">Its id.</param>
/// <param name="Path">The DAG's name, or the sub-run's path.</param>
/// <param name="DagName">The DAG's name.</param>
/// <param name="Status">The status; a running run whose owner is gone is <see cref="DagRunStatus.Interrupted"/>.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When it ended, or <see langword="null"/>.</param>
public sealed record StoredRun(
    StoreKey Key,
    string RunId,
    string Path,
    string DagName,
    DagRunStatus Status,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt)
{
    /// <summary>The run that it is a sub-run of, or <see langword="null"/>.</summary>
    public string? ParentRunId { get; init; }

    /// <summary>The composite node that it is a sub-run of, or <see langword="null"/>.</summary>
    public string? ParentNode { get; init; }

    /// <summary>The key of its element, or <see langword="null"/>.</summary>
    public string? ElementKey { get; init; }

    /// <summary>
    /// The identity of its element, as <see cref="RunStart.ElementId"/>; <see langword="null"/> too where the file is older than that.
    /// </summary>
    public string? ElementId { get; init; }

    /// <summary>The position of its element, from 0.</summary>
    public int Ordinal { get; init; }

    /// <summary>The branch that was chosen, or <see langword="null"/>.</summary>
    public string? Branch { get; init; }

    /// <summary>The label of the node that failed, or <see langword="null"/>.</summary>
    public string? FailedNode { get; init; }

    /// <summary>The error, why it paused, or the first error of a run that completed with some; or <see langword="null"/>.</summary>
    public string? Error { get; init; }

    /// <summary>The errors that its nodes wrote or were allowed, and that did not fail it.</summary>
    public ErrorCounts Errors { get; init; }

    /// <summary>Of a run that is running, the process that works on it, for people; else <see langword="null"/>.</summary>
    public string? Owner { get; init; }

    /// <summary>The run that it replays, or <see langword="null"/>.</summary>
    public string? ReplayedFrom { get; init; }

    /// <summary>How often it was restarted; 0 too where the file was older than that.</summary>
    public int Restarts { get; init; }

    /// <summary>Whether it is a sub-run of which no code ran: its nodes took over outputs of others.</summary>
    internal bool IsReused { get; init; }

    /// <summary>The labels of the nodes that are wanted, with what they need; empty for all.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>The tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The labels of the sinks, in the order of the nodes.</summary>
    public IReadOnlyList<string> SinkLabels { get; init; } = [];
}
