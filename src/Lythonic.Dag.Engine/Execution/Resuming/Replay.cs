using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>Which nodes a replay reuses, and how they come into the new run.</summary>
internal static class Replay
{
    /// <summary>The node runs that a replay takes over, by position: their outputs, or that they were omitted.</summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="nodes">The old run's node runs.</param>
    /// <param name="rerun">The labels of the nodes to run again.</param>
    /// <param name="includeDownstream">Whether all nodes downstream of them run too.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagNodeNotFound"/>: a label names no node.</exception>
    public static IReadOnlyDictionary<int, StoredNodeRun> Reused(
        CompiledDag dag, IReadOnlyList<StoredNodeRun> nodes, IEnumerable<string> rerun, bool includeDownstream)
    {
        var again = rerun.Select(label => dag.Graph.IndexOf(label)).ToHashSet();
        if (includeDownstream)
            again = Reached(dag, again);
        return nodes
            .Where(node => NodeRestoration.IsDone(node) && dag.Graph.Contains(node.Label))
            .Select(node => (Index: dag.Graph.IndexOf(node.Label), Node: node))
            .Where(node => !again.Contains(node.Index))
            .ToDictionary(node => node.Index, node => node.Node);
    }

    /// <summary>What a replay would do with each node, and why.</summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="rerun">The labels of the nodes to run again.</param>
    /// <param name="reused">The result of <see cref="Reused"/>.</param>
    /// <param name="includeDownstream">As for <see cref="Reused"/>.</param>
    /// <param name="runId">The old run.</param>
    public static IReadOnlyList<PlannedNode> Plan(
        CompiledDag dag, IEnumerable<string> rerun, IReadOnlyDictionary<int, StoredNodeRun> reused, bool includeDownstream, string runId)
    {
        var named = rerun.Select(label => dag.Graph.IndexOf(label)).ToHashSet();
        var below = includeDownstream ? Reached(dag, named) : named;
        var stale = Reached(dag, dag.Nodes.Select(node => node.Index).Where(index => !reused.ContainsKey(index)));
        string WhyRun(int node) =>
            named.Contains(node)
                ? "it is named"
                : below.Contains(node) ? "it lies downstream of a node that is named" : $"run {runId} has no output of it";
        PlannedNode Reuse(CompiledNode node) => stale.Contains(node.Index)
            ? new(node.Label, PlannedAction.Reuse, $"run {runId} has its output, which was made from a node that runs again")
            {
                IsStale = true,
            }
            : new(node.Label, PlannedAction.Reuse, $"run {runId} has its output");
        PlannedNode TakeOver(CompiledNode node) => reused[node.Index].Status == NodeStatus.Omitted
            ? new(node.Label, PlannedAction.Skip, $"it was omitted in run {runId}")
            : Reuse(node);
        return dag.Nodes
            .Select(node => reused.ContainsKey(node.Index)
                ? TakeOver(node)
                : new PlannedNode(node.Label, PlannedAction.Run, WhyRun(node.Index)))
            .ToArray();
    }

    /// <summary>Records reused nodes in the new run and takes their outputs over. Before the run begins.</summary>
    public static void ReuseNodes(RunExecution run, IReadOnlyDictionary<int, StoredNodeRun> reused, RunSession session, string runId)
    {
        foreach (var (index, node) in reused.OrderBy(node => node.Key))
        {
            if (node.Status == NodeStatus.Omitted)
                TakeOver(run, index, node, NodeStatus.Omitted, null, null);
            else if (session.Provenance.GetOutput(node) is { } output)
                TakeOver(run, index, node, NodeStatus.Skipped, output, node.ReusedFrom ?? runId);
        }
    }

