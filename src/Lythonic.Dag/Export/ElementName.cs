using System.Globalization;
using System.Text.Json;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Export;

/// <summary>The short text by which people know an element of a list.</summary>
internal static class ElementName
{
    // A longer input is not parsed to find the name of an element.
    private const int MostOfInput = 100_000;

    private static readonly string[] Names = ["Name", "FullName", "Path", "Id", "Key", "Title", "Url", "Uri", "File"];

    /// <summary>The name of the value that a sub-run got; empty if it has none, or if it is the element of a key that says it.</summary>
    /// <param name="store">The store that has the sub-run.</param>
    /// <param name="run">The sub-run.</param>
    public static string Of(DagProvenance store, StoredRun run)
    {
        var isPosition = run.ElementKey == run.Ordinal.ToString(CultureInfo.InvariantCulture) && run.ElementId is null;
        return isPosition ? OfInput(store, run) : "";
    }

    /// <summary>The name of the value that a sub-run got; empty if it has none.</summary>
    /// <param name="store">The store that has the sub-run.</param>
    /// <param name="run">The sub-run.</param>
    public static string OfInput(DagProvenance store, StoredRun run) =>
        store.GetSourceInput(run) is { Length: < MostOfInput } input ? Read(input) : "";

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
