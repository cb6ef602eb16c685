using Lythonic.Dag.Values;

namespace Lythonic.Dag.Provenance;

/// <summary>A run that was read from a store, without its source input and its outputs.</summary>
/// <param name="Key">The store's key of the run.</param>
/// <param name="RunId">The id of the run.</param>
/// <param name="Path">The DAG's name, or the sub-run's path.</param>
/// <param name="DagName">The DAG's name.</param>
/// <param name="Status">The status. A run whose owner died while it was running is <see cref="DagRunStatus.Interrupted"/>.</param>
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
    /// <summary>For a sub-run, the id of the run that contains it; otherwise <see langword="null"/>.</summary>
    public string? ParentRunId { get; init; }

    /// <summary>For a sub-run, the label of its composite node; otherwise <see langword="null"/>.</summary>
    public string? ParentNode { get; init; }

    /// <summary>For a sub-run, the key of its element; otherwise <see langword="null"/>.</summary>
    public string? ElementKey { get; init; }

    /// <summary>
    /// The identity of its element, as in <see cref="RunStart.ElementId"/>. <see langword="null"/> also if an older version of the module
    /// wrote the run.
    /// </summary>
    public string? ElementId { get; init; }

    /// <summary>The position of its element, from 0.</summary>
    public int Ordinal { get; init; }

    /// <summary>The branch that was chosen, or <see langword="null"/>.</summary>
    public string? Branch { get; init; }

    /// <summary>The label of the node that failed, or <see langword="null"/>.</summary>
    public string? FailedNode { get; init; }

    /// <summary>
    /// The error of the node that failed, the reason of a pause, that it was stopped downstream, or the first error of a run that completed
    /// with errors; otherwise <see langword="null"/>.
    /// </summary>
    public string? Error { get; init; }

    /// <summary>The errors that its nodes wrote without failing, and their elements that failed.</summary>
    public ErrorCounts Errors { get; init; }

    /// <summary>For a run that is running, the process that works on it, for people; otherwise <see langword="null"/>.</summary>
    public string? Owner { get; init; }

    /// <summary>
    /// Who started it, as <c>user@machine</c>. A restart by somebody else does not change it. <see langword="null"/> if an older version of
    /// the module made the run.
    /// </summary>
    public string? StartedBy { get; init; }

    /// <summary>The id of the process that started it, or <see langword="null"/> as for <see cref="StartedBy"/>.</summary>
    public int? StartedIn { get; init; }

    /// <summary>The description that its DAG had when it began, or <see langword="null"/>; also for a sub-run.</summary>
    public string? Description { get; init; }

    /// <summary>
    /// The status of its nodes that have not started, of which the store has no row: a failure keeps all of them from starting, and so it
    /// is what <c>$DagContext.Upstreams</c> says of them.
    /// </summary>
    internal NodeStatus OfUnstarted =>
        Status == DagRunStatus.Failed && FailedNode is not null ? NodeStatus.UpstreamFailed : NodeStatus.Pending;

    /// <summary>Why these nodes have not started, if a failure is the reason; otherwise <see langword="null"/>.</summary>
    internal string? WhyUnstarted => OfUnstarted == NodeStatus.UpstreamFailed ? $"Not run: '{FailedNode}' failed." : null;

    /// <summary>What a list shows beside the name of a run whose name says nothing; <see langword="null"/> for any other run.</summary>
    internal string? BesideName => DagName == Execution.FedDag.DefaultName ? Description : null;

    /// <summary>The id of the run that it replays, or <see langword="null"/>.</summary>
    public string? ReplayedFrom { get; init; }

    /// <summary>How often it was restarted. Restarts by versions of the module that did not count them are missing.</summary>
    public int Restarts { get; init; }

    /// <summary>
    /// How long it was stopped, in all, before it went on. If its process ended, that counts from the last thing that is known of it.
    /// </summary>
    public TimeSpan Idle { get; init; }

    /// <summary>
    /// If its process ended without writing how it ended, the last thing that is known of it: when an attempt ended or began.
    /// </summary>
    internal DateTimeOffset? LastKnownAt { get; init; }

    /// <summary>
    /// How long it ran, or has run so far, without <see cref="Idle"/>; <see langword="null"/> if that is not known. An interrupted run ran
    /// at least so long.
    /// </summary>
    /// <param name="now">The time.</param>
    internal TimeSpan? Ran(DateTimeOffset now) =>
        // The last thing that is known may be older than a restart.
        (FinishedAt ?? (Status == DagRunStatus.Running ? now : LastKnownAt)) - StartedAt - Idle is var ran
            && (Status != DagRunStatus.Interrupted || ran >= TimeSpan.Zero)
            ? ran
            : null;

    /// <summary>Whether it is cancelled because nothing downstream needed more of its results: nobody has to go on with it.</summary>
    internal bool IsStoppedDownstream => Status == DagRunStatus.Cancelled && FailedNode is null && Error is not null;

    /// <summary>Whether it is a sub-run that ran no code, because its output was reused.</summary>
    internal bool IsReused { get; init; }

    /// <summary>For a reused sub-run, the id of the run in which its code ran, if it is known; otherwise <see langword="null"/>.</summary>
    internal string? ReusedFrom { get; init; }

    /// <summary>For a replay, what it was told to run; otherwise <see langword="null"/>.</summary>
    public ReplayScope? Replay { get; init; }

    /// <summary>The labels of the targets; empty if all nodes run.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>The tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The labels of the sinks, in the order of the nodes.</summary>
    public IReadOnlyList<string> SinkLabels { get; init; } = [];
}
