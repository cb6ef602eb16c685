using System.Text;
using System.Text.Json;

namespace Lythonic.Dag.Values;

/// <summary>A value as messages show it: one line, short, without secrets. It is made from the stored form.</summary>
internal static class ShortText
{
    private const int Length = 60;

    // If the text is longer than this, its beginning is shown as it is.
    private const int MostParsed = 1_000_000;

    // Of an object with added properties, show the object itself. Of a snapshot, prefer its text, list or table to its properties.
    private static readonly string[] Content = [ValueTags.Base, ValueTags.Text, ValueTags.Items, ValueTags.Entries, ValueTags.Value];

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8 * ValueTags.MaximumDepth };

    /// <summary>The text; empty if the value cannot be shown.</summary>
    /// <param name="value">The value.</param>
    /// <param name="codec">Knows which parts are secrets.</param>
    public static string Render(object? value, IValueCodec codec)
    {
        try
        {
            var json = codec.Encode(value).Json!;
            if (json.Length > MostParsed)
                return Cut(json[..(2 * Length)]);
            using var document = JsonDocument.Parse(json, Options);
            return OfJson(document.RootElement);
        }
        catch (Exception)
        {
            // The failure that is being reported matters more than the value in it.
            return "";
        }
    }

    /// <summary>The text of a stored value.</summary>
    /// <param name="value">The value.</param>
    public static string OfJson(JsonElement value)
    {
        var text = new StringBuilder();
        Write(value, text, isInside: false);
        return Cut(text.ToString());
    }

    private static void Write(JsonElement value, StringBuilder text, bool isInside)
    {
        if (text.Length > Length)
            return;
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                text.Append(value.GetString());
                break;
            case JsonValueKind.Null:
                text.Append("$null");
                break;
            case JsonValueKind.Array:
                text.Append(isInside ? "(" : "");
                WriteAll(value.EnumerateArray(), ", ", text, static (item, all) => Write(item, all, isInside: true));
                text.Append(isInside ? ")" : "");
                break;
            case JsonValueKind.Object:
                WriteObject(value, text, isInside);
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static void WriteObject(JsonElement value, StringBuilder text, bool isInside)
    {
        if (!value.TryGetProperty(ValueTags.Type, out var tag))
        {
            text.Append("@{");
            WriteAll(value.EnumerateObject(), "; ", text, static (member, all) =>
                Write(member.Value, all.Append(member.Name).Append('='), isInside: true));
            text.Append('}');
        }
        else if (Content.Select(name => value.TryGetProperty(name, out var content) ? content : (JsonElement?)null)
            .FirstOrDefault(content => content is not null) is { } inner)
        {
            Write(inner, text, isInside);
        }
        else
        {
            text.Append('(').Append(value.TryGetProperty(ValueTags.Of, out var of) ? of.ToString() : tag.ToString()).Append(')');
        }
    }

    private static void WriteAll<T>(IEnumerable<T> items, string between, StringBuilder text, Action<T, StringBuilder> write)
    {
        var isFirst = true;
        foreach (var item in items)
        {
            if (text.Length > Length)
                return;
            text.Append(isFirst ? "" : between);
            write(item, text);
            isFirst = false;
        }
    }

    private static string Cut(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= Length ? line : TextCut.After(line, Length - 1);
    }
}
