namespace Lythonic.Dag.Provenance;

/// <summary>How a run ended.</summary>
/// <param name="Status">The status.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="FailedNode">The label of the node that failed, or <see langword="null"/>.</param>
/// <param name="Error">One sentence: the error of that node, the reason of a pause, or the first error of a run that completed with
/// errors; otherwise <see langword="null"/>.</param>
public sealed record RunEnd(DagRunStatus Status, DateTimeOffset FinishedAt, string? FailedNode = null, string? Error = null)
{
    /// <summary>The errors that its nodes wrote or were allowed, and that did not fail it.</summary>
    public ErrorCounts Errors { get; init; }

    /// <summary>
    /// The labels of the nodes whose conditions were met and that are not done; <see langword="null"/> if there are none.
    /// </summary>
    public IReadOnlyList<string>? MetConditions { get; init; }

    /// <summary>
    /// The record by which other elements find the output of this sub-run, which is that of its first sink; <see langword="null"/> if they
    /// may not reuse it.
    /// </summary>
    public ReuseRecord? Reuse { get; init; }
}
