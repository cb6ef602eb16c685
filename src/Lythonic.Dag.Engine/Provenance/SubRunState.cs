using Lythonic.Dag.Values;

namespace Lythonic.Dag.Provenance;

/// <summary>How a sub-run stands, for those who watch many of them: nothing of its values.</summary>
/// <param name="Key">What the store calls it. Later ones have greater keys.</param>
/// <param name="RunId">Its id.</param>
/// <param name="Parent">What the store calls the run that it is in.</param>
/// <param name="ParentNode">The composite node that it is a sub-run of.</param>
/// <param name="ElementKey">The key of its element, or <see langword="null"/>.</param>
/// <param name="Status">The status as it is stored.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When it ended, or <see langword="null"/>.</param>
/// <param name="FailedNode">The label of the node that failed, or <see langword="null"/>.</param>
/// <param name="Error">The error of one that did not complete, or <see langword="null"/>.</param>
internal sealed record SubRunState(
    StoreKey Key,
    string RunId,
    StoreKey Parent,
    string ParentNode,
    string? ElementKey,
    DagRunStatus Status,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt,
    string? FailedNode,
    string? Error)
{
    /// <summary>
    /// How many completed sub-runs of the node it stands for, of which it is the last: its element and its times are those of none.
    /// <see langword="null"/> where it is one sub-run, whole.
    /// </summary>
    public int? Completed { get; init; }
}
