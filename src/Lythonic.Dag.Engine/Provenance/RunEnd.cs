namespace Lythonic.Dag.Provenance;

/// <summary>How a run ended.</summary>
/// <param name="Status">The status.</param>
/// <param name="FinishedAt">When.</param>
/// <param name="FailedNode">The label of the node that failed, or <see langword="null"/>.</param>
/// <param name="Error">One sentence: its error, why it paused, or the first error of a run that completed with some; or
/// <see langword="null"/>.</param>
public sealed record RunEnd(DagRunStatus Status, DateTimeOffset FinishedAt, string? FailedNode = null, string? Error = null)
{
    /// <summary>The errors that its nodes wrote or were allowed, and that did not fail it.</summary>
    public ErrorCounts Errors { get; init; }

    /// <summary>
    /// The labels of the nodes that its conditions said run, and that are not done; <see langword="null"/> where there are none.
    /// </summary>
    public IReadOnlyList<string>? MetConditions { get; init; }

    /// <summary>
    /// By what others may find the output of a sub-run, which is that of its first sink; <see langword="null"/> where nobody may take it.
    /// </summary>
    public ReuseRecord? Reuse { get; init; }
}
