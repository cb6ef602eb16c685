using System.Collections;
using System.Collections.Specialized;
using System.Text;
using System.Text.Json;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <summary>The stored form of source input: a JSON object with the user's keys (labels or parameter names) and encoded values.</summary>
internal static class SourceInputJson
{
    private const string Tag = "$type";

    // Under labels and then parameter names, the values are two levels deep.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = ValueTags.MaximumJsonDepth + 2 };

    /// <summary>Writes source input.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagTypeMismatch"/>: a value cannot be stored.</exception>
    public static string? Write(Dag dag, IDictionary? input, IValueCodec codec, IHostObjects objects)
    {
        if (input is null)
            return null;
        var json = new StringBuilder("{");
        foreach (DictionaryEntry entry in input)
        {
            var key = objects.Unwrap(entry.Key)?.ToString() ?? "";
            json.Append(json.Length > 1 ? "," : "").Append(StringJson.Name(key)).Append(':');
            if (HasParameters(dag, key) && objects.Unwrap(entry.Value) is IDictionary values)
                json.Append(Write(dag, values, codec, objects, key));
            else
                json.Append(Encode(key, entry.Value, codec));
        }

        return json.Append('}').ToString();
    }

    /// <summary>Reads source input back.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagValueNotRestorable"/>: the text cannot be read.</exception>
    public static OrderedDictionary? Read(Dag? dag, string? json, IValueCodec codec) => Read(dag, json, codec, out _);

    /// <summary>Reads source input back, and tells which parts of it were not stored.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagValueNotRestorable"/>: the text cannot be read.</exception>
    public static OrderedDictionary? Read(Dag? dag, string? json, IValueCodec codec, out ValueFacts facts)
    {
        facts = ValueFacts.None;
        if (json is null)
            return null;
        using var document = JsonDocument.Parse(json, Options);
        return Read(document.RootElement, codec, dag, null, ref facts);
    }

    /// <summary>Reads the stored input of a node run back.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagValueNotRestorable"/>: the text cannot be read.</exception>
    public static OrderedDictionary? Read(ReadOnlyMemory<byte>? json, IValueCodec codec)
    {
        if (json is not { } text)
            return null;
        var facts = ValueFacts.None;
        using var document = JsonDocument.Parse(text, Options);
        return Read(document.RootElement, codec, null, null, ref facts);
    }

    private static StringBuilder Write(Dag dag, IDictionary values, IValueCodec codec, IHostObjects objects, string label)
    {
        var json = new StringBuilder("{");
        foreach (DictionaryEntry entry in values)
        {
            var name = objects.Unwrap(entry.Key)?.ToString() ?? "";
            json.Append(json.Length > 1 ? "," : "").Append(StringJson.Name(name)).Append(':')
                .Append(Encode($"{dag[label].Label}.{name}", entry.Value, codec));
        }

        return json.Append('}');
    }

    private static string Encode(string where, object? value, IValueCodec codec)
    {
        try
        {
            return codec.Encode(value).Json!;
        }
        catch (ValueNotStorableException error)
        {
            throw new DagException(
                DagErrorId.DagTypeMismatch,
                $"The source input '{where}' cannot be stored: {error.Message}",
                where,
                "Give another value, or run without provenance.",
                error);
        }
    }

    private static OrderedDictionary Read(JsonElement element, IValueCodec codec, Dag? dag, string? label, ref ValueFacts facts)
    {
        var input = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var member in element.EnumerateObject())
        {
            var isByLabel = label is null && (dag is null || HasParameters(dag, member.Name))
                && member.Value.ValueKind == JsonValueKind.Object && !member.Value.TryGetProperty(Tag, out _);
            input[member.Name] = isByLabel
                ? Read(member.Value, codec, dag, member.Name, ref facts)
                : Restore(member.Value, codec, dag is null ? null : DeclaredType(dag, label, member.Name), ref facts);
        }

        return input;
    }

    private static object? Restore(JsonElement json, IValueCodec codec, Type? declared, ref ValueFacts facts)
    {
        var restored = Restore(json, codec, declared);
        facts = facts.With(restored.Facts);
        return restored.Value;
    }

    private static RestoredValue Restore(JsonElement json, IValueCodec codec, Type? declared)
    {
        try
        {
            return codec.Restore(json, declared);
        }
        catch (DagException) when (declared is not null)
        {
            return codec.Restore(json);
        }
    }

    // The declared type of their parameter says how records and lists of records are read back.
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

    private static bool HasParameters(Dag dag, string key) =>
        dag.Contains(key) && dag[key].Code is { } code && code.Signatures is not [{ TakesPipelineValue: true }];
}
