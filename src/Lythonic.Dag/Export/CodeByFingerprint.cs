using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Export;

/// <summary>
/// The nodes of a DAG by their fingerprints, with those of its sub-DAGs. A store keeps the fingerprint of a node's code and not the code:
/// of a node that is the same here, what it ran is known.
/// </summary>
internal static class CodeByFingerprint
{
    /// <summary>The nodes; none where the DAG is not known, or cannot be wired without its source input.</summary>
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
            // The drawing has all but the code.
        }

        return known;
    }

    private static void Add(CompiledDag dag, Dictionary<string, DagNode> known)
    {
        foreach (var (node, definition) in dag.Nodes.Zip(dag.Definition.Nodes))
        {
            known.TryAdd(definition.Fingerprint, node.Node);
            foreach (var inner in node.SubDags?.All ?? [])
                Add(inner, known);
        }
    }
}