    /// <summary>Takes the outputs of reused nodes over into a run that is not recorded.</summary>
    public static void Restore(RunExecution run, IReadOnlyDictionary<int, StoredNodeRun> reused)
    {
        foreach (var (index, node) in reused)
        {
            var output = node.Status == NodeStatus.Omitted ? null : run.Session.Provenance.GetOutput(node);
            run.Restore(
                index,
                node.Status,
                output is null ? null : NodeOutput.Stored(output, run.Dag.Nodes[index]),
                1,
                NodeRestoration.ResultOf(node));
        }
    }

    /// <summary>
    /// Goes on with a replay as it was told, if the replayed run is still there. A replay whose process died before it had taken over
    /// everything does that now. Before the run begins, after its own nodes were restored.
    /// </summary>
    /// <param name="run">The run that goes on.</param>
    /// <param name="stored">The stored run, which need not be a replay.</param>
    /// <param name="session">The session.</param>
    /// <param name="isRecorded">Whether the run is recorded, and not only planned.</param>
    public static void GoOn(RunExecution run, StoredRun stored, RunSession session, bool isRecorded)
    {
        if (stored is not { Replay: { } scope, ReplayedFrom: { } before })
            return;
        string[] named = [.. scope.Nodes.Where(run.Dag.Graph.Contains)];
        run.Named = named.Select(label => run.Dag.Graph.IndexOf(label)).ToHashSet();
        if (session.Provenance.FindRun(before) is not { } old)
            return;
        if (scope.FailedOnly)
            run.TakenElements = FailedElements.OfMaps(run.Dag, old, named, session.Provenance);
        var left = Reused(run.Dag, session.Provenance.GetNodeRuns(old), named, scope.IncludeDownstream)
            .Where(node => !RunState.IsDone(run.State[node.Key])).ToDictionary();
        // Once a node has run, everything was taken over. A node that the process was about to take over is recorded as stopped.
        bool HasRun(StoredNodeRun node) => node.Status is not (NodeStatus.Skipped or NodeStatus.Omitted)
            && !(node.Status is NodeStatus.Running or NodeStatus.Cancelled
                && run.Dag.Graph.Contains(node.Label) && left.ContainsKey(run.Dag.Graph.IndexOf(node.Label)));
        if (left.Count == 0 || session.Provenance.GetNodeRuns(stored).Any(HasRun))
            return;
        if (isRecorded)
            ReuseNodes(run, left, session, old.RunId);
        else
            Restore(run, left);
    }

    private static void TakeOver(
        RunExecution run, int index, StoredNodeRun node, NodeStatus status, EncodedValue? output, string? reusedFrom)
    {
        var (session, now, attempt) = (run.Session, run.Session.Now(), run.Tally.NextAttempt(index));
        var handle = session.Provenance.StartNode(
            run.Handle, new NodeStart(index, attempt, now, null) { IsOverridden = node.IsOverridden });
        var error = node.Errors.All > 0 || status == NodeStatus.Omitted ? node.Error : null;
        session.Provenance.EndNode(handle, new NodeEnd(status, now, output, error) { Errors = node.Errors, ReusedFrom = reusedFrom });
        var result = new NodeResult(node.Label, node.Kind, status, attempt, now, now, error)
        {
            Errors = node.Errors,
            ReusedFrom = reusedFrom,
            IsOverridden = node.IsOverridden,
        };
        run.Restore(index, status, output is null ? null : NodeOutput.Stored(output, run.Dag.Nodes[index]), attempt, result);
        if (status == NodeStatus.Skipped)
            RunLog.Ended(run, result);
        session.Observer?.NodeEnded(run.Handle.RunId, node.Label, status);
    }

    // The nodes, and all nodes downstream of them.
    private static HashSet<int> Reached(CompiledDag dag, IEnumerable<int> nodes)
    {
        var reached = nodes.ToHashSet();
        var open = new Stack<int>(reached);
        while (open.TryPop(out var node))
        {
            foreach (var downstream in dag.Nodes[node].Downstreams.Where(reached.Add))
                open.Push(downstream);
        }

        return reached;
    }
}
