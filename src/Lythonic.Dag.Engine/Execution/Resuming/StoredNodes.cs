using Lythonic.Dag.Provenance;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>Takes over what a stored run had done, before the run goes on.</summary>
internal static class StoredNodes
{
    /// <summary>Restores the nodes that were done, and counts the attempts of those that were not.</summary>
    /// <param name="run">The run that goes on.</param>
    /// <param name="stored">The stored run.</param>
    /// <param name="session">The session.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagDefinitionChanged"/>: a node that was done has changed, and that is not forced.</exception>
    public static void Restore(RunExecution run, StoredRun stored, RunSession session)
    {
        foreach (var node in session.Provenance.GetNodeRuns(stored))
        {
            if (!run.Dag.Dag.Contains(node.Label))
                continue;
            var index = run.Dag.Dag.IndexOf(node.Label);
            if (IsDone(node) && session.Provenance.GetOutput(node) is { } output)
                run.Restore(index, node.Status, OutputSlot.Stored(output, run.Dag.Nodes[index]), node.Attempt, ResultOf(node));
            else
                run.RestoreAttempts(index, node.Attempt, ResultOf(node));
        }
    }

    /// <summary>What a restart does with each node, and why.</summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="stored">The latest node runs of the stored run.</param>
    public static IReadOnlyList<PlannedNode> Plan(CompiledDag dag, IReadOnlyList<StoredNodeRun> stored)
    {
        var nodes = stored.ToDictionary(node => node.Label, StringComparer.OrdinalIgnoreCase);
        return [.. dag.Nodes.Select(node => nodes.TryGetValue(node.Label, out var before)
            ? new PlannedNode(node.Label, IsDone(before) ? PlannedAction.Reuse : PlannedAction.Run, Why(before))
            : new PlannedNode(node.Label, PlannedAction.Run, "it has not started"))];
    }

    private static string Why(StoredNodeRun before) => before.Status switch
    {
        NodeStatus.Skipped => "it is reused",
        NodeStatus.Completed => "it is completed",
        _ when before.FinishedAt is null => $"attempt {before.Attempt} was in flight when its process ended",
        _ => $"it is {before.Status.ToName()}, attempt {before.Attempt}",
    };

    /// <summary>
    /// Refuses a DAG of another name than the run's: where no node of the run is completed, none could have changed, and it is still not a run of any DAG.
    /// </summary>
    /// <param name="dag">The DAG that is given.</param>
    /// <param name="run">The stored run.</param>
    /// <param name="action">What the user can do.</param>
    public static void RequireDag(Dag dag, StoredRun run, string action)
    {
        if (!run.DagName.Equals(dag.Name, StringComparison.OrdinalIgnoreCase))
            throw new DagException(
                DagErrorId.DagDefinitionChanged, $"The run {run.RunId} is of the DAG '{run.DagName}', and '{dag.Name}' is another one.", dag.Name, action);
    }

    /// <summary>
    /// The nodes of a stored run that were done and have changed since, or are gone; of its composite nodes that were not done, elements that were done and
    /// whose sub-DAG has changed, and nodes of unfinished sub-runs, each with its path.
    /// </summary>
    public static IReadOnlyList<string> Changed(CompiledDag dag, StoredRun run, DagProvenance provenance, string prefix = "")
    {
        var changed = new List<string>();
        foreach (var before in provenance.GetNodeRuns(run))
        {
            var now = dag.Dag.Contains(before.Label) ? dag.Dag.IndexOf(before.Label) : -1;
            if (IsDone(before))
            {
                if (now < 0 || dag.Definition.Nodes[now].Fingerprint != before.Fingerprint)
                    changed.Add(prefix + before.Label);
            }
            else if (now >= 0 && dag.Nodes[now].SubDags is not null)
            {
                changed.AddRange(ChangedInside(dag.Nodes[now], run, before.Label, provenance, prefix));
            }
        }

        return changed;
    }

    /// <summary>
    /// The shape of a DAG for a stored run that goes on: labels compare without case, and a node that has a node run keeps the label of that.
    /// </summary>
    public static DagDefinition DefinitionOf(CompiledDag dag, StoredRun run, DagProvenance provenance) =>
        Fingerprints.WithLabels(dag.Definition, provenance.GetNodeRuns(run).Select(node => node.Label));

