namespace Lythonic.Dag.Export;

/// <summary>Arranges nodes in columns, each node to the right of its upstreams. Nodes on a cycle go to the last column.</summary>
internal static class Layers
{
    /// <summary>The columns, with the positions of their nodes in the picture.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> Arrange(Picture picture)
    {
        var (upstreams, downstreams) = Neighbours(picture);
        var waiting = Array.ConvertAll(upstreams, list => list.Count);
        var row = new double[waiting.Length];
        var layers = new List<IReadOnlyList<int>>();
        var placed = 0;
        var ready = Enumerable.Range(0, waiting.Length).Where(node => waiting[node] == 0).ToList();
        while (ready.Count > 0)
        {
            // A node is placed near the middle of its upstreams, which avoids most crossings of edges.
            var layer = ready.OrderBy(node => upstreams[node].Count == 0 ? 0 : upstreams[node].Average(up => row[up]))
                .ThenBy(node => node)
                .ToList();
            for (var position = 0; position < layer.Count; position++)
                row[layer[position]] = position - ((layer.Count - 1) / 2d);
            layers.Add(layer);
            placed += layer.Count;
            ready = [.. layer.SelectMany(node => downstreams[node]).Where(node => --waiting[node] == 0)];
        }

        if (placed < waiting.Length)
            layers.Add([.. Enumerable.Range(0, waiting.Length).Where(node => waiting[node] > 0)]);
        return layers;
    }

    private static (List<int>[] Upstreams, List<int>[] Downstreams) Neighbours(Picture picture)
    {
        var index = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var node in picture.Nodes)
            index[node.Label] = index.Count;
        var upstreams = picture.Nodes.Select(_ => new List<int>()).ToArray();
        var downstreams = picture.Nodes.Select(_ => new List<int>()).ToArray();
        foreach (var (from, to) in picture.Edges)
        {
            downstreams[index[from]].Add(index[to]);
            upstreams[index[to]].Add(index[from]);
        }

        return (upstreams, downstreams);
    }
}
