namespace Lythonic.Dag;

/// <summary>
/// What differs between kinds of nodes, outside of <see cref="Execution.CompositeKind"/>. A new kind is answered for in
/// <see cref="WorkOf"/>.
/// </summary>
internal static class NodeKinds
{
    private enum Work
    {
        Nothing,
        Code,
        OneSubRun,
        OneBranch,
        Elements,
    }

    /// <summary>Whether such a node runs sub-DAGs.</summary>
    public static bool IsComposite(this NodeKind kind) => kind.RunsOneSubRun() || kind.HasElements();

    /// <summary>Whether such a node runs code itself.</summary>
    public static bool RunsCode(this NodeKind kind) => WorkOf(kind) == Work.Code;

    /// <summary>Whether such a node runs over the elements of its upstream's output and gives a collection of their results.</summary>
    public static bool HasElements(this NodeKind kind) => WorkOf(kind) == Work.Elements;

    /// <summary>Whether such a node has one sub-run, whose nodes are shown below it.</summary>
    public static bool RunsOneSubRun(this NodeKind kind) => WorkOf(kind) is Work.OneSubRun or Work.OneBranch;

    /// <summary>Whether such a node runs one of several sub-DAGs, whose label is shown.</summary>
    public static bool RunsOneBranch(this NodeKind kind) => WorkOf(kind) == Work.OneBranch;

    private static Work WorkOf(NodeKind kind) => kind switch
    {
        NodeKind.ScriptBlock or NodeKind.Method => Work.Code,
        NodeKind.Map => Work.Elements,
        NodeKind.Call => Work.OneSubRun,
        NodeKind.Switch => Work.OneBranch,
        NodeKind.Input => Work.Nothing,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not answered for."),
    };
}