    private static IEnumerable<string> ChangedInside(CompiledNode node, StoredRun run, string label, DagProvenance provenance, string prefix)
    {
        foreach (var shape in provenance.GetSubRunShapes(run, label))
        {
            if (node.SubDags!.Of(shape.Branch) is not { } now || !Fingerprints.AreSame(now.Definition, shape.Definition))
                yield return $"{prefix}{label}[{shape.ElementKey}]";
        }

        foreach (var subRun in Latest(node, provenance.GetSubRuns(run, label, unfinished: true)))
        {
            if (node.SubDags!.Of(subRun.Branch) is not { } dag)
                continue;
            foreach (var changed in Changed(dag, subRun, provenance, $"{prefix}{label}[{subRun.ElementKey}]/"))
                yield return changed;
        }
    }

    // An element that took another branch since, or whose value is another one now, has more than one sub-run, and goes on in the last.
    private static IEnumerable<StoredRun> Latest(CompiledNode node, IEnumerable<StoredRun> subRuns) => subRuns
        .GroupBy(subRun => !node.Composite!.IsOverElements ? "" : subRun.ElementId ?? $"{subRun.ElementKey} {subRun.Key}")
        .Select(ofElement => ofElement.MaxBy(subRun => subRun.Key)!);

    /// <summary>The error of a stored output that a node cannot take.</summary>
    /// <param name="run">The run, or sub-run, of both nodes.</param>
    /// <param name="upstream">The position of the node that made the output.</param>
    /// <param name="label">The node that cannot take it.</param>
    /// <param name="problem">Why not.</param>
    /// <param name="inner">The cause, or <see langword="null"/>.</param>
    public static DagException NotRestorable(RunExecution run, int upstream, string label, string problem, Exception? inner = null) =>
        new(
            DagErrorId.DagValueNotRestorable,
            $"The stored output of node '{run.Dag.Nodes[upstream].Label}' cannot be what node '{label}' takes: {problem}",
            run.Dag.Nodes[upstream].Label,
            $"Run the node again: {ReplayOf(run, upstream)}",
            inner);

    /// <summary>The error of a stored output that had a secret in it.</summary>
    /// <param name="run">The run, or sub-run, of both nodes.</param>
    /// <param name="upstream">The position of the node that made the output.</param>
    /// <param name="label">The node that cannot take it.</param>
    /// <param name="secret">The type of the secret.</param>
    public static DagException SecretLost(RunExecution run, int upstream, string label, string secret) =>
        NotRestorable(
            run, upstream, label,
            $"it had a {secret} in it, and a secret is never stored. Run node '{run.Dag.Nodes[upstream].Label}' again: {ReplayOf(run, upstream)}");

    /// <summary>The error of a stored output of which something was not stored.</summary>
    /// <param name="run">The run, or sub-run, of both nodes.</param>
    /// <param name="upstream">The position of the node that made the output.</param>
    /// <param name="label">The node that cannot take it.</param>
    public static DagException PartsLost(RunExecution run, int upstream, string label) =>
        NotRestorable(
            run, upstream, label,
            "objects in it lie on a cycle or too deep in others, and were not stored; the warning of the node that made it says where. Return plain data from it,"
            + $" or run node '{run.Dag.Nodes[upstream].Label}' again: {ReplayOf(run, upstream)}");

    // A sub-run is not replayed by itself, but with the composite node that it belongs to.
    private static string ReplayOf(RunExecution run, int node)
    {
        var label = run.Dag.Nodes[node].Label;
        for (; run.Parent is { } composite; run = composite.Run)
            label = composite.Node.Label;
        return $"Invoke-DagReplay {run.Handle.RunId} -Node {label} -IncludeDownstream";
    }

    /// <summary>Whether a node run is done, so that its output is used.</summary>
    public static bool IsDone(StoredNodeRun node) => node.Status is NodeStatus.Completed or NodeStatus.Skipped;

    /// <summary>A stored node run as a result.</summary>
    public static NodeResult ResultOf(StoredNodeRun node) =>
        new(node.Label, node.Kind, node.Status, node.Attempt, node.StartedAt, node.FinishedAt, node.Error) { Errors = node.Errors };
}
