using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Watching;

/// <summary>A run as somebody sees it who watches it: all that is shown, and nothing that has to be read.</summary>
/// <param name="Run">The run.</param>
/// <param name="Nodes">Its nodes in the order of the DAG, each before the nodes of the sub-DAG that it calls.</param>
/// <param name="Messages">What its nodes said, as far as it is stored; the latest last.</param>
/// <param name="Failures">Its errors, the first one first, as far as they are kept.</param>
/// <param name="FailureCount">How many errors there are, those of attempts left out after which another one came.</param>
internal sealed record RunView(
    StoredRun Run,
    IReadOnlyList<NodeView> Nodes,
    IReadOnlyList<WatchedMessage> Messages,
    IReadOnlyList<WatchedFailure> Failures,
    int FailureCount)
{
    /// <summary>Whether it goes on.</summary>
    public bool IsLive => Run.Status == DagRunStatus.Running;
}
