namespace Lythonic.Dag;

/// <summary>The status of a run. In the database it stands in lower case.</summary>
public enum DagRunStatus
{
    /// <summary>Nodes are running, or may start.</summary>
    Running,

    /// <summary>Stopped cleanly; a restart goes on.</summary>
    Paused,

    /// <summary>A node failed.</summary>
    Failed,

    /// <summary>Every node is done.</summary>
    Completed,

    /// <summary>Stopped by the user; nodes in flight were stopped.</summary>
    Cancelled,

    /// <summary>The process that owned it is gone. Never in the database: it is what a running run with a dead owner shows as.</summary>
    Interrupted,
}
