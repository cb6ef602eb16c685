using Lythonic.Dag.Provenance;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>Compares a stored run with the DAG that is to continue it, and finds the nodes that have changed since.</summary>
internal static class ChangedNodes
{
    /// <summary>
    /// Refuses a DAG whose name is not that of the run. Without this check, any DAG could continue a run that has no completed node.
    /// </summary>
    /// <param name="dag">The DAG that is given.</param>
    /// <param name="run">The stored run.</param>
    /// <param name="canForce">Whether the user can go on with another DAG all the same.</param>
    public static void RequireDag(Dag dag, StoredRun run, bool canForce)
    {
        if (run.DagName.Equals(dag.Name, StringComparison.OrdinalIgnoreCase))
            return;
        throw new DagException(
            DagErrorId.DagDefinitionChanged,
            $"The run {run.RunId} is a run of another DAG: '{run.DagName}', not '{dag.Name}'.",
            dag.Name,
            canForce ? null : "Give the DAG of the run.")
        {
            Remedy = canForce ? new(DagRemedyKind.GiveDagOfRun) { Node = run.DagName } : null,
        };
    }

    /// <summary>
    /// The nodes of a stored run that were done and have changed or are gone. Inside composite nodes that were not done, also elements that
    /// were done and whose sub-DAG has changed, and such nodes of unfinished sub-runs. Each comes with its path.
    /// </summary>
    public static IReadOnlyList<ChangedNode> Find(CompiledDag dag, StoredRun run, DagProvenance provenance, string prefix = "")
    {
        var changed = new List<ChangedNode>();
        var nodes = provenance.GetNodeRuns(run);
        var done = NodeRestoration.Done(dag, nodes);
        foreach (var before in nodes)
        {
            var now = dag.Graph.Contains(before.Label) ? dag.Graph.IndexOf(before.Label) : -1;
            // An omitted node never ran, so it may change.
            if (before.Status == NodeStatus.Omitted)
                continue;
            if (NodeRestoration.IsDone(before) && (now < 0 || done.Contains(now)))
            {
                if (now < 0 || dag.Definition.Nodes[now].Fingerprint != before.Fingerprint)
                    changed.Add(new(prefix + before.Label));
            }
            else if (now >= 0 && dag.Nodes[now].SubDags is not null && !NodeRestoration.IsDone(before)
                && !IsSameInside(dag.Definition.Nodes[now], before, run))
            {
                changed.AddRange(ChangedInside(dag.Nodes[now], run, before.Label, provenance, prefix));
            }
        }

        return changed;
    }

    /// <summary>
    /// The shape of a DAG for a stored run that goes on. Labels compare without case, and a node that has a node run keeps the label of
    /// that.
    /// </summary>
    public static DagDefinition DefinitionOf(CompiledDag dag, StoredRun run, DagProvenance provenance) =>
        Fingerprints.WithLabels(dag.Definition, provenance.GetNodeRuns(run).Select(node => node.Label));

    // The fingerprint of a composite node is that of all inside it. A run that was never restarted has run nothing else, so its sub-runs,
    // which may be very many, are not asked one by one. Versions that did not say who started a run did not count restarts.
    private static bool IsSameInside(NodeDefinition now, StoredNodeRun before, StoredRun run) =>
        run is { ParentRunId: null, Restarts: 0, StartedBy: not null } && now.Fingerprint == before.Fingerprint;

    private static IEnumerable<ChangedNode> ChangedInside(
        CompiledNode node, StoredRun run, string label, DagProvenance provenance, string prefix)
    {
        var map = node.HasElements ? prefix + label : null;
        foreach (var shape in provenance.GetSubRunShapes(run, label))
        {
            if (node.SubDags!.ForBranch(shape.Branch) is not { } now || !Fingerprints.AreSame(now.Definition, shape.Definition))
                yield return new($"{prefix}{label}[{shape.ElementKey}]", map, shape.Count);
        }

        foreach (var subRun in Latest(node, provenance.GetSubRuns(run, label, unfinished: true)))
        {
            if (node.SubDags!.ForBranch(subRun.Branch) is not { } dag)
                continue;
            var inside = Find(dag, subRun, provenance, $"{prefix}{label}[{subRun.ElementKey}]/");
            for (var index = 0; index < inside.Count; index++)
                yield return map is null ? inside[index] : new(inside[index].Path, map, index == 0 ? 1 : 0);
        }
    }

    // An element whose branch or value changed has more than one sub-run, and goes on in the last one.
    private static IEnumerable<StoredRun> Latest(CompiledNode node, IEnumerable<StoredRun> subRuns) => subRuns
        .GroupBy(subRun => !node.HasElements ? "" : subRun.ElementId ?? $"{subRun.ElementKey} {subRun.Key}")
        .Select(ofElement => ofElement.MaxBy(subRun => subRun.Key)!);
}
