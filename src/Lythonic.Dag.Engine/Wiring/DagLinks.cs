namespace Lythonic.Dag.Wiring;

/// <summary>The nodes of a DAG, linked by its edges.</summary>
internal static class DagLinks
{
    /// <summary>Links the nodes of a DAG. They are unchecked and not wired.</summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="isStrict">Whether its nodes follow the rules of a strict DAG.</param>
    /// <param name="scope">What its code sees of the DAGs around it; <see langword="null"/> for nothing.</param>
    public static CompiledDag Link(Dag dag, bool isStrict, ICodeScope? scope = null)
    {
        var nodes = dag.Nodes
            .Select((node, index) => new CompiledNode(index, scope is null ? node : node.WithCode(scope.Adapt)))
            .ToArray();
        var (upstreams, downstreams) = (new List<int>?[nodes.Length], new List<int>?[nodes.Length]);
        var seen = new HashSet<(int, int)>();
        foreach (var edge in dag.Edges)
        {
            var (from, to) = (dag.IndexOf(edge.From), dag.IndexOf(edge.To));
            if (!seen.Add((from, to)))
                continue;
            (upstreams[to] ??= []).Add(from);
            (downstreams[from] ??= []).Add(to);
        }

        foreach (var node in nodes)
        {
            node.Upstreams = upstreams[node.Index]?.ToArray() ?? [];
            node.Downstreams = downstreams[node.Index]?.ToArray() ?? [];
            node.IsSink = !node.IsClosing && Array.TrueForAll(node.Downstreams, downstream => nodes[downstream].IsClosing);
        }

        return new(dag, nodes, isStrict) { Scope = scope };
    }

    /// <summary>The edges that come into each node, in the order in which they were made.</summary>
    public static List<(int From, string? Parameter)>[] EdgesByTarget(CompiledDag dag)
    {
        var edges = dag.Nodes.Select(_ => new List<(int, string?)>(1)).ToArray();
        foreach (var edge in dag.Graph.Edges)
            edges[dag.Graph.IndexOf(edge.To)].Add((dag.Graph.IndexOf(edge.From), edge.Parameter));
        return edges;
    }

    /// <summary>The upstreams of a node, as far as they are compiled.</summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="edges">The edges that come into the node.</param>
    public static UpstreamEdge[] Upstreams(CompiledDag dag, List<(int From, string? Parameter)> edges)
    {
        var upstreams = new UpstreamEdge[edges.Count];
        for (var position = 0; position < upstreams.Length; position++)
        {
            var from = dag.Nodes[edges[position].From];
            upstreams[position] = new(from.Index, from.Label, from.OutputType, edges[position].Parameter);
        }

        return upstreams;
    }

    /// <summary>Whether objects in the output of any of some nodes may be in the hands of several nodes.</summary>
    public static bool IsAnyShared(CompiledDag dag, int[] nodes)
    {
        foreach (var node in nodes)
        {
            if (dag.Nodes[node].IsShared)
                return true;
        }

        return false;
    }
}
