namespace Lythonic.Dag.Export;

/// <summary>
/// The rank of each node: one more than the highest rank of its upstreams. An edge that closes a cycle leads to a lower rank instead.
/// </summary>
internal static class Ranks
{
    /// <summary>The ranks, from 0.</summary>
    /// <param name="count">How many nodes there are.</param>
    /// <param name="edges">The edges, as positions of nodes.</param>
    public static int[] Compute(int count, IReadOnlyList<(int From, int To)> edges)
    {
        var downstreams = Enumerable.Range(0, count).Select(_ => new List<int>()).ToArray();
        foreach (var (from, to) in edges.Where(edge => edge.From != edge.To))
            downstreams[from].Add(to);
        var order = Order(downstreams);
        var place = new int[count];
        for (var at = 0; at < count; at++)
            place[order[at]] = at;
        var ranks = new int[count];
        foreach (var node in order)
        {
            foreach (var next in downstreams[node].Where(next => place[next] > place[node]))
                ranks[next] = Math.Max(ranks[next], ranks[node] + 1);
        }

        return ranks;
    }

    // Orders each node before its downstreams, except those that close a cycle, which were begun before it and have not ended. It does not
    // use recursion, because a chain of nodes may be long.
    private static int[] Order(List<int>[] downstreams)
    {
        var order = new int[downstreams.Length];
        var left = order.Length;
        var isBegun = new bool[order.Length];
        var path = new Stack<(int Node, int Next)>();
        // Begin with the last node, so that nodes that no edge orders keep the order in which they were added.
        for (var first = order.Length - 1; first >= 0; first--)
        {
            if (!isBegun[first])
                Begin(first);
            while (path.TryPop(out var at))
            {
                var next = at.Next;
                while (next < downstreams[at.Node].Count && isBegun[downstreams[at.Node][next]])
                    next++;
                if (next == downstreams[at.Node].Count)
                {
                    order[--left] = at.Node;
                    continue;
                }

                path.Push((at.Node, next + 1));
                Begin(downstreams[at.Node][next]);
            }
        }

        return order;

        void Begin(int node)
        {
            isBegun[node] = true;
            path.Push((node, 0));
        }
    }
}
