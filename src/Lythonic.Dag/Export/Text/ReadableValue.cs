using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lythonic.Dag.Internal;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Export;

/// <summary>
/// A stored value as people read it: without the tags of its types, a moment in local time, a duration in words, and numbers as PowerShell
/// writes them.
/// </summary>
internal static class ReadableValue
{
    /// <summary>How deep a value may be to be shown in this way.</summary>
    public const int MostDepth = 500;

    // For an object with added properties, take the object itself; for a snapshot, its properties, or else its list or its text.
    private static readonly string[] Content =
        [ValueTags.Base, ValueTags.Value, ValueTags.Entries, ValueTags.Items, ValueTags.Text];

    /// <summary>The value without its tags.</summary>
    public static JsonNode? Read(JsonElement value) => Read(value, null);

    private static JsonNode? Read(JsonElement value, string? outerTag) => value.ValueKind switch
    {
        JsonValueKind.Object when value.TryGetProperty(ValueTags.Type, out var tag) => Tagged(value, tag.ToString()),
        JsonValueKind.Object => Members(value.EnumerateObject().Select(member => (member.Name, member.Value)), outerTag),
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Select(item => Read(item, outerTag))]),
        JsonValueKind.Null => null,
        JsonValueKind.Number when NumberText.AsRead(value.GetRawText(), outerTag) is var read && read != value.GetRawText() =>
            JsonNode.Parse(read),
        _ => JsonValue.Create(value.Clone()),
    };

    private static JsonNode? Tagged(JsonElement value, string tag)
    {
        if (Content.Select(name => value.TryGetProperty(name, out var found) ? (name, found) : default)
            .FirstOrDefault(found => found.name is not null) is not { name: { } name } content)
            return $"({(value.TryGetProperty(ValueTags.Of, out var of) ? of.ToString() : tag)})";
        if (name == ValueTags.Entries && content.found.ValueKind == JsonValueKind.Array)
            return Members(content.found.EnumerateArray().Select(Entry), tag);
        return content.found.ValueKind == JsonValueKind.String ? ReadableText.Of(tag, content.found.GetString()!)
            : tag == "regex" && content.found.TryGetProperty("pattern", out var pattern) ? pattern.ToString()
            : tag is "xml" && content.found.TryGetProperty("text", out var xml) ? xml.ToString()
            : tag is "uri" && content.found.TryGetProperty("relative", out var uri) ? uri.ToString()
            : Read(content.found, tag);
    }

    private static (string Name, JsonElement Value) Entry(JsonElement pair) =>
        pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2
            ? (Read(pair[0])?.ToString() ?? "$null", pair[1])
            : ("", pair);

    // A name may occur twice, because keys that differ only in their type have the same text.
    private static JsonObject Members(IEnumerable<(string Name, JsonElement Value)> members, string? tag)
    {
        var read = new JsonObject();
        foreach (var (name, value) in members)
        {
            var free = name;
            for (var number = 2; read.ContainsKey(free); number++)
                free = string.Create(CultureInfo.InvariantCulture, $"{name} ({number})");
            read.Add(free, Read(value, tag));
        }

        return read;
    }
}
