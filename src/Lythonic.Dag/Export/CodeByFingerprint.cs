using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Export;

/// <summary>
/// The nodes of a DAG and its sub-DAGs by fingerprint. A store keeps only the fingerprint of a node's code; if a node of this session has
/// the same fingerprint, we know the code.
/// </summary>
internal static class CodeByFingerprint
{
    /// <summary>The nodes by fingerprint; none if the DAG is not known, or cannot be wired without its source input.</summary>
    public static IReadOnlyDictionary<string, DagNode> Index(Dag? dag)
    {
        var known = new Dictionary<string, DagNode>(StringComparer.Ordinal);
        try
        {
            if (dag is not null)
                Add(DagCompiler.Compile(dag, null, new Dictionary<string, NodeCode>(0), new ClrValueConverter()), known);
        }
        catch (DagException)
        {
            // The picture then shows everything but the code.
        }

        return known;
    }

    private static void Add(CompiledDag dag, Dictionary<string, DagNode> known)
    {
        foreach (var (node, definition) in dag.Nodes.Zip(dag.Definition.Nodes))
        {
            known.TryAdd(definition.Fingerprint, node.Declaration);
            foreach (var inner in node.SubDags?.All ?? [])
                Add(inner, known);
        }
    }
}
