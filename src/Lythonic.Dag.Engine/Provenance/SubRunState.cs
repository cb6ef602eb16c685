using Lythonic.Dag.Values;

namespace Lythonic.Dag.Provenance;

/// <summary>The state of a sub-run without its values, for those who watch many of them.</summary>
/// <param name="Key">The store's key of the sub-run. Later sub-runs have greater keys.</param>
/// <param name="RunId">The id of the sub-run.</param>
/// <param name="Parent">The store's key of the run that contains it.</param>
/// <param name="ParentNode">The label of its composite node.</param>
/// <param name="ElementKey">The key of its element, or <see langword="null"/>.</param>
/// <param name="Status">The status as it is stored.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When it ended, or <see langword="null"/>.</param>
/// <param name="FailedNode">The label of the node that failed, or <see langword="null"/>.</param>
/// <param name="Error">The error, if it did not complete; or <see langword="null"/>.</param>
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
    /// If this record stands for many completed sub-runs of the node, their number. Only <see cref="Key"/> is then that of one of them, the
    /// last; element and times mean nothing. <see langword="null"/> if the record is that of one sub-run.
    /// </summary>
    public int? Completed { get; init; }

    /// <summary>The sub-run, as far as it is known here.</summary>
    public StoredRun ToRun() => new(Key, RunId, "", "", Status, StartedAt, FinishedAt) { ElementKey = ElementKey };
}
