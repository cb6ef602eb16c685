using System.Collections;
using System.Collections.Specialized;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <summary>Source input as it is stored: a JSON object as the user gave it, by label or by parameter name, values by the codec.</summary>
internal static class SourceInputJson
{
    private const string Tag = "$type";

    /// <summary>Writes source input.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagTypeMismatch"/>: a value cannot be stored.</exception>
    public static string? Write(Dag dag, IDictionary? input, IValueCodec codec, IValueConverter converter)
    {
        if (input is null)
            return null;
        var json = new StringBuilder("{");
        foreach (DictionaryEntry entry in input)
        {
            var key = converter.Unwrap(entry.Key)?.ToString() ?? "";
            json.Append(json.Length > 1 ? "," : "").Append('"').Append(JavaScriptEncoder.Default.Encode(key)).Append("\":");
            if (TakesParameters(dag, key) && converter.Unwrap(entry.Value) is IDictionary values)
                json.Append(Write(dag, values, codec, converter, key));
            else
                json.Append(Encode(key, entry.Value, codec));
        }

        return json.Append('}').ToString();
    }

    /// <summary>Reads source input back.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagValueNotRestorable"/>: the text cannot be read.</exception>
    public static OrderedDictionary? Read(Dag? dag, string? json, IValueCodec codec)
    {
        if (json is null)
            return null;
        using var document = JsonDocument.Parse(json);
        return Read(document.RootElement, codec, dag, null);
    }

    private static StringBuilder Write(Dag dag, IDictionary values, IValueCodec codec, IValueConverter converter, string label)
    {
        var json = new StringBuilder("{");
        foreach (DictionaryEntry entry in values)
        {
            var name = converter.Unwrap(entry.Key)?.ToString() ?? "";
            json.Append(json.Length > 1 ? "," : "").Append('"').Append(JavaScriptEncoder.Default.Encode(name)).Append("\":")
                .Append(Encode($"{dag[label].Label}.{name}", entry.Value, codec));
        }

        return json.Append('}');
    }

    private static string Encode(string where, object? value, IValueCodec codec)
    {
        try
        {
            return codec.Encode(value);
        }
        catch (ValueNotStorableException error)
        {
            throw new DagException(DagErrorId.DagTypeMismatch, $"The source input '{where}' cannot be stored: {error.Message}", where, "Give another value, or run with -NoProvenance.", error);
        }
    }

    private static OrderedDictionary Read(JsonElement element, IValueCodec codec, Dag? dag, string? label)
    {
        var input = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var member in element.EnumerateObject())
        {
            var isByLabel = label is null && (dag is null || TakesParameters(dag, member.Name))
                && member.Value.ValueKind == JsonValueKind.Object && !member.Value.TryGetProperty(Tag, out _);
            input[member.Name] = isByLabel
                ? Read(member.Value, codec, dag, member.Name)
                : Decode(member.Value.GetRawText(), codec, dag is null ? null : DeclaredType(dag, label, member.Name));
        }

        return input;
    }

    private static object? Decode(string json, IValueCodec codec, Type? declared)
    {
        try
        {
            return codec.Decode(json, declared);
        }
        catch (DagException) when (declared is not null)
        {
            return codec.Decode(json);
        }
    }

    // A record, or a list of them, comes back through the type that its parameter declares.
    private static Type? DeclaredType(Dag dag, string? label, string parameter)
    {
        IReadOnlyList<DagNode> nodes = label is null ? dag.Nodes : [dag[label]];
        var types = nodes.SelectMany(node => node.Code?.Signatures ?? [])
            .SelectMany(signature => signature.Parameters)
            .Where(candidate => candidate.GoesBy(parameter))
            .Select(candidate => candidate.Type)
            .Distinct()
            .ToList();
        return types is [{ } type] && CollectionTypes.NeedsType(type) ? type : null;
    }

    private static bool TakesParameters(Dag dag, string key) =>
        dag.Contains(key) && dag[key].Code is { } code && code.Signatures is not [{ TakesPipelineValue: true }];
}
