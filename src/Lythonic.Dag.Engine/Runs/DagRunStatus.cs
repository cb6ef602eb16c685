namespace Lythonic.Dag;

/// <summary>The status of a run. The database has it in lower case.</summary>
public enum DagRunStatus
{
    /// <summary>Nodes are running, or may start.</summary>
    Running,

    /// <summary>Stopped cleanly; a restart continues it.</summary>
    Paused,

    /// <summary>A node failed.</summary>
    Failed,

    /// <summary>Every node is done.</summary>
    Completed,

    /// <summary>Stopped by the user; nodes in flight were stopped.</summary>
    Cancelled,

    /// <summary>The process that owned it died. The database still says that it is running; only readers see this status.</summary>
    Interrupted,
}
