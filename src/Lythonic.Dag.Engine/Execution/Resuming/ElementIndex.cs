using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <summary>Finds the element to which a stored identity belongs.</summary>
internal sealed class ElementIndex
{
    private const int Ambiguous = -1;

    private readonly Dictionary<string, int> _ordinals;
    private readonly IValueCodec _codec;

    /// <summary>Makes an index.</summary>
    /// <param name="ids">The identities of the elements.</param>
    /// <param name="codec">Reads and writes them.</param>
    public ElementIndex(string[] ids, IValueCodec codec)
    {
        _ordinals = new(ids.Length);
        _codec = codec;
        for (var ordinal = 0; ordinal < ids.Length; ordinal++)
        {
            // Two live objects may have the same stored text. Then neither can be found by it.
            if (!_ordinals.TryAdd(ids[ordinal], ordinal))
                _ordinals[ids[ordinal]] = Ambiguous;
        }
    }

    /// <summary>The position of an element, or <see langword="null"/> if none, or several, have that identity.</summary>
    /// <param name="id">The identity as it was stored.</param>
    public int? Find(string id)
    {
        if (_ordinals.TryGetValue(id, out var ordinal) || (Restored(id) is { } restored && _ordinals.TryGetValue(restored, out ordinal)))
            return ordinal == Ambiguous ? null : ordinal;
        return null;
    }

    // After it was read back, a live object, or a value whose type is gone, has another stored form.
    private string? Restored(string id) => StoredComparison.Again(id, _codec);
}
