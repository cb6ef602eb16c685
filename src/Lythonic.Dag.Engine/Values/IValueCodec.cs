using System.Text;
using System.Text.Json;

namespace Lythonic.Dag.Values;

/// <summary>Turns values into JSON text and back.</summary>
public interface IValueCodec
{
    /// <summary>Writes a value.</summary>
    /// <param name="value">The value; may be <see langword="null"/>.</param>
    /// <param name="declared">The type that its node declares, or <see langword="null"/>.</param>
    /// <returns>The JSON text, with the facts that the codec knows of it.</returns>
    /// <exception cref="ValueNotStorableException">The value cannot be stored.</exception>
    EncodedValue Encode(object? value, Type? declared = null);

    /// <summary>Reads a value back.</summary>
    /// <param name="json">JSON text that <see cref="Encode"/> wrote, or somebody else.</param>
    /// <param name="declared">The type that its node declares, or <see langword="null"/>; the only type beside the fixed list that is ever
    /// created.</param>
    /// <returns>The value, with the facts about what is not as it was.</returns>
    /// <exception cref="DagException"><see cref="DagErrorId.DagValueNotRestorable"/>: the text is malformed or its tag is not on the
    /// list.</exception>
    RestoredValue Restore(string json, Type? declared = null);

    /// <inheritdoc cref="Restore(string, Type?)"/>
    RestoredValue Restore(ReadOnlyMemory<byte> json, Type? declared = null) => Restore(Encoding.UTF8.GetString(json.Span), declared);

    /// <inheritdoc cref="Restore(string, Type?)"/>
    RestoredValue Restore(JsonElement json, Type? declared = null) => Restore(json.GetRawText(), declared);

    /// <summary>Reads a value back to show it only.</summary>
    /// <param name="json">JSON text that <see cref="Encode"/> wrote, or somebody else.</param>
    /// <param name="declared">The type that its node declares, or <see langword="null"/>; the only type beside the fixed list that is ever
    /// created.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagValueNotRestorable"/>: the text is malformed or its tag is not on the
    /// list.</exception>
    object? Decode(string json, Type? declared = null) => Restore(json, declared).Value;
}
