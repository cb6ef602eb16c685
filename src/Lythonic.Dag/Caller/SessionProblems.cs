using Lythonic.Dag.Execution;
using Lythonic.Dag.Hosting;

namespace Lythonic.Dag.Binding;

/// <summary>Warnings for <c>Test-Dag</c>: variables that the code of nodes reads and that are empty in a worker.</summary>
internal static class SessionProblems
{
    private static readonly Dictionary<string, NodeCode> NothingReplaced = [];

    /// <summary>The warnings, in the order of the nodes; none of inline nodes, which run in the caller's session.</summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="replaced">What nodes of the DAG run instead of their own code, by label; or <see langword="null"/>.</param>
    public static IEnumerable<DagProblem> Find(Dag dag, IReadOnlyDictionary<string, NodeCode>? replaced = null)
    {
        // Users of Invoke-DagMap made no node and no DAG that could have variables.
        var isOneLine = FedDag.IsOf(dag.Nodes.Select(node => node.Kind));
        return Find(dag, "", [], [], replaced ?? NothingReplaced)
            .Select(found => isOneLine ? OfLine(found.Path, found.Variable) : OfNode(found.Node, found.Path, found.Variable));
    }

    private static IEnumerable<(DagNode Node, string Path, FreeVariable Variable)> Find(
        Dag dag, string path, HashSet<string> known, HashSet<Dag> seen, IReadOnlyDictionary<string, NodeCode> replaced)
    {
        if (!seen.Add(dag))
            return [];
        var given = new HashSet<string>(
            known.Concat((dag.Host as DagSessionRequest)?.Variables.Keys ?? []), StringComparer.OrdinalIgnoreCase);
        return dag.Nodes.SelectMany(node => replaced.TryGetValue(node.Label, out var code)
            ? Find(node, [.. new[] { code }.OfType<ScriptBlockCode>()], path, given)
            : Find(node, NodeScripts.Collect(node), path, given)
                .Concat((node.SubDags?.All() ?? [])
                    .SelectMany(sub => Find(sub.Dag, $"{path}{node.Label}/", given, seen, NothingReplaced))));
    }

    private static IEnumerable<(DagNode Node, string Path, FreeVariable Variable)> Find(
        DagNode node, IEnumerable<ScriptBlockCode> scripts, string path, HashSet<string> given) =>
        node.Settings.Inline
        ? []
        : scripts.SelectMany(code => code.FreeVariables).DistinctBy(variable => variable.Name, StringComparer.OrdinalIgnoreCase)
            .Where(variable => !given.Contains(variable.Name))
            .Select(variable => (node, $"{path}{node.Label}", variable));

    private static DagProblem OfNode(DagNode node, string path, FreeVariable variable)
    {
        var name = variable.Name;
        var near = variable.Near is { } other ? $" Did you mean ${other}?" : "";
        return variable.IsOfCaller
            ? Warning(
                path,
                $"The node '{node.Label}' reads ${name}, a variable of the session that added it. In a worker it is empty: write "
                    + $"$using:{name}, or give it to all nodes with New-Dag -Variable.",
                $"Write $using:{name}, name it in New-Dag -Variable, or run the node with -Inline.")
            : Warning(
                path,
                $"The node '{node.Label}' reads ${name}, which nothing sets: it is empty.{near} If the name is right, set it in the "
                    + "node, declare it as a parameter, or give it with $using: or New-Dag -Variable.",
                $"Correct the name, or set ${name} in the node, declare it as a parameter, or give it with $using: or -Variable.");
    }

    private static DagProblem OfLine(string path, FreeVariable variable)
    {
        var name = variable.Name;
        var near = variable.Near is { } other ? $" Did you mean ${other}?" : "";
        return variable.IsOfCaller
            ? Warning(
                path,
                $"The scriptblock reads ${name}, a variable of the session. In a worker it is empty: write $using:{name}.",
                $"Write $using:{name}.")
            : Warning(
                path,
                $"The scriptblock reads ${name}, which nothing sets: it is empty.{near} If the name is right, set it in the "
                    + $"scriptblock, or set it before and write $using:{name}.",
                $"Correct the name, or set ${name}, before the line with $using:{name}.");
    }

    private static DagProblem Warning(string path, string message, string action) =>
        new(DagErrorId.DagVariableUnset, path, message, action) { Severity = DagProblemSeverity.Warning };
}
