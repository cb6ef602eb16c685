namespace Lythonic.Dag.Wiring;

/// <summary>Finds the nodes that a run with targets needs.</summary>
internal static class Targets
{
    /// <summary>
    /// The positions of the targets, of all nodes upstream of them, and of the closing nodes whose upstreams are all among these.
    /// </summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="targets">The labels of the targets; none for all nodes.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagNodeNotFound"/>: there is no such node.</exception>
    public static HashSet<int> Needed(CompiledDag dag, IReadOnlyList<string> targets)
    {
        if (targets.Count == 0)
            return [.. dag.Nodes.Select(node => node.Index)];
        var needed = targets.Select(label => dag.Graph.IndexOf(label)).ToHashSet();
        var open = new Stack<int>(needed);
        while (open.TryPop(out var node))
        {
            foreach (var upstream in dag.Nodes[node].Upstreams.Where(needed.Add))
                open.Push(upstream);
        }

        AddClosing(dag, needed);
        return needed;
    }

    /// <summary>Omits the nodes that the targets do not need, and makes the targets the sinks.</summary>
    public static void Apply(CompiledDag dag, IReadOnlyList<string> targets)
    {
        if (targets.Count == 0)
            return;
        var needed = Needed(dag, targets);
        var wanted = targets.Select(label => dag.Graph.IndexOf(label)).ToHashSet();
        foreach (var node in dag.Nodes)
        {
            node.IsLeftOut = !needed.Contains(node.Index);
            node.IsSink = wanted.Contains(node.Index);
        }
    }

    private static void AddClosing(CompiledDag dag, HashSet<int> needed)
    {
        var missing = dag.Nodes.Select(node => node.Upstreams.Count(upstream => !needed.Contains(upstream))).ToArray();
        var open = new Stack<int>(dag.Nodes
            .Where(node => node.IsClosing && missing[node.Index] == 0)
            .Select(node => node.Index)
            .Where(needed.Add));
        while (open.TryPop(out var node))
        {
            foreach (var downstream in dag.Nodes[node].Downstreams)
            {
                if (--missing[downstream] == 0 && needed.Add(downstream))
                    open.Push(downstream);
            }
        }
    }
}
