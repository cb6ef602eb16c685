namespace Lythonic.Dag.Wiring;

/// <summary>Finds the path of a cycle.</summary>
internal static class CyclePath
{
    /// <summary>The positions of the nodes along a cycle, beginning with the first of them.</summary>
    /// <param name="dag">A DAG that has a cycle.</param>
    /// <param name="waiting">For each node, how many of its upstreams a topological sort left undone.</param>
    public static IReadOnlyList<int> Find(CompiledDag dag, int[] waiting)
    {
        // Every node that is left waits for another one that is left, so going upstream must lead around a cycle.
        var at = Array.FindIndex(waiting, count => count > 0);
        var (seen, path) = (new Dictionary<int, int>(), new List<int>());
        while (seen.TryAdd(at, path.Count))
        {
            path.Add(at);
            at = dag.Nodes[at].Upstreams.First(upstream => waiting[upstream] > 0);
        }

        var cycle = path[seen[at]..];
        cycle.Reverse();
        var first = cycle.IndexOf(cycle.Min());
        return [.. cycle[first..], .. cycle[..first]];
    }
}
