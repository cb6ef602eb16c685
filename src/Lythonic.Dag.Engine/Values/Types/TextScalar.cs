using System.Text.Json;

namespace Lythonic.Dag.Values;

/// <summary>A type of the fixed list that is stored as a text.</summary>
/// <param name="name">The tag.</param>
/// <param name="format">The text of a value.</param>
/// <param name="parse">Reads it back; may throw.</param>
/// <typeparam name="T">The exact type.</typeparam>
internal sealed class TextScalar<T>(string name, Func<T, string> format, Func<string, T> parse) : StoredScalar(name, typeof(T))
    where T : notnull
{
    /// <inheritdoc/>
    public override void Write(JsonTextWriter json, object value) => StringJson.Write(json, format((T)value));

    /// <inheritdoc/>
    public override object Read(JsonElement element) => parse(StringJson.Read(element));
}
