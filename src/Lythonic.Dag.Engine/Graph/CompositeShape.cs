namespace Lythonic.Dag;

/// <summary>What a composite node must look like: one upstream, and sub-DAGs with one source and one sink.</summary>
internal static class CompositeShape
{
    /// <summary>Checks a composite node that is being added.</summary>
    /// <exception cref="DagException">Its shape is wrong.</exception>
    public static void Require(DagNode node, int upstreams)
    {
        if (upstreams != 1)
            throw UpstreamError(node.Label, upstreams);
        RequireBranches(node);
        if (Problem(node) is { } problem)
            throw new DagException(DagErrorId.DagSubDagShape, problem, node.Label, "Give the sub-DAG one source and one sink.");
        if (NestedLocks.Problem(node) is { } nested)
            throw new DagException(nested.ErrorId, nested.Message, nested.Node, nested.RecommendedAction);
    }

    private static void RequireBranches(DagNode node)
    {
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var key in node.SubDags!.Branches.Select(branch => branch.Key))
        {
            NameRule.Require(key, $"A branch of node '{node.Label}'", "Give each branch a key that the choice can return.");
            if (!seen.TryAdd(key, key))
                throw new DagException(
                    DagErrorId.DagNodeDuplicate,
                    $"The node '{node.Label}' has the branches '{seen[key]}' and '{key}', and branches compare without case.",
                    node.Label,
                    "Give the branches keys that differ in more than case.");
        }
    }

    /// <summary>What is wrong with the sub-DAGs of a node, or <see langword="null"/>.</summary>
    public static string? Problem(DagNode node)
    {
        var subDags = node.SubDags!.All().ToList();
        if (subDags.Count == 0)
            return $"The {node.Kind.ToString().ToLowerInvariant()} node '{node.Label}' has no branches.";
        foreach (var (branch, dag) in subDags)
        {
            var (sources, sinks) = Ends(dag);
            if (sources.Count != 1 || sinks.Count != 1)
                return $"The sub-DAG '{dag.Name}' of '{node.Label}'{(branch is null ? "" : $" (branch '{branch}')")} must have "
                    + "exactly one source and one sink; "
                    + $"its sources are: {List(sources)}; its sinks are: {List(sinks)}.";
        }

        return null;
    }

    /// <summary>The error of a composite node with another number of upstreams than one.</summary>
    public static DagException UpstreamError(string label, int upstreams) =>
        new(
            DagErrorId.DagCompositeUpstream,
            $"The composite node '{label}' must have exactly one upstream, but {(upstreams == 0 ? "has none" : "would have several")}.",
            label)
        {
            Remedy = new(DagRemedyKind.NameOneUpstream),
        };

    private static (List<string> Sources, List<string> Sinks) Ends(Dag dag)
    {
        var withUpstream = dag.Edges.Select(edge => edge.To).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var withDownstream = dag.Edges
            .Where(edge => !dag[edge.To].Settings.IsClosing)
            .Select(edge => edge.From)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return (
            dag.Nodes.Select(node => node.Label).Where(label => !withUpstream.Contains(label)).ToList(),
            dag.Nodes
                .Where(node => !node.Settings.IsClosing && !withDownstream.Contains(node.Label))
                .Select(node => node.Label)
                .ToList());
    }

    private static string List(List<string> labels) => labels.Count == 0 ? "none" : LabelList.Join(labels);
}
