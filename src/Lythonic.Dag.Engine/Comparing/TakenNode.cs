using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Comparing;

/// <summary>Tells of node runs that took over what an earlier run had.</summary>
internal static class TakenNode
{
    /// <summary>Whether it did.</summary>
    public static bool Is(StoredNodeRun node) => node.Status == NodeStatus.Skipped;

    /// <summary>Whether all nodes of a sub-run did: such a sub-run has the row of its sink, and of its source at most.</summary>
    public static bool IsAll(IReadOnlyList<StoredNodeRun> nodes) =>
        nodes.Count > 0 && nodes.All(node => node.Status is NodeStatus.Skipped or NodeStatus.Omitted);

    /// <summary>How a node ended, wherever its code ran.</summary>
    public static NodeStatus EndOf(StoredNodeRun node) => Is(node) ? NodeStatus.Completed : node.Status;

    /// <summary>Whether two node runs have what the same code gave in the same run.</summary>
    public static bool RanTogether(StoredRun run, StoredNodeRun node, StoredRun otherRun, StoredNodeRun other) =>
        OriginOf(run, node) is not { } origin || OriginOf(otherRun, other) is not { } ofOther || origin == ofOther;

    // Elements that a replay took over do not say where they ran: in the run that it replays.
    private static string? OriginOf(StoredRun run, StoredNodeRun node) => node.ReusedFrom ?? (Is(node) ? null : run.RunId);
}
