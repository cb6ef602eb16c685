using System.Collections;
using System.Collections.Specialized;

namespace Lythonic.Dag.Execution;

/// <summary>One node of a DAG, alone in a DAG of its own, with given values in the place of its upstreams.</summary>
internal static class SingleNode
{
    private static readonly string[] WholeValueKeys = ["_", "$_", "InputObject"];

    /// <summary>Isolates a node.</summary>
    /// <param name="dag">Its DAG.</param>
    /// <param name="label">Its label.</param>
    /// <param name="parameters">Values by parameter; the one value of a node without parameters, and of a composite node, has the key
    /// <c>_</c>.</param>
    /// <returns>The DAG, and its source input.</returns>
    /// <exception cref="DagException">There is no such node, a key is blank, or a composite node is given no value.</exception>
    public static (Dag Dag, IDictionary Input) Isolate(Dag dag, string label, IDictionary? parameters)
    {
        var node = dag[label].Unconditional();
        var alone = new Dag(dag.Name, dag.Description) { Host = dag.Host, Strict = dag.Strict };
        var input = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        var values = parameters ?? new Hashtable();
        foreach (var key in values.Keys)
        {
            NameRule.Require(
                key.ToString(),
                $"A key of the parameters of node '{node.Label}'",
                "Give each value the name of a parameter; the one value of a node without parameters has the key _.");
        }

        if (node.IsComposite)
        {
            var value = WholeValue(values) ?? throw new DagException(
                DagErrorId.DagInputMissing,
                $"The {node.Kind.ToString().ToLowerInvariant()} node '{node.Label}' needs the value that its upstream would give.",
                node.Label,
                "Give it under the key _.");
            // Not declared, as the value stands for the output of any upstream.
            object? Upstream() => value.Value;
            alone.Add($"{node.Label} (upstream)", (Func<object?>)Upstream).Add(node, [$"{node.Label} (upstream)"]);
        }
        else
        {
            alone.Add(node);
            if (node.Code!.Signatures is [{ TakesPipelineValue: true }])
                AddWholeValue(input, node.Label, values);
            else if (values.Count > 0)
                input[node.Label] = values;
        }

        return (alone, input);
    }

    private static void AddWholeValue(OrderedDictionary input, string label, IDictionary values)
    {
        if (WholeValue(values) is { } value)
            input[label] = value.Value;
    }

    private static DictionaryEntry? WholeValue(IDictionary values)
    {
        foreach (DictionaryEntry entry in values)
        {
            if (values.Count == 1 || WholeValueKeys.Contains(entry.Key.ToString(), StringComparer.OrdinalIgnoreCase))
                return entry;
        }

        return null;
    }
}
