using System.Collections;
using System.Collections.Specialized;

namespace Lythonic.Dag.Execution;

/// <summary>Makes a DAG of one node, with given values in the place of its upstreams, to run the node alone.</summary>
internal static class SingleNode
{
    private static readonly string[] WholeValueKeys = ["_", "$_", "InputObject"];

    /// <summary>Makes a DAG of one node.</summary>
    /// <param name="dag">The DAG of the node.</param>
    /// <param name="label">The label of the node.</param>
    /// <param name="parameters">Values by parameter name. A composite node, or a node without parameters, takes one value, under the key
    /// <c>_</c>.</param>
    /// <returns>The new DAG and its source input.</returns>
    /// <exception cref="DagException">There is no such node, a key is blank, or a composite node got no value.</exception>
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
            // The upstream declares no output type, because the value may be of any.
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
