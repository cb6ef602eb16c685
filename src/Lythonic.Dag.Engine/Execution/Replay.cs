using Lythonic.Dag.Provenance;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>Which nodes a replay reuses, and how they come into the new run.</summary>
internal static class Replay
{
    /// <summary>The node runs whose outputs a replay takes over, by position.</summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="nodes">The old run's node runs.</param>
    /// <param name="rerun">The labels of the nodes to run again.</param>
    /// <param name="includeDownstream">Whether all that lies downstream of them runs too.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagNodeNotFound"/>: a label names no node.</exception>
    public static IReadOnlyDictionary<int, StoredNodeRun> Reused(
        CompiledDag dag, IReadOnlyList<StoredNodeRun> nodes, IEnumerable<string> rerun, bool includeDownstream)
    {
        var again = rerun.Select(label => dag.Dag.IndexOf(label)).ToHashSet();
        if (includeDownstream)
        {
            var open = new Stack<int>(again);
            while (open.TryPop(out var node))
            {
                foreach (var downstream in dag.Nodes[node].Downstreams.Where(again.Add))
                    open.Push(downstream);
            }
        }

        return nodes
            .Where(node => StoredNodes.IsDone(node) && dag.Dag.Contains(node.Label))
            .Select(node => (Index: dag.Dag.IndexOf(node.Label), Node: node))
            .Where(node => !again.Contains(node.Index))
            .ToDictionary(node => node.Index, node => node.Node);
    }

    /// <summary>Records reused nodes in the new run and takes their outputs over. Before the run begins.</summary>
    public static void TakeOver(RunExecution run, IReadOnlyDictionary<int, StoredNodeRun> reused, RunSession session)
    {
        foreach (var (index, node) in reused.OrderBy(node => node.Key))
        {
            if (session.Provenance.GetOutput(node) is not { } output)
                continue;
            var now = session.Now();
            var handle = session.Provenance.StartNode(run.Handle, new NodeStart(index, 1, now, null));
            session.Provenance.EndNode(handle, new NodeEnd(NodeStatus.Skipped, now, output));
            run.Restore(
                index,
                NodeStatus.Skipped,
                OutputSlot.Stored(output, run.Dag.Nodes[index]),
                1,
                new NodeResult(node.Label, node.Kind, NodeStatus.Skipped, 1, now, now, null));
            session.Observer?.NodeEnded(run.Handle.RunId, node.Label, NodeStatus.Skipped);
        }
    }
}
