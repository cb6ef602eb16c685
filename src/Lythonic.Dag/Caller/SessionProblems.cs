using Lythonic.Dag.Hosting;

namespace Lythonic.Dag.Binding;

/// <summary>Warnings for <c>Test-Dag</c>: variables that the code of nodes reads and that are empty in a worker.</summary>
internal static class SessionProblems
{
    private static readonly Dictionary<string, NodeCode> NothingReplaced = [];

    /// <summary>The warnings, in the order of the nodes; none of inline nodes, which run in the caller's session.</summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="replaced">What nodes of the DAG run instead of their own code, by label; or <see langword="null"/>.</param>
    public static IEnumerable<DagProblem> Find(Dag dag, IReadOnlyDictionary<string, NodeCode>? replaced = null) =>
        Find(dag, "", [], [], replaced ?? NothingReplaced);

    private static IEnumerable<DagProblem> Find(
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

    private static IEnumerable<DagProblem> Find(DagNode node, IEnumerable<ScriptBlockCode> scripts, string path, HashSet<string> given) =>
        node.Settings.Inline
        ? []
        : scripts.SelectMany(code => code.FreeVariables).DistinctBy(variable => variable.Name, StringComparer.OrdinalIgnoreCase)
            .Where(variable => !given.Contains(variable.Name))
            .Select(variable => Problem(node, $"{path}{node.Label}", variable));

    private static DagProblem Problem(DagNode node, string path, FreeVariable variable)
    {
        var name = variable.Name;
        return new(
            DagErrorId.DagInputMissing,
            path,
            variable.IsOfCaller
                ? $"The node '{node.Label}' reads ${name}, a variable of the session that added it. In a worker it is empty: write "
                    + $"$using:{name}, or give it to all nodes with New-Dag -Variable."
                : $"The node '{node.Label}' reads ${name}, which nothing sets: it is empty. If the name is right, set it in the node, "
                    + "declare it as a parameter, or give it with $using: or New-Dag -Variable.",
            variable.IsOfCaller
                ? $"Write $using:{name}, name it in New-Dag -Variable, or run the node with -Inline."
                : $"Correct the name, or set ${name} in the node, declare it as a parameter, or give it with $using: or -Variable.")
        {
            Severity = DagProblemSeverity.Warning,
        };
    }
}
