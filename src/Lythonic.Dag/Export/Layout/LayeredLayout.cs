namespace Lythonic.Dag.Export;

/// <summary>
/// Lays a graph out in layers, each node in a later one than its upstreams. The same graph is laid out the same way each time.
/// </summary>
internal static class LayeredLayout
{
    /// <summary>Lays out a graph.</summary>
    /// <param name="sizes">The size of each node.</param>
    /// <param name="edges">The edges, as positions of nodes.</param>
    /// <param name="spacing">The direction of the layers, and the room between them.</param>
    public static GraphLayout Arrange(
        IReadOnlyList<(double Width, double Height)> sizes, IReadOnlyList<(int From, int To)> edges, LayerSpacing spacing)
    {
        var graph = new LayeredGraph(sizes.Count, edges, spacing.MostInLayer);
        LayerOrder.Improve(graph);
        var extents = Enumerable.Range(0, graph.VertexCount)
            .Select(vertex => vertex >= sizes.Count ? LayerSpacing.Lane : spacing.IsDown ? sizes[vertex].Width : sizes[vertex].Height)
            .ToArray();
        var middles = LayerPlaces.Compute(graph, extents, spacing.Between);
        var (starts, depths) = Depths(graph, sizes, spacing);
        var least = Enumerable.Range(0, middles.Length).Select(vertex => middles[vertex] - (extents[vertex] / 2)).DefaultIfEmpty(0).Min();
        for (var vertex = 0; vertex < middles.Length; vertex++)
            middles[vertex] += LayerSpacing.Margin - least;
        var across = LayerSpacing.Margin
            + Enumerable.Range(0, middles.Length).Select(vertex => middles[vertex] + (extents[vertex] / 2)).DefaultIfEmpty(0).Max();
        var along = LayerSpacing.Margin + (starts.Length == 0 ? 0 : starts[^1] + depths[^1]);
        var layerOf = LayerOf(graph);
        (double X, double Y) Point(double main, double cross) => spacing.IsDown ? (cross, main) : (main, cross);
        var boxes = sizes.Select((size, node) =>
        {
            var (x, y) = Point(starts[layerOf[node]], middles[node] - (extents[node] / 2));
            return new Box(x, y, size.Width, size.Height);
        });
        Route RouteOf(IReadOnlyList<int> chain) => new(Points(chain, layerOf, starts, depths, middles, Depth, Point), spacing.IsDown);
        double Depth(int vertex) =>
            vertex >= sizes.Count ? depths[layerOf[vertex]] : spacing.IsDown ? sizes[vertex].Height : sizes[vertex].Width;
        return spacing.IsDown
            ? new(across, along, [.. boxes], [.. graph.Chains.Select(RouteOf)])
            : new(along, across, [.. boxes], [.. graph.Chains.Select(RouteOf)]);
    }

    private static int[] LayerOf(LayeredGraph graph)
    {
        var layerOf = new int[graph.VertexCount];
        for (var layer = 0; layer < graph.Layers.Length; layer++)
        {
            foreach (var vertex in graph.Layers[layer])
                layerOf[vertex] = layer;
        }

        return layerOf;
    }

    // A gap that many edges cross is wider, so that they can be told apart.
    private static (double[] Starts, double[] Depths) Depths(
        LayeredGraph graph, IReadOnlyList<(double Width, double Height)> sizes, LayerSpacing spacing)
    {
        var (starts, depths) = (new double[graph.Layers.Length], new double[graph.Layers.Length]);
        var at = LayerSpacing.Margin;
        for (var layer = 0; layer < starts.Length; layer++)
        {
            starts[layer] = at;
            depths[layer] = graph.Layers[layer].Where(vertex => vertex < sizes.Count)
                .Max(vertex => spacing.IsDown ? sizes[vertex].Height : sizes[vertex].Width);
            var crossing = graph.Layers[layer].Sum(vertex => graph.Neighbours(vertex, false).Count);
            at += depths[layer] + spacing.Gap + Math.Min(spacing.Gap, 1.5 * Math.Max(0, crossing - 4));
        }

        return (starts, depths);
    }

    private static List<(double X, double Y)> Points(
        IReadOnlyList<int> chain, int[] layerOf, double[] starts, double[] depths, double[] middles, Func<int, double> depthOf,
        Func<double, double, (double X, double Y)> point)
    {
        var points = new List<(double X, double Y)>();
        var isBack = chain.Count > 0 && layerOf[chain[0]] > layerOf[chain[^1]];
        for (var index = 0; index < chain.Count; index++)
        {
            var vertex = chain[index];
            var near = point(starts[layerOf[vertex]], middles[vertex]);
            var end = point(starts[layerOf[vertex]] + depthOf(vertex), middles[vertex]);
            // If a node is smaller than its layer, continue the line to the end of the layer. There is nothing beside the node.
            var far = point(starts[layerOf[vertex]] + depths[layerOf[vertex]], middles[vertex]);
            if (index == 0)
                points.AddRange(isBack ? [near] : end == far ? [far] : [end, end, far]);
            else if (index == chain.Count - 1)
                points.AddRange(!isBack ? [near] : end == far ? [far] : [far, end, end]);
            else
                points.AddRange(isBack ? [far, near] : [near, far]);
        }

        return points;
    }
}
