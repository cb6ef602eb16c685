namespace Lythonic.Dag.Export;

/// <summary>Finds the nodes that lie on a cycle.</summary>
internal static class Cycles
{
    /// <summary>The positions of these nodes; almost always none.</summary>
    /// <param name="count">How many nodes there are.</param>
    /// <param name="edges">The edges, as positions of nodes.</param>
    public static IReadOnlySet<int> NodesOn(int count, IReadOnlyList<(int From, int To)> edges)
    {
        var downstreams = edges.ToLookup(edge => edge.From, edge => edge.To);
        var upstreams = edges.ToLookup(edge => edge.To, edge => edge.From);
        var found = new HashSet<int>();
        foreach (var node in Waiting(count, edges, downstreams).Where(node => !found.Contains(node)))
        {
            // What lies both downstream and upstream of a node lies on a cycle with it.
            var around = Reached(node, downstreams);
            if (!around.Contains(node))
                continue;
            around.IntersectWith(Reached(node, upstreams));
            found.UnionWith(around);
        }

        return found;
    }

    // The nodes that a topological sort leaves: those of cycles, and what lies downstream of these.
    private static IEnumerable<int> Waiting(int count, IReadOnlyList<(int From, int To)> edges, ILookup<int, int> downstreams)
    {
        var waiting = new int[count];
        foreach (var (_, to) in edges)
            waiting[to]++;
        var ready = new Queue<int>(Enumerable.Range(0, count).Where(node => waiting[node] == 0));
        while (ready.TryDequeue(out var node))
        {
            foreach (var next in downstreams[node].Where(next => --waiting[next] == 0))
                ready.Enqueue(next);
        }

        return Enumerable.Range(0, count).Where(node => waiting[node] > 0);
    }

    private static HashSet<int> Reached(int from, ILookup<int, int> next)
    {
        var reached = new HashSet<int>();
        var left = new Stack<int>([from]);
        while (left.TryPop(out var node))
        {
            foreach (var other in next[node].Where(reached.Add))
                left.Push(other);
        }

        return reached;
    }
}
