using System.Collections;
using System.Collections.Specialized;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>Brings dictionaries back in another order, as a process with another hash seed or another culture does.</summary>
internal sealed class ReorderingCodec : IValueCodec
{
    private readonly JsonValueCodec _inner = new();

    public string Encode(object? value, Type? declared = null) => _inner.Encode(value, declared);

    public object? Decode(string json, Type? declared = null) => Reordered(_inner.Decode(json, declared));

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
