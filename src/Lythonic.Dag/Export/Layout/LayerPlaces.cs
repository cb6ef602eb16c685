namespace Lythonic.Dag.Export;

/// <summary>
/// Finds the position of each vertex along its layer: as near to the middle of its neighbours as the others of the layer allow, in their
/// order.
/// </summary>
internal sealed class LayerPlaces
{
    private const int Passes = 10;

    // A straight edge through several layers matters more than a node in the middle.
    private const double LaneWeight = 4;

    private readonly LayeredGraph _graph;
    private readonly double[] _extents;
    private readonly double _between;
    private readonly double[] _middles;
    private double _reach;

    private LayerPlaces(LayeredGraph graph, double[] extents, double between)
    {
        (_graph, _extents, _between) = (graph, extents, between);
        _middles = new double[graph.VertexCount];
    }

    /// <summary>Finds the middle of each vertex.</summary>
    /// <param name="graph">The graph, in order.</param>
    /// <param name="extents">The room that each vertex needs along its layer.</param>
    /// <param name="between">The room between two nodes.</param>
    public static double[] Compute(LayeredGraph graph, double[] extents, double between)
    {
        var places = new LayerPlaces(graph, extents, between);
        foreach (var layer in graph.Layers)
            places.Stack(layer);
        for (var pass = 0; pass < Passes; pass++)
        {
            foreach (var layer in pass % 2 == 0 ? graph.Layers : Enumerable.Reverse(graph.Layers))
                places.Settle(layer, pass % 2 == 0, pass >= Passes - 2);
        }

        return places._middles;
    }

    private bool IsLane(int vertex) => vertex >= _graph.NodeCount;

    // Two edges need no more room between them than their lanes.
    private double Distance(int one, int next) =>
        ((_extents[one] + _extents[next]) / 2) + (IsLane(one) && IsLane(next) ? 0 : IsLane(one) || IsLane(next) ? _between / 2 : _between);

    private void Stack(List<int> layer)
    {
        for (var index = 1; index < layer.Count; index++)
            _middles[layer[index]] = _middles[layer[index - 1]] + Distance(layer[index - 1], layer[index]);
        var shift = layer.Count == 0 ? 0 : _middles[layer[^1]] / 2;
        _reach = Math.Max(_reach, shift + _between);
        foreach (var vertex in layer)
            _middles[vertex] -= shift;
    }

    private double Wanted(int vertex, bool isBefore, bool isBoth)
    {
        var (sum, count) = (0d, 0);
        foreach (var side in isBoth ? [true, false] : new[] { isBefore })
        {
            foreach (var neighbour in _graph.Neighbours(vertex, side))
                (sum, count) = (sum + _middles[neighbour], count + 1);
        }

        return count == 0 ? _middles[vertex] : sum / count;
    }

    // The places that are nearest to the wanted ones (least sum of squares) and keep the order and the distances. Neighbours that would
    // come too near become one block, whose members keep their distances.
    private void Settle(List<int> layer, bool isBefore, bool isBoth)
    {
        var blocks = new List<(double Place, double Weight, int Count)>();
        var offset = 0d;
        for (var index = 0; index < layer.Count; index++)
        {
            var vertex = layer[index];
            offset += index == 0 ? 0 : Distance(layer[index - 1], vertex);
            var block = (Place: Wanted(vertex, isBefore, isBoth) - offset, Weight: IsLane(vertex) ? LaneWeight : 1, Count: 1);
            while (blocks.Count > 0 && blocks[^1].Place >= block.Place)
            {
                var last = blocks[^1];
                blocks.RemoveAt(blocks.Count - 1);
                var weight = last.Weight + block.Weight;
                block = (((last.Place * last.Weight) + (block.Place * block.Weight)) / weight, weight, last.Count + block.Count);
            }

            blocks.Add(block);
        }

        var (at, sum) = (0, 0d);
        foreach (var (place, _, count) in blocks)
        {
            for (var member = 0; member < count; member++, at++)
            {
                sum += at == 0 ? 0 : Distance(layer[at - 1], layer[at]);
                _middles[layer[at]] = place + sum;
            }
        }

        StayInReach(layer);
    }

    // Keep every layer within the length of the longest one. Otherwise each layer could pull the next one further to the same side.
    private void StayInReach(List<int> layer)
    {
        if (layer.Count == 0)
            return;
        var shift = Math.Max(0, -_reach - _middles[layer[0]]) - Math.Max(0, _middles[layer[^1]] - _reach);
        foreach (var vertex in layer)
            _middles[vertex] += shift;
    }
}
