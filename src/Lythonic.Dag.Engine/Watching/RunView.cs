using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Watching;

/// <summary>A view of a run that is watched. It has everything that is shown, so that showing it reads nothing from the store.</summary>
/// <param name="Run">The run.</param>
/// <param name="Nodes">Its nodes in the order of the DAG, each before the nodes of the sub-DAG that it calls.</param>
/// <param name="Messages">The stored messages of its nodes, the latest last.</param>
/// <param name="Failures">The first of its errors, in order.</param>
/// <param name="FailureCount">How many errors there are, without those of attempts that were followed by another attempt.</param>
internal sealed record RunView(
    StoredRun Run,
    IReadOnlyList<NodeView> Nodes,
    IReadOnlyList<WatchedMessage> Messages,
    IReadOnlyList<WatchedFailure> Failures,
    int FailureCount)
{
    /// <summary>
    /// How many errors there are with those that nodes wrote without failing. Of those, <see cref="FailureCount"/> has one a node.
    /// </summary>
    public int ErrorCount { get => Math.Max(field, FailureCount); init; }

    /// <summary>The other runs in progress, in any process that uses the store, the newest first.</summary>
    public IReadOnlyList<StoredRun> Beside { get; init; } = [];

    /// <summary>Whether it is in progress.</summary>
    public bool IsLive => Run.Status == DagRunStatus.Running;
}
