using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Comparing;

/// <summary>What a comparison must know of node runs whose output was reused from an earlier run.</summary>
internal static class ReusedNodeRun
{
    /// <summary>Whether the node run was reused.</summary>
    public static bool Is(StoredNodeRun node) => node.Status == NodeStatus.Skipped;

    /// <summary>Whether all nodes of a sub-run were reused. Such a sub-run has a row for its sink, and perhaps for its source.</summary>
    public static bool IsAll(IReadOnlyList<StoredNodeRun> nodes) =>
        nodes.Count > 0 && nodes.All(node => node.Status is NodeStatus.Skipped or NodeStatus.Omitted);

    /// <summary>How the code of a node ended, in whichever run it ran.</summary>
    public static NodeStatus EndOf(StoredNodeRun node) => Is(node) ? NodeStatus.Completed : node.Status;

    /// <summary>Whether the outputs of two node runs were made in the same run, as far as that is known.</summary>
    public static bool RanTogether(StoredRun run, StoredNodeRun node, StoredRun otherRun, StoredNodeRun other) =>
        OriginOf(run, node) is not { } origin || OriginOf(otherRun, other) is not { } ofOther || origin == ofOther;

    // Elements that a replay reused do not record where they ran: it was the run that is replayed.
    private static string? OriginOf(StoredRun run, StoredNodeRun node) => node.ReusedFrom ?? (Is(node) ? null : run.RunId);
}
