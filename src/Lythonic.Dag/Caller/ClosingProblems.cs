namespace Lythonic.Dag.Binding;

/// <summary>Warnings for <c>Test-Dag</c>: closing nodes that will not do what their author may expect.</summary>
internal static class ClosingProblems
{
    /// <summary>The warnings, in the order of the nodes.</summary>
    public static IEnumerable<DagProblem> Find(Dag dag) => Find(dag, "", []);

    private static IEnumerable<DagProblem> Find(Dag dag, string path, HashSet<Dag> seen)
    {
        if (!seen.Add(dag))
            return [];
        var withUpstream = dag.Edges.Select(edge => edge.To).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return dag.Nodes.SelectMany(node => OfNode(node, path, withUpstream.Contains(node.Label))
            .Concat((node.SubDags?.All() ?? []).SelectMany(sub => Find(sub.Dag, $"{path}{node.Label}/", seen))));
    }

    private static IEnumerable<DagProblem> OfNode(DagNode node, string path, bool hasUpstream)
    {
        if (!node.Settings.IsClosing)
            yield break;
        if (node.Settings.When == NodeWhen.Always && node.Settings.Inline)
        {
            yield return Warning(
                $"{path}{node.Label}",
                $"The closing node '{node.Label}' is inline: after Ctrl+C the caller's session is gone, and it cannot run.",
                "Leave -Inline out, so that it runs in a worker.");
        }

        if (!hasUpstream)
        {
            yield return Warning(
                $"{path}{node.Label}",
                $"The closing node '{node.Label}' comes after no node, so it waits for none.",
                "Name with -After the nodes that it comes after.");
        }
    }

    private static DagProblem Warning(string node, string message, string action) =>
        new(DagErrorId.DagNodeDoubtful, node, message, action) { Severity = DagProblemSeverity.Warning };
}
