namespace Lythonic.Dag.Hosting;

/// <summary>The scriptblocks of a DAG.</summary>
internal static class NodeScripts
{
    /// <summary>All of them, those of its sub-DAGs too; a DAG that is there several times is gone through once.</summary>
    public static IEnumerable<ScriptBlockCode> Collect(Dag dag) => Collect(dag, []);

    /// <summary>Those of one node itself: what it runs, what picks its branch, and what says whether it is tried again.</summary>
    public static IEnumerable<ScriptBlockCode> Collect(DagNode node) =>
        ((NodeCode?[])[node.Code, node.SubDags?.By?.Code, node.Settings.Retry.On?.Code]).OfType<ScriptBlockCode>();

    private static IEnumerable<ScriptBlockCode> Collect(Dag dag, HashSet<Dag> seen) => seen.Add(dag)
        ? dag.Nodes.SelectMany(node => Collect(node).Concat((node.SubDags?.All() ?? []).SelectMany(sub => Collect(sub.Dag, seen))))
        : [];
}
