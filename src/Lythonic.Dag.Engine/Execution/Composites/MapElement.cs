using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <summary>What a sub-run works on.</summary>
/// <param name="ordinal">Its position, from 0.</param>
/// <param name="key">Its key: an index, a dictionary key, <c>call</c> or a branch.</param>
/// <param name="value">The value.</param>
/// <param name="encoded">Its stored form, where there is one already.</param>
internal sealed class MapElement(int ordinal, string key, object? value, EncodedValue? encoded = null)
{
    private EncodedValue? _encoded = encoded;

    public int Ordinal { get; } = ordinal;

    public string Key { get; } = key;

    /// <summary>What tells it from the others of its dictionary or set; <see langword="null"/> where its position does.</summary>
    public string? Id { get; init; }

    public object? Value { get; } = value;

    /// <summary>The value as JSON, made once.</summary>
    public EncodedValue Encode(IValueCodec codec) => _encoded ??= codec.Encode(Value);
}
