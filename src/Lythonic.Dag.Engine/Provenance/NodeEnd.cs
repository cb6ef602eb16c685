using Lythonic.Dag.Values;

namespace Lythonic.Dag.Provenance;

/// <summary>How a node run ended.</summary>
/// <param name="Status">The status.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Output">The output of a completed or skipped node; otherwise <see langword="null"/>.</param>
/// <param name="Error">The full error text of a failed node, the upstream that failed, or the first error of a node that completed with
/// errors; otherwise <see langword="null"/>.</param>
/// <param name="Messages">The messages of the node as a JSON array; or <see langword="null"/>.</param>
public sealed record NodeEnd(
    NodeStatus Status,
    DateTimeOffset FinishedAt,
    EncodedValue? Output = null,
    string? Error = null,
    string? Messages = null)
{
    /// <summary>When its code began, if that was later than its recorded start; otherwise <see langword="null"/>.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The errors that it wrote or was allowed, and that did not fail it.</summary>
    public ErrorCounts Errors { get; init; }

    /// <summary>For a reused node, the id of the run in which its code ran; otherwise <see langword="null"/>.</summary>
    public string? ReusedFrom { get; init; }

    /// <summary>For a map, the number of its elements that were reused; 0 if that is not known.</summary>
    internal int ReusedElements { get; init; }

    /// <summary>For a map, the number of its elements that were tried more than once; 0 if that is not known.</summary>
    internal int RetriedElements { get; init; }

    /// <summary>The record by which other node runs find the output; <see langword="null"/> if they may not reuse it.</summary>
    public ReuseRecord? Reuse { get; init; }
}
