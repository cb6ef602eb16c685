namespace Lythonic.Dag.Wiring;

/// <summary>Positions of upstreams. Most nodes have one, for which it makes no object.</summary>
internal struct UpstreamSet
{
    private int? _only;
    private HashSet<int>? _several;

    /// <summary>How many there are.</summary>
    public readonly int Count => _several?.Count ?? (_only is null ? 0 : 1);

    /// <summary>Whether a position is there.</summary>
    public readonly bool Contains(int upstream) => _several?.Contains(upstream) ?? _only == upstream;

    /// <summary>Adds a position.</summary>
    public void Add(int upstream)
    {
        if (_several is not null)
            _several.Add(upstream);
        else if (_only is not { } first)
            _only = upstream;
        else if (first != upstream)
            _several = [first, upstream];
    }
}
