namespace Lythonic.Dag.Execution;

/// <summary>
/// The groups of a composite node's elements that go one after the other, by their positions; without sizes all are one group. Pure.
/// </summary>
/// <param name="sizes">The sizes, or <see langword="null"/>.</param>
/// <param name="elements">How many elements there are.</param>
internal sealed class Batches(BatchSizes? sizes, int elements)
{
    public static Batches None { get; } = new(null, 0);

    /// <summary>Which group it is, from 1; <see langword="null"/> if there are none.</summary>
    public int? Number => sizes is null ? null : _index + 1;

    /// <summary>The position after the last element of the group.</summary>
    public int End { get; private set; } = SizeOf(sizes, 0, elements);

    /// <summary>How many elements the group has.</summary>
    public int Size => End - _start;

    private int _index;
    private int _start;

    /// <summary>Goes on to the next group.</summary>
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
