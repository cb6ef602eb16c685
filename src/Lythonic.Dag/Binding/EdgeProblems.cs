using System.Collections;

namespace Lythonic.Dag.Binding;

/// <summary>Warnings for an edge that was probably forgotten: a source has a parameter with the name of another node.</summary>
internal static class EdgeProblems
{
    /// <summary>
    /// The warnings, in the order of the nodes. Parameters that have a value are left out, and those that the other node takes from the
    /// source input too, by that name. So are nodes that lie downstream, as an edge from them would form a cycle.
    /// </summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="input">The source input of the run; <see langword="null"/> if there is none, or if it is not known.</param>
    /// <param name="replaced">What nodes of the DAG run instead of their own code, by label; or <see langword="null"/>.</param>
    public static IEnumerable<DagProblem> Find(
        Dag dag, IDictionary? input = null, IReadOnlyDictionary<string, NodeCode>? replaced = null)
    {
        var withUpstream = dag.Edges.Select(edge => edge.To).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return dag.Nodes
            .Where(node => node.Code is ScriptBlockCode && !withUpstream.Contains(node.Label) && replaced?.ContainsKey(node.Label) != true)
            .SelectMany(node => Parameters(node).Where(parameter => IsOpen(node, parameter, input))
                .Select(parameter => (parameter, Other: OtherNode(dag, node, parameter)))
                .Where(found => found.Other is not null)
                .Select(found => Warning(node, found.parameter, found.Other!)));
    }

    private static IEnumerable<NodeParameter> Parameters(DagNode node) =>
        node.Code is { Signatures: [var only] } ? only.Parameters : [];

    private static bool IsOpen(DagNode node, NodeParameter parameter, IDictionary? input) =>
        !parameter.HasDefault && !node.Settings.Constants.Keys.Any(parameter.GoesBy)
            && !Keys(input).Any(key => parameter.GoesBy(key) || key.Equals(node.Label, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Keys(IDictionary? input) => (input?.Keys.Cast<object>() ?? []).Select(key => $"{key}");

    private static DagNode? OtherNode(Dag dag, DagNode node, NodeParameter parameter)
    {
        if (!dag.Contains(parameter.Name) || parameter.Name.Equals(node.Label, StringComparison.OrdinalIgnoreCase))
            return null;
        var other = dag[parameter.Name];
        return other.Settings.IsClosing || Parameters(other).Any(own => own.GoesBy(parameter.Name)) || IsDownstream(dag, node, other)
            ? null
            : other;
    }

    private static bool IsDownstream(Dag dag, DagNode from, DagNode to)
    {
        var downstreams = dag.Edges.ToLookup(edge => edge.From, edge => edge.To, StringComparer.OrdinalIgnoreCase);
        var reached = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var left = new Stack<string>([from.Label]);
        while (left.TryPop(out var label))
        {
            foreach (var next in downstreams[label].Where(reached.Add))
                left.Push(next);
        }

        return reached.Contains(to.Label);
    }

    private static DagProblem Warning(DagNode node, NodeParameter parameter, DagNode other) => new(
        DagErrorId.DagNodeDoubtful,
        node.Label,
        $"The parameter '{parameter.Name}' of the node '{node.Label}' has the name of the node '{other.Label}', but no edge comes from "
            + "that node, so only source input fills it.",
        $"Write -After {Completions.Quoted(other.Label)} at the node '{node.Label}', or give the parameter another name.")
    {
        Severity = DagProblemSeverity.Warning,
    };
}
