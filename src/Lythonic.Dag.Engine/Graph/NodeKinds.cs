namespace Lythonic.Dag;

/// <summary>What kinds of nodes have in common. A new kind of composite node is added here.</summary>
internal static class NodeKinds
{
    /// <summary>Whether such a node runs sub-DAGs.</summary>
    public static bool IsComposite(this NodeKind kind) => kind is NodeKind.Map or NodeKind.Call or NodeKind.Switch;
}
