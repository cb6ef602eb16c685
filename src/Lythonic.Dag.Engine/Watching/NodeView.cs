namespace Lythonic.Dag.Watching;

/// <summary>A node of a run that is watched.</summary>
/// <param name="Path">Its label, after the labels of the call and switch nodes around it.</param>
/// <param name="Label">Its label.</param>
/// <param name="Depth">How many call and switch nodes are around it.</param>
/// <param name="Kind">The kind of node.</param>
/// <param name="Status">Its status.</param>
/// <param name="Attempt">The number of the attempt, from 1; 0 for none.</param>
internal sealed record NodeView(string Path, string Label, int Depth, NodeKind Kind, NodeStatus Status, int Attempt)
{
    /// <summary>When the attempt began, or <see langword="null"/>.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended, or <see langword="null"/>.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The host that it runs on, or <see langword="null"/>.</summary>
    public string? Host { get; init; }

    /// <summary>What it waits for, or <see langword="null"/>.</summary>
    public string? Waits { get; init; }

    /// <summary>When its wait ends, if that is known.</summary>
    public DateTimeOffset? WaitsUntil { get; init; }

    /// <summary>Its error, or <see langword="null"/>.</summary>
    public string? Error { get; init; }

    /// <summary>The errors that did not fail it.</summary>
    public ErrorCounts Errors { get; init; }

    /// <summary>The branch that a switch node took, or <see langword="null"/>.</summary>
    public string? Branch { get; init; }

    /// <summary>The progress of a map, or <see langword="null"/>.</summary>
    public MapView? Map { get; init; }

    /// <summary>How long it has run so far, or took.</summary>
    /// <param name="now">The current time.</param>
    public TimeSpan? Elapsed(DateTimeOffset now) =>
        Status is NodeStatus.Running ? now - StartedAt
        : Status is NodeStatus.Skipped or NodeStatus.Omitted or NodeStatus.UpstreamFailed ? null
        : FinishedAt - StartedAt;
}
