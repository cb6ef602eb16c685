using Lythonic.Dag.Hosting;

namespace Lythonic.Dag.Binding;

/// <summary>What of a DAG's nodes will not find in a worker what they had where they were written: warnings, for <c>Test-Dag</c>.</summary>
internal static class SessionProblems
{
    /// <summary>The warnings, in the order of the nodes; none of inline nodes, which run in the caller's session.</summary>
    public static IEnumerable<DagProblem> Of(Dag dag) => Of(dag, "", [], []);

    private static IEnumerable<DagProblem> Of(Dag dag, string path, HashSet<string> known, HashSet<Dag> seen)
    {
        if (!seen.Add(dag))
            return [];
        var given = new HashSet<string>(known.Concat((dag.Host as DagSessionRequest)?.Variables.Keys ?? []), StringComparer.OrdinalIgnoreCase);
        return dag.Nodes.SelectMany(node => Of(node, path, given)
            .Concat((node.SubDags?.All() ?? []).SelectMany(sub => Of(sub.Dag, $"{path}{node.Label}/", given, seen))));
    }

    private static IEnumerable<DagProblem> Of(DagNode node, string path, HashSet<string> given) => node.Settings.Inline
        ? []
        : ((NodeCode?[])[node.Code, node.SubDags?.By?.Code, node.Settings.Retry.On?.Code]).OfType<ScriptBlockCode>()
            .SelectMany(code => code.CallerVariables).Distinct(StringComparer.OrdinalIgnoreCase).Where(name => !given.Contains(name))
            .Select(name => new DagProblem(
                DagErrorId.DagInputMissing,
                $"{path}{node.Label}",
                $"The node '{node.Label}' reads ${name}, a variable of the session that added it. In a worker it is empty: write $using:{name}, or give it to all nodes with New-Dag -Variable.",
                $"Write $using:{name}, name it in New-Dag -Variable, or run the node with -Inline.")
            {
                Severity = DagProblemSeverity.Warning,
            });
}
