namespace Lythonic.Dag.Execution;

/// <summary>
/// Splits the elements of a composite node into batches that run one after the other, by their positions. Without sizes there is one batch.
/// </summary>
/// <param name="sizes">The sizes, or <see langword="null"/>.</param>
/// <param name="elements">How many elements there are.</param>
internal sealed class Batches(BatchSizes? sizes, int elements)
{
    public static Batches None { get; } = new(null, 0);

    /// <summary>The number of the current batch, from 1; <see langword="null"/> if there are no sizes.</summary>
    public int? Number => sizes is null ? null : _index + 1;

    /// <summary>The position after the last element of the batch.</summary>
    public int End { get; private set; } = SizeOf(sizes, 0, elements);

    /// <summary>How many elements the batch has.</summary>
    public int Size => End - _start;

    private int _index;
    private int _start;

    /// <summary>Goes on to the next batch.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Next()
    {
        if (End >= elements)
            return false;
        _start = End;
        End = _start + Math.Min(SizeOf(sizes, ++_index, elements), elements - _start);
        return true;
    }

    private static int SizeOf(BatchSizes? sizes, int index, int elements) =>
        sizes is null ? elements : Math.Min(elements, sizes.SizeOf(index, elements));
}
