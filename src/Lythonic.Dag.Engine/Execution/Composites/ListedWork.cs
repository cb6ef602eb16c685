namespace Lythonic.Dag.Execution;

/// <summary>The work of a composite node whose elements are all known when it begins, in batches if the node has sizes.</summary>
/// <param name="elements">The elements.</param>
/// <param name="results">The results of the elements that are done.</param>
/// <param name="sizes">The sizes of the batches, or <see langword="null"/>.</param>
/// <param name="taken">How many of the elements a replay took over before the work begins. They count as reused.</param>
internal sealed class ListedWork(Elements elements, ElementResults results, BatchSizes? sizes, int taken = 0) : ElementWork(taken)
{
    private readonly int _taken = taken;
    private int _drawn;

    public static ListedWork None { get; } = new(Elements.None, ElementResults.None, null);

    /// <inheritdoc/>
    public override Batches Batches { get; } = new(sizes, elements.Count);

    /// <inheritdoc/>
    public override int Count => elements.Count;

    /// <summary>How many of them are done.</summary>
    public int Done => results.Count;

    /// <inheritdoc/>
    public override int BatchSize => Batches.Size;

    /// <inheritdoc/>
    public override bool HasMore => Enumerable.Range(_drawn, elements.Count - _drawn).Any(ordinal => !results.Has(ordinal));

    /// <summary>The same elements and results, from the first element on.</summary>
    public ListedWork Anew() => new(elements, results, sizes, _taken);

    /// <inheritdoc/>
    public override bool TryDraw(out int ordinal)
    {
        while (_drawn < Batches.End)
        {
            ordinal = _drawn++;
            if (!results.Has(ordinal))
                return true;
        }

        ordinal = -1;
        return false;
    }

    /// <inheritdoc/>
    public override MapElement At(int ordinal) => elements.At(ordinal);

    /// <inheritdoc/>
    public override bool NextBatch() => Batches.Next();

    /// <inheritdoc/>
    public override void Add(MapElement element, NodeOutput? output) => results.Add(element.Ordinal, output);

    /// <inheritdoc/>
    public override bool IsOmitted => results.IsOmitted;

    /// <inheritdoc/>
    public override NodeOutput? Collect() => results.IsOmitted ? null : results.Collect();

    /// <inheritdoc/>
    public override bool IsComplete(int failed) => results.Count + failed == elements.Count;
}
