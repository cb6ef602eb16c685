namespace Lythonic.Dag.Execution;

/// <summary>
/// The errors that the nodes of a run, or the sub-runs of a node, wrote without failing, and the elements that failed, by position. Few
/// have any.
/// </summary>
internal struct ErrorSum
{
    private SortedDictionary<int, (ErrorCounts Counts, string? Text, int Causes)>? _all;

    /// <summary>All together.</summary>
    public readonly ErrorCounts Total
    {
        get
        {
            var total = default(ErrorCounts);
            foreach (var (counts, _, _) in _all?.Values ?? Enumerable.Empty<(ErrorCounts, string?, int)>())
                total += counts;
            return total;
        }
    }

    /// <summary>All but those of one position.</summary>
    public readonly ErrorCounts TotalBut(int position)
    {
        var total = default(ErrorCounts);
        if (_all is null)
            return total;
        foreach (var (at, errors) in _all)
            total += at == position ? default : errors.Counts;
        return total;
    }

    /// <summary>The first one by position. The first one in time would say less and differ from run to run.</summary>
    public readonly string? First => _all?.Values.FirstOrDefault().Text;

    /// <summary>How many of them are nodes that failed, or elements that made a node fail.</summary>
    public readonly int Causes => _all?.Values.Sum(errors => errors.Causes) ?? 0;

    /// <summary>
    /// Adds the errors of one of very many positions. They are kept as one sum, under the first position. A position is added once.
    /// </summary>
    public void Merge(int position, ErrorCounts counts, string? text)
    {
        if (counts.All == 0)
            return;
        _all ??= [];
        var (first, merged) = _all.FirstOrDefault(entry => entry.Key >= 0, new(position, default));
        _all.Remove(first);
        _all[Math.Min(first, position)] = (merged.Counts + counts, first < position ? merged.Text : text, merged.Causes);
    }

    /// <summary>Replaces the errors of an earlier attempt at a position by those of the latest one.</summary>
    /// <param name="position">The position.</param>
    /// <param name="counts">How many there are.</param>
    /// <param name="text">The first of them.</param>
    /// <param name="causes">How many of them are nodes that failed, or elements that made a node fail.</param>
    public void Set(int position, ErrorCounts counts, string? text, int causes = 0)
    {
        if (counts.All > 0)
            (_all ??= [])[position] = (counts, text, causes);
        else
            _all?.Remove(position);
    }
}
