using System.Text.Json;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Export;

/// <summary>The short text by which people know an element of a list.</summary>
internal static class ElementName
{
    private static readonly string[] Names = ["Name", "FullName", "Path", "Id", "Key", "Title", "Url", "Uri", "File"];

    /// <summary>The name of the value that a sub-run got; empty if it has none.</summary>
    /// <param name="input">Its source input as JSON: values by parameter, by label.</param>
    public static string Read(string input)
    {
        try
        {
            using var document = JsonDocument.Parse(input);
            var root = document.RootElement;
            // If there is one source with one parameter, take its value.
            for (var level = 0; level < 2; level++)
            {
                if (root.ValueKind != JsonValueKind.Object || root.EnumerateObject().Count() != 1)
                    break;
                root = root.EnumerateObject().First().Value;
            }

            return ShortText.OfJson(Named(root) ?? root);
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private static JsonElement? Named(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object
            && value.TryGetProperty(ValueTags.Type, out _)
            && value.TryGetProperty(ValueTags.Value, out var inner))
            return Named(inner);
        if (value.ValueKind != JsonValueKind.Object)
            return null;
        var members = value.EnumerateObject()
            .Where(member => member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
            .ToList();
        return Names
            .SelectMany(name => members.Where(member => member.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            .Select(member => (JsonElement?)member.Value)
            .FirstOrDefault();
    }
}
