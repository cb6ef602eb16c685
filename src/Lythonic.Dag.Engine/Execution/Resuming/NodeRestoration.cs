using Lythonic.Dag.Provenance;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>Restores the nodes of a stored run before the run continues.</summary>
internal static class NodeRestoration
{
    /// <summary>Restores the nodes that were done, and counts the attempts of those that were not.</summary>
    /// <param name="run">The run that goes on.</param>
    /// <param name="stored">The stored run.</param>
    /// <param name="session">The session.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagDefinitionChanged"/>: a node that was done has changed, and that is not
    /// forced.</exception>
    public static void Restore(RunExecution run, StoredRun stored, RunSession session)
    {
        if (Array.Exists(run.Dag.Nodes, node => node.Settings.If is not null))
        {
            foreach (var label in session.Provenance.GetMetConditions(stored).Where(run.Dag.Graph.Contains))
                run.Tally.MeetCondition(run.Dag.Graph.IndexOf(label));
        }

        var nodes = session.Provenance.GetNodeRuns(stored);
        var done = Done(run.Dag, nodes);
        foreach (var node in nodes)
        {
            if (!run.Dag.Graph.Contains(node.Label))
                continue;
            var index = run.Dag.Graph.IndexOf(node.Label);
            if (IsDone(node) && !done.Contains(index))
            {
                run.RunAgain(index, node.Attempt, ResultOf(node), node.IdleSoFar);
                continue;
            }

            if (node.IsConditionMet)
                run.Tally.MeetCondition(index);
            // The output of an input node is stored with its elements only.
            if (node.Status == NodeStatus.Omitted || (node.Kind == NodeKind.Input && IsDone(node)))
                run.Restore(index, node.Status, null, node.Attempt, ResultOf(node), node.IdleSoFar);
            else if (IsDone(node) && session.Provenance.GetOutput(node) is { } output)
            {
                var kept = NodeOutput.Stored(output, run.Dag.Nodes[index]);
                run.Restore(index, node.Status, kept, node.Attempt, ResultOf(node), node.IdleSoFar);
            }
            else
                run.RestoreAttempts(index, node.Attempt, ResultOf(node), node.IdleSoFar);
        }
    }

    /// <summary>What a restart does with each node, and why.</summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="stored">The latest node runs of the stored run.</param>
    public static IReadOnlyList<PlannedNode> Plan(CompiledDag dag, IReadOnlyList<StoredNodeRun> stored)
    {
        var nodes = stored.ToDictionary(node => node.Label, StringComparer.OrdinalIgnoreCase);
        var done = Done(dag, stored);
        PlannedNode Plan(CompiledNode node, StoredNodeRun before) => IsDone(before) && !done.Contains(node.Index)
            ? new(node.Label, PlannedAction.Run, "one of its upstreams runs, or ran, again")
            : new(node.Label, ActionFor(before), Why(before));
        return [.. dag.Nodes.Select(node => nodes.TryGetValue(node.Label, out var before)
            ? Plan(node, before)
            : new PlannedNode(node.Label, PlannedAction.Run, "it has not started"))];
    }

    /// <summary>
    /// The nodes of a stored run that do not run again, by position: those that are done, but for closing nodes of which an upstream runs
    /// again.
    /// </summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="stored">The latest node runs of the stored run.</param>
    public static HashSet<int> Done(CompiledDag dag, IEnumerable<StoredNodeRun> stored)
    {
        var latest = stored.Where(node => dag.Graph.Contains(node.Label)).ToDictionary(node => dag.Graph.IndexOf(node.Label));
        var done = latest.Where(node => IsDone(node.Value)).Select(node => node.Key).ToHashSet();
        if (!dag.HasClosing)
            return done;
        done.RemoveWhere(index => dag.Nodes[index].IsClosing && IsOutdated(dag.Nodes[index], latest));
        var again = new Stack<int>(dag.Nodes.Select(node => node.Index).Where(index => !done.Contains(index)));
        while (again.TryPop(out var node))
        {
            foreach (var downstream in dag.Nodes[node].Downstreams)
            {
                if (dag.Nodes[downstream].IsClosing && done.Remove(downstream))
                    again.Push(downstream);
            }
        }

        return done;
    }

    // The process may have died after an upstream ran again and before its closing node followed. The closing node then ran for a failure
    // that no longer exists.
    private static bool IsOutdated(CompiledNode closing, Dictionary<int, StoredNodeRun> latest) =>
        closing.Settings.When == NodeWhen.Failed
        && latest[closing.Index].Status == NodeStatus.Completed
        && Array.TrueForAll(closing.Upstreams, index => latest.TryGetValue(index, out var upstream) && IsDone(upstream));

    private static PlannedAction ActionFor(StoredNodeRun before) =>
        !IsDone(before) ? PlannedAction.Run : before.Status == NodeStatus.Omitted ? PlannedAction.Skip : PlannedAction.Reuse;

    private static string Why(StoredNodeRun before) => before.Status switch
    {
        NodeStatus.Skipped => "it is reused",
        NodeStatus.Completed => "it is completed",
        NodeStatus.Omitted => "it is omitted",
        NodeStatus.UpstreamFailed => "it was not run after a failure",
        _ when before.FinishedAt is null => $"attempt {before.Tries} was in flight when its process ended",
        _ => $"it is {before.Status.ToName()}, attempt {before.Tries}",
    };

    /// <summary>Whether a node run is done: it does not run again, and its output, if it has one, is used.</summary>
    public static bool IsDone(StoredNodeRun node) => RunState.IsDone(node.Status);

    /// <summary>A stored node run as a result.</summary>
    public static NodeResult ResultOf(StoredNodeRun node) =>
        new(node.Label, node.Kind, node.Status, node.Attempt, node.StartedAt, node.FinishedAt, node.Error)
        {
            Errors = node.Errors,
            Host = node.Host,
            ReusedFrom = node.ReusedFrom,
            ReusedElements = node.ReusedElements,
            RetriedElements = node.RetriedElements,
            IsOverridden = node.IsOverridden,
            ElementCount = node.ElementCount,
            Tries = node.Tries,
        };
}
