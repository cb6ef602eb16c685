namespace Lythonic.Dag;

/// <summary>How a node of a run ended.</summary>
/// <param name="Label">Its label.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Status">How it ended; <see cref="NodeStatus.Pending"/> where it never started.</param>
/// <param name="Attempt">Its last attempt, from 1; 0 where it never started.</param>
/// <param name="StartedAt">When its last attempt began, or <see langword="null"/>.</param>
/// <param name="FinishedAt">When it ended, or <see langword="null"/>.</param>
/// <param name="Error">Its error, or the first one of a node that completed with some; or <see langword="null"/>.</param>
public sealed record NodeResult(
    string Label,
    NodeKind Kind,
    NodeStatus Status,
    int Attempt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    string? Error)
{
    /// <summary>The errors beside which it ended.</summary>
    public ErrorCounts Errors { get; init; }

    /// <summary>The name of the host that its last attempt ran on, or <see langword="null"/> for the process that owned the run.</summary>
    public string? Host { get; init; }

    /// <summary>The run in which the code ran whose output it took over; or <see langword="null"/>.</summary>
    public string? ReusedFrom { get; init; }

    /// <summary>What it said, bounded in number and length; empty where a store keeps it.</summary>
    public IReadOnlyList<NodeMessage> Messages { get; init; } = [];
}
