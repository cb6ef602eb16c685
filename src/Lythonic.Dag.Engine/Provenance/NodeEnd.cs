using Lythonic.Dag.Values;

namespace Lythonic.Dag.Provenance;

/// <summary>How a node run ended.</summary>
/// <param name="Status">The status.</param>
/// <param name="FinishedAt">When.</param>
/// <param name="Output">The output of a completed or skipped node; else <see langword="null"/>.</param>
/// <param name="Error">The whole error text, which upstream failed, or the first error of a node that completed with some; or
/// <see langword="null"/>.</param>
/// <param name="Messages">What the node said, as a JSON array; or <see langword="null"/>.</param>
public sealed record NodeEnd(
    NodeStatus Status,
    DateTimeOffset FinishedAt,
    EncodedValue? Output = null,
    string? Error = null,
    string? Messages = null)
{
    /// <summary>When its code began, where that is later than its start was posted; else <see langword="null"/>.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The errors that it wrote or was allowed, and that did not fail it.</summary>
    public ErrorCounts Errors { get; init; }

    /// <summary>The run in which the code ran whose output a skipped node took over; or <see langword="null"/>.</summary>
    public string? ReusedFrom { get; init; }

    /// <summary>By what others may find the output; <see langword="null"/> where nobody may take it.</summary>
    public ReuseRecord? Reuse { get; init; }
}
