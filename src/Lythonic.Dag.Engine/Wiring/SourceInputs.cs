using System.Collections;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Wiring;

/// <summary>The source input, which the user gave by label or by parameter name, assigned to nodes.</summary>
internal sealed class SourceInputs
{
    private static readonly Dictionary<string, object?> Nothing = [];

    private readonly Dictionary<int, Dictionary<string, object?>> _byNode = [];
    private readonly Dictionary<int, object?> _pipelineValues = [];
    private readonly Dictionary<(int Node, string Parameter), string> _names = [];
    private readonly List<DagProblem> _problems;

    private SourceInputs(List<DagProblem> problems) => _problems = problems;

    /// <summary>No source input.</summary>
    public static SourceInputs None { get; } = new([]);

    /// <summary>The values for a node's parameters; empty if there are none.</summary>
    public IReadOnlyDictionary<string, object?> For(int node) => _byNode.TryGetValue(node, out var given) ? given : Nothing;

    /// <summary>The value that a node without parameters gets as <c>$_</c>.</summary>
    public bool TryGetPipelineValue(int node, out object? value) => _pipelineValues.TryGetValue(node, out value);

    /// <summary>Assigns source input to nodes.</summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="isSource">Whether a node, by position, has no upstream.</param>
    /// <param name="input">The source input of the user, or <see langword="null"/>.</param>
    /// <param name="objects">Removes the host's wrappers.</param>
    /// <param name="problems">The list that problems are added to.</param>
    public static SourceInputs Assign(
        Dag dag, Func<int, bool> isSource, IDictionary? input, IHostObjects objects, List<DagProblem> problems)
    {
        var assigned = new SourceInputs(problems);
        if (input is null)
            return assigned;
        var sources = Enumerable.Range(0, dag.Nodes.Count).Where(isSource).ToList();
        var keys = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in input)
        {
            var key = objects.Unwrap(entry.Key)?.ToString() ?? "";
            if (!keys.TryAdd(key, key))
                problems.Add(Twice(dag.Contains(key) ? dag[key].Label : dag.Name, $"DAG '{dag.Name}'", keys[key], key));
            else if (!assigned.TryAssignByLabel(dag, key, entry.Value, objects)
                && !assigned.TryAssignByParameter(dag, sources, key, entry.Value))
                problems.Add(Unknown(dag, sources, key));
        }

        return assigned;
    }

    private bool TryAssignByLabel(Dag dag, string key, object? value, IHostObjects objects)
    {
        if (!dag.Contains(key))
            return false;
        var index = dag.IndexOf(key);
        var signatures = dag.Nodes[index].Code?.Signatures;
        if (signatures is [{ TakesPipelineValue: true }])
        {
            _pipelineValues[index] = value;
            return true;
        }

        if (signatures is null || objects.Unwrap(value) is not IDictionary values)
            return false;
        var keys = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in values)
        {
            var name = objects.Unwrap(entry.Key)?.ToString() ?? "";
            var parameter = NameOf(signatures, name);
            if (keys.TryAdd(parameter, name))
                Add(index, parameter, entry.Value, overwrite: true);
            else
                _problems.Add(Twice(dag.Nodes[index].Label, $"node '{dag.Nodes[index].Label}'", keys[parameter], name));
        }

        return true;
    }

    private bool TryAssignByParameter(Dag dag, List<int> sources, string key, object? value)
    {
        var takers = sources
            .Where(index => dag.Nodes[index].Code is { } code && code.Signatures.Any(signature => Has(signature, key)))
            .ToList();
        foreach (var index in takers)
        {
            var parameter = NameOf(dag.Nodes[index].Code!.Signatures, key);
            if (_names.TryAdd((index, parameter), key))
                Add(index, parameter, value, overwrite: false);
            else
                _problems.Add(Twice(dag.Nodes[index].Label, $"node '{dag.Nodes[index].Label}'", _names[(index, parameter)], key));
        }

        return takers.Count > 0;
    }

    // A value given by label takes precedence over one given by parameter name.
    private void Add(int node, string parameter, object? value, bool overwrite)
    {
        if (!_byNode.TryGetValue(node, out var given))
            _byNode[node] = given = new(StringComparer.OrdinalIgnoreCase);
        if (overwrite)
            given[parameter] = value;
        else
            given.TryAdd(parameter, value);
    }

    // The name of the parameter that has this name or alias; the given name if there is none.
    private static string NameOf(IReadOnlyList<NodeSignature> signatures, string name) =>
        signatures.SelectMany(signature => signature.Parameters).FirstOrDefault(parameter => parameter.GoesBy(name))?.Name ?? name;

    private static bool Has(NodeSignature signature, string name) =>
        signature.Parameters.Any(parameter => parameter.GoesBy(name));

    /// <summary>The problem that two keys are the same name.</summary>
    /// <param name="node">The node, or the DAG, that the problem is about.</param>
    /// <param name="of">Whose input it is, such as <c>node 'a'</c>.</param>
    /// <param name="first">One key.</param>
    /// <param name="second">The other key.</param>
    public static DagProblem Twice(string node, string of, string first, string second) =>
        new(
            DagErrorId.DagInputAmbiguous,
            node,
            $"The source input of {of} has the keys '{first}' and '{second}', which are one name: "
                + "names compare without case, and an alias is its parameter.",
            "Give one of them.");

    private static DagProblem Unknown(Dag dag, List<int> sources, string key)
    {
        var offered = sources.Select(index => dag.Nodes[index]).Select(node =>
        {
            var parameters = node.Code?.Signatures.SelectMany(signature => signature.Parameters)
                .Select(parameter => parameter.Name).Distinct().ToList() ?? [];
            return parameters.Count == 0 ? $"'{node.Label}'" : $"'{node.Label}' ({string.Join(", ", parameters)})";
        }).ToList();
        var names = sources.Select(index => dag.Nodes[index]).SelectMany(node => (node.Code?.Signatures ?? [])
            .SelectMany(signature => signature.Parameters).Select(parameter => parameter.Name).Prepend(node.Label));
        var meant = NearName.Of(key, names);
        // Only sources take input by parameter name alone.
        var fed = dag.Nodes.FirstOrDefault(node => node.Code is { } code && code.Signatures.Any(signature => Has(signature, key)));
        return new(
            DagErrorId.DagSourceInputUnknown,
            dag.Contains(key) ? dag[key].Label : dag.Name,
            $"The source input '{key}' matches no source of the DAG '{dag.Name}' and no parameter of one; "
                + $"the sources are: {string.Join(", ", offered.Take(12))}.{(fed is null ? NearName.Question(key, names) : "")}")
        {
            Meant = fed is null ? meant : null,
            Remedy = fed is not null
                ? new(DagRemedyKind.NameNode) { Node = fed.Label, Parameter = NameOf(fed.Code!.Signatures, key) }
                : meant is null ? new(DagRemedyKind.NameSource)
                : null,
        };
    }
}
