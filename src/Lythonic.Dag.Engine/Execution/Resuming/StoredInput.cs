using System.Collections;
using System.Collections.Specialized;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>The source input of a stored run; values that are given now replace stored ones.</summary>
/// <param name="Values">By label, or by parameter name; or <see langword="null"/>.</param>
/// <param name="LacksParts">Whether the input had parts that are never stored: secrets, or live objects on a cycle or too deep in
/// others.</param>
internal sealed record StoredInput(IDictionary? Values, bool LacksParts)
{
    /// <summary>Reads the stored source input, and replaces values by those that are given now.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagValueNotRestorable"/>: the text cannot be read.</exception>
    public static StoredInput Restore(Dag dag, string? json, IDictionary? given, IValueCodec codec, IValueConverter converter)
    {
        var stored = SourceInputJson.Read(dag, json, codec, out var facts);
        if (facts.Secret is not null && given is not null)
            ReplaceSecrets(dag, stored!, given, converter);
        return new(Merge(dag, stored, given), facts.Secret is not null || facts.Cuts > 0);
    }

    /// <summary>Refuses to go on if a node that has yet to run takes an input that was not stored and is not given again.</summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="done">The labels of the nodes that do not run.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagValueNotRestorable"/>: it names each such node and parameter.</exception>
    public void RequireWhole(CompiledDag dag, Func<IEnumerable<string>> done)
    {
        if (!LacksParts)
            return;
        var missing = new List<DagProblem>();
        var labels = done().ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var node in dag.Nodes.Where(node => !labels.Contains(node.Label)))
        {
            missing.AddRange(node.Inputs
                .Where(input => input.Lost is not null && IsRead(node, input))
                .Select(input => Missing(node, input, input.Parameter.Name)));
            if (node.PipelineInput is { Lost: not null } whole)
                missing.Add(Missing(node, whole, null));
        }

        if (missing.Count > 0)
            throw new DagException(missing);
    }

    private static bool IsRead(CompiledNode node, InputBinding input) =>
        !node.IsOverridden
            || node.Signature!.Parameters.Any(parameter => parameter.Name.Equals(input.Parameter.Name, StringComparison.OrdinalIgnoreCase));

    private static DagProblem Missing(CompiledNode node, InputBinding input, string? parameter) =>
        new(
            DagErrorId.DagValueNotRestorable,
            node.Label,
            $"The source input for {(parameter is null ? "" : $"the parameter '{parameter}' of ")}node '{node.Label}' {input.Lost}.")
        {
            Remedy = new(DagRemedyKind.GiveSourceInput) { Node = node.Label, Parameter = parameter },
        };

    private static IDictionary? Merge(Dag dag, IDictionary? stored, IDictionary? given)
    {
        if (stored is null || given is null)
            return given ?? stored;
        var merged = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in stored)
            merged[entry.Key] = entry.Value;
        var keys = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in given)
        {
            // Merged into the stored keys, the two would become one, and nobody could see that there were two.
            if (entry.Key.ToString() is { } key && !keys.TryAdd(key, key))
                throw new DagException(
                    [SourceInputs.Twice(dag.Contains(key) ? dag[key].Label : dag.Name, $"DAG '{dag.Name}'", keys[key], key)]);
            merged[entry.Key] = merged[entry.Key] is IDictionary before && entry.Value is IDictionary now
                ? Merge(dag, before, now)
                : entry.Value;
        }

        return merged;
    }

    // Input by label wins over input by parameter name, unless it is the placeholder of a secret that is given by name now. Only sources
    // take input by name.
    private static void ReplaceSecrets(Dag dag, OrderedDictionary stored, IDictionary given, IValueConverter converter)
    {
        var targets = dag.Edges.Select(edge => edge.To).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in given)
        {
            if (converter.Unwrap(entry.Key)?.ToString() is not { } name)
                continue;
            foreach (var byLabel in stored.Keys.Cast<string>()
                .Where(label => dag.Contains(label) && !targets.Contains(label)).Select(label => stored[label]).OfType<OrderedDictionary>())
            {
                if (converter.FindSecret(byLabel[name]) is not null)
                    byLabel[name] = entry.Value;
            }
        }
    }
}
