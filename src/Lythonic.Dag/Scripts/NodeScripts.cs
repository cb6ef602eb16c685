namespace Lythonic.Dag.Hosting;

/// <summary>The scriptblocks of a DAG.</summary>
internal static class NodeScripts
{
    /// <summary>All scriptblocks of a DAG and its sub-DAGs. A DAG that occurs several times is visited once.</summary>
    public static IEnumerable<ScriptBlockCode> Collect(Dag dag) => Collect(dag, []);

    /// <summary>The scriptblocks of one node: its code, and the code that decides about it.</summary>
    public static IEnumerable<ScriptBlockCode> Collect(DagNode node) =>
        ((NodeCode?[])[node.Code, .. Choosing(node)]).OfType<ScriptBlockCode>();

    /// <summary>The code that decides about a node, and that runs in this process: condition, branch, host, and retry.</summary>
    public static IEnumerable<NodeCode?> Choosing(DagNode node) =>
        [node.Settings.If?.Code, node.SubDags?.By?.Code, node.Settings.Retry.On?.Code, node.Settings.Hosts?.Chooser?.Code];

    private static IEnumerable<ScriptBlockCode> Collect(Dag dag, HashSet<Dag> seen) => seen.Add(dag)
        ? dag.Nodes.SelectMany(node => Collect(node).Concat((node.SubDags?.All() ?? []).SelectMany(sub => Collect(sub.Dag, seen))))
        : [];
}
