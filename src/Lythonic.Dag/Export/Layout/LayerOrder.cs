namespace Lythonic.Dag.Export;

/// <summary>
/// Orders the vertices of each layer so that few edges cross: in several passes, each vertex is put near the middle of its neighbours.
/// </summary>
internal static class LayerOrder
{
    private const int Sweeps = 8;
    private const int ManyVertices = 4_000;

    /// <summary>Orders the layers of a graph.</summary>
    public static void Improve(LayeredGraph graph)
    {
        var place = new double[graph.VertexCount];
        foreach (var layer in graph.Layers)
            Number(layer, place);
        var best = Copy(graph);
        var fewest = Crossings(graph, place);
        var sweeps = graph.VertexCount > ManyVertices ? 2 : Sweeps;
        for (var sweep = 0; sweep < sweeps && fewest > 0; sweep++)
        {
            var isBefore = sweep % 2 == 0;
            foreach (var layer in isBefore ? graph.Layers : Enumerable.Reverse(graph.Layers))
                Sort(graph, layer, isBefore, place);
            var crossings = Crossings(graph, place);
            if (crossings >= fewest)
                continue;
            fewest = crossings;
            best = Copy(graph);
        }

        for (var layer = 0; layer < best.Length; layer++)
        {
            graph.Layers[layer].Clear();
            graph.Layers[layer].AddRange(best[layer]);
        }
    }

    private static int[][] Copy(LayeredGraph graph) => [.. graph.Layers.Select(layer => layer.ToArray())];

    // The position of a vertex is its distance from the middle of its layer.
    private static void Number(List<int> layer, double[] place)
    {
        for (var index = 0; index < layer.Count; index++)
            place[layer[index]] = index - ((layer.Count - 1) / 2d);
    }

    private static void Sort(LayeredGraph graph, List<int> layer, bool isBefore, double[] place)
    {
        var wanted = layer.ToDictionary(vertex => vertex, vertex => graph.Neighbours(vertex, isBefore) is { Count: > 0 } neighbours
            ? neighbours.Average(neighbour => place[neighbour])
            : place[vertex]);
        var sorted = layer.OrderBy(vertex => wanted[vertex]).ToList();
        layer.Clear();
        layer.AddRange(sorted);
        Number(layer, place);
    }

    private static long Crossings(LayeredGraph graph, double[] place)
    {
        long all = 0;
        foreach (var layer in graph.Layers)
        {
            var ends = layer
                .SelectMany(vertex => graph.Neighbours(vertex, false).Select(next => place[next]).Order())
                .ToArray();
            all += Inversions(ends, new double[ends.Length], 0, ends.Length);
        }

        return all;
    }

    // Sorts a part of the ends, and counts the pairs that were in the wrong order.
    private static long Inversions(double[] ends, double[] room, int from, int to)
    {
        if (to - from < 2)
            return 0;
        var middle = (from + to) / 2;
        var count = Inversions(ends, room, from, middle) + Inversions(ends, room, middle, to);
        var (left, right) = (from, middle);
        for (var at = from; at < to; at++)
        {
            if (right >= to || (left < middle && ends[left] <= ends[right]))
            {
                room[at] = ends[left++];
                continue;
            }

            count += middle - left;
            room[at] = ends[right++];
        }

        Array.Copy(room, from, ends, from, to - from);
        return count;
    }
}
