namespace Lythonic.Dag;

/// <summary>The statuses as the database and users see them: lower case, words joined by an underscore.</summary>
public static class StatusNames
{
    private static readonly string[] Nodes =
        ["pending", "running", "completed", "failed", "skipped", "paused", "cancelled", "upstream_failed", "waiting", "omitted"];

    private static readonly string[] Runs = ["running", "paused", "failed", "completed", "cancelled", "interrupted"];

    /// <summary>The stored name of a node status.</summary>
    /// <param name="status">The status.</param>
    public static string ToName(this NodeStatus status) => Nodes[(int)status];

    /// <summary>The stored name of a run status.</summary>
    /// <param name="status">The status.</param>
    public static string ToName(this DagRunStatus status) => Runs[(int)status];

    /// <summary>Reads a stored node status.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">There is no such status.</exception>
    public static NodeStatus ParseNode(string name) => (NodeStatus)IndexOf(Nodes, name);

    /// <summary>Reads a stored run status.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">There is no such status.</exception>
    public static DagRunStatus ParseRun(string name) => (DagRunStatus)IndexOf(Runs, name);

    /// <summary>Whether an attempt that ended so did not run the node: another node, a condition or a stored output came before.</summary>
    internal static bool RanNothing(this NodeStatus status) =>
        status is NodeStatus.UpstreamFailed or NodeStatus.Omitted or NodeStatus.Skipped;

    private static int IndexOf(string[] names, string name)
    {
        var index = Array.IndexOf(names, name);
        return index >= 0 ? index : throw new ArgumentException($"'{name}' is not a status.", nameof(name));
    }
}
