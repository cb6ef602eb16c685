namespace Lythonic.Dag.Execution;

/// <summary>The DAG of a run whose elements come while it runs: a node for what comes, and a map over it.</summary>
internal static class FedDag
{
    /// <summary>The label of the node that stands for what comes.</summary>
    public const string Input = "input";

    /// <summary>The label of the map, and of the one node of its sub-DAG.</summary>
    public const string Each = "each";

    /// <summary>Makes it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="code">What runs for each element.</param>
    /// <param name="settings">What is said of the map.</param>
    /// <exception cref="DagException">The name or a setting cannot be used.</exception>
    public static Dag Create(string name, NodeCode code, NodeSettings settings)
    {
        var element = new Dag(Each).Add(new DagNode(Each, code, new NodeSettings { TakesElementWhole = true }));
        return new Dag(name)
            .Add(new DagNode(Input, InputCode.Instance))
            .Add(DagNode.Map(Each, new SubDags(element), settings), [Input]);
    }

    /// <summary>Whether the node runs are those of such a run.</summary>
    public static bool Is(IEnumerable<Provenance.StoredNodeRun> nodes) => nodes.Any(node => node.Kind == NodeKind.Input);
}
