using System.Text;
using System.Text.Json;

namespace Lythonic.Dag.Values;

/// <summary>Writes the beginning of a stored value as PowerShell would, without the tags of its types.</summary>
/// <param name="length">When this many characters are written, the rest is left out.</param>
internal sealed class ShortTextWriter(int length)
{
    // Of an object with added properties, show the object itself. Of a snapshot, prefer its text, list or table to its properties.
    private static readonly string[] Content = [ValueTags.Base, ValueTags.Text, ValueTags.Items, ValueTags.Entries, ValueTags.Value];

    private readonly StringBuilder _text = new();

    /// <summary>Writes a value.</summary>
    public void Write(JsonElement value) => Write(value, null, isInside: false);

    /// <summary>What was written.</summary>
    public override string ToString() => _text.ToString();

    private void Write(JsonElement value, string? tag, bool isInside)
    {
        if (_text.Length > length)
            return;
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _text.Append(ReadableText.Of(tag, value.GetString()!));
                break;
            case JsonValueKind.Null:
                _text.Append("$null");
                break;
            case JsonValueKind.Array:
                _text.Append(isInside ? "(" : "");
                WriteAll(value.EnumerateArray(), ", ", item => Write(item, tag, isInside: true));
                _text.Append(isInside ? ")" : "");
                break;
            case JsonValueKind.Object:
                WriteObject(value, tag, isInside);
                break;
            case JsonValueKind.Number:
                _text.Append(NumberText.AsRead(value.GetRawText(), tag));
                break;
            default:
                _text.Append(value.GetRawText());
                break;
        }
    }

    private void WriteObject(JsonElement value, string? outerTag, bool isInside)
    {
        if (!value.TryGetProperty(ValueTags.Type, out var tag))
        {
            _text.Append("@{");
            WriteAll(value.EnumerateObject(), "; ", member =>
            {
                _text.Append(member.Name).Append('=');
                Write(member.Value, outerTag, isInside: true);
            });
            _text.Append('}');
        }
        else if (Content.Select(name => value.TryGetProperty(name, out var content) ? content : (JsonElement?)null)
            .FirstOrDefault(content => content is not null) is { } inner)
        {
            Write(inner, tag.ToString(), isInside);
        }
        else
        {
            _text.Append('(').Append(value.TryGetProperty(ValueTags.Of, out var of) ? of.ToString() : tag.ToString()).Append(')');
        }
    }

    private void WriteAll<T>(IEnumerable<T> items, string between, Action<T> write)
    {
        var isFirst = true;
        foreach (var item in items)
        {
            if (_text.Length > length)
                return;
            _text.Append(isFirst ? "" : between);
            write(item);
            isFirst = false;
        }
    }
}
