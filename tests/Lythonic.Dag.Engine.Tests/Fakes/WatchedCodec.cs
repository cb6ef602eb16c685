using System.Collections.Concurrent;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>Says which texts were read.</summary>
internal sealed class WatchedCodec : IValueCodec
{
    private readonly JsonValueCodec _inner = new();

    public ConcurrentQueue<string> Read { get; } = [];

    public EncodedValue Encode(object? value, Type? declared = null) => _inner.Encode(value, declared);

    public RestoredValue Restore(string json, Type? declared = null)
    {
        Read.Enqueue(json);
        return _inner.Restore(json, declared);
    }
}
