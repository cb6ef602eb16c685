namespace Lythonic.Dag.Export;

/// <summary>
/// The layers of a graph. An edge that passes a layer has a vertex of its own there, like a node, so that it never runs behind a node. The
/// edges of one node share these vertices: its outgoing edges if it has more of them than the other end has incoming edges, otherwise the
/// incoming ones.
/// </summary>
internal sealed class LayeredGraph
{
    private readonly List<int> _layerOf = [];
    private readonly List<List<int>> _before = [];
    private readonly List<List<int>> _after = [];
    private readonly Dictionary<(bool IsFrom, int Node, int Layer), int> _lanes = [];

    /// <summary>Puts nodes into layers.</summary>
    /// <param name="count">How many nodes there are.</param>
    /// <param name="edges">The edges, as positions of nodes.</param>
    /// <param name="mostInLayer">How many nodes a layer has at most.</param>
    public LayeredGraph(int count, IReadOnlyList<(int From, int To)> edges, int mostInLayer)
    {
        NodeCount = count;
        foreach (var layer in LayersOf(Ranks.Compute(count, edges), mostInLayer))
            AddVertex(layer);
        Layers = [.. Enumerable.Range(0, count == 0 ? 0 : _layerOf.Max() + 1).Select(_ => new List<int>())];
        for (var node = 0; node < count; node++)
            Layers[_layerOf[node]].Add(node);
        var (sent, taken) = (new int[count], new int[count]);
        foreach (var (from, to) in edges)
            (sent[from], taken[to]) = (sent[from] + 1, taken[to] + 1);
        Chains = [.. edges.Select(edge => Chain(edge.From, edge.To, sent[edge.From] >= taken[edge.To]))];
    }

    /// <summary>How many of the vertices are nodes; they come first. The others belong to edges.</summary>
    public int NodeCount { get; }

    /// <summary>The layers, each with its vertices in order.</summary>
    public List<int>[] Layers { get; }

    /// <summary>For each edge, the vertices along it, from its first node to its last; none for an edge from a node to itself.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Chains { get; }

    /// <summary>How many vertices there are.</summary>
    public int VertexCount => _layerOf.Count;

    /// <summary>The neighbours of a vertex in the layer before, or in the one after it.</summary>
    public IReadOnlyList<int> Neighbours(int vertex, bool isBefore) => isBefore ? _before[vertex] : _after[vertex];

    // A rank with many nodes becomes several layers. No edge leads from one of its nodes to another.
    private static int[] LayersOf(int[] ranks, int most)
    {
        var layers = new int[ranks.Length];
        var next = 0;
        foreach (var rank in Enumerable.Range(0, ranks.Length).GroupBy(node => ranks[node]).OrderBy(group => group.Key))
        {
            var nodes = rank.ToList();
            var folds = (nodes.Count + most - 1) / most;
            var inFold = (nodes.Count + folds - 1) / folds;
            for (var index = 0; index < nodes.Count; index++)
                layers[nodes[index]] = next + (index / inFold);
            next += folds;
        }

        return layers;
    }

    private int AddVertex(int layer)
    {
        _layerOf.Add(layer);
        _before.Add([]);
        _after.Add([]);
        return _layerOf.Count - 1;
    }

    // An edge that closes a cycle leads back, so find its vertices in the other direction.
    private List<int> Chain(int from, int to, bool isShared)
    {
        if (from == to)
            return [];
        if (_layerOf[from] >= _layerOf[to])
        {
            var back = Chain(to, from, !isShared);
            back.Reverse();
            return back;
        }

        var chain = new List<int> { from };
        for (var layer = _layerOf[from] + 1; layer < _layerOf[to]; layer++)
            Join(chain, Lane((isShared, isShared ? from : to, layer)));
        Join(chain, to);
        return chain;
    }

    private int Lane((bool IsFrom, int Node, int Layer) place)
    {
        if (!_lanes.TryGetValue(place, out var lane))
        {
            _lanes[place] = lane = AddVertex(place.Layer);
            // Edges that come from one node pass on one side and edges that go to one node on the other, so that they need not cross.
            Layers[place.Layer].Insert(place.IsFrom ? 0 : Layers[place.Layer].Count, lane);
        }

        return lane;
    }

    private void Join(List<int> chain, int next)
    {
        var last = chain[^1];
        if (!_after[last].Contains(next))
        {
            _after[last].Add(next);
            _before[next].Add(last);
        }

        chain.Add(next);
    }
}
