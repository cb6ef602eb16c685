using System.Text.Json;

namespace Lythonic.Dag.Values;

/// <summary>A type of the fixed list that is stored as one JSON value.</summary>
/// <param name="Name">The tag.</param>
/// <param name="Type">The exact type.</param>
/// <param name="Write">Writes a value without its tag.</param>
/// <param name="Read">Reads it back; may throw.</param>
internal sealed record StoredScalar(string Name, Type Type, Action<JsonText, object> Write, Func<JsonElement, object> Read)
{
    public static StoredScalar Of<T>(string name, Action<JsonText, T> write, Func<JsonElement, T> read)
        where T : notnull =>
        new(name, typeof(T), (json, value) => write(json, (T)value), element => read(element));

    public static StoredScalar Text<T>(string name, Func<T, string> format, Func<string, T> parse)
        where T : notnull =>
        Of<T>(name, (json, value) => StoredText.Write(json, format(value)), element => parse(StoredText.Read(element)));

    public static StoredScalar Number<T>(string name, Func<JsonElement, T> read)
        where T : notnull, ISpanFormattable =>
        Of(name, (json, value) => json.Number(value), read);

    public static StoredScalar Of(TextForm form) =>
        new(
            form.Name,
            form.Type,
            (json, value) => StoredText.Write(json, form.Format(value)),
            element => form.Parse(StoredText.Read(element)));
}
