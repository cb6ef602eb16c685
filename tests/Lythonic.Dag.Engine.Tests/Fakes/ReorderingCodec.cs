using System.Collections;
using System.Collections.Specialized;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>Reads dictionaries back in another order, as happens in a process with another hash seed or another culture.</summary>
internal sealed class ReorderingCodec : IValueCodec
{
    private readonly JsonValueCodec _inner = new();

    public EncodedValue Encode(object? value, Type? declared = null) => _inner.Encode(value, declared);

    public RestoredValue Restore(string json, Type? declared = null)
    {
        var restored = _inner.Restore(json, declared);
        return restored with { Value = Reordered(restored.Value) };
    }

    private static object? Reordered(object? value)
    {
        if (value is not IDictionary { Count: > 1 } dictionary)
            return value;
        var reordered = new OrderedDictionary();
        foreach (var key in dictionary.Keys.Cast<object>().Reverse())
            reordered.Add(key, dictionary[key]);
        return reordered;
    }
}
