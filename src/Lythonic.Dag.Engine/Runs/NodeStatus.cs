namespace Lythonic.Dag;

/// <summary>The status of a node run.</summary>
public enum NodeStatus
{
    /// <summary>Not started.</summary>
    Pending,

    /// <summary>In flight.</summary>
    Running,

    /// <summary>Done; its output is stored.</summary>
    Completed,

    /// <summary>Failed; its error is stored.</summary>
    Failed,

    /// <summary>Reused: its stored output is used, and its code did not run.</summary>
    Skipped,

    /// <summary>It paused its run, and runs again on restart.</summary>
    Paused,

    /// <summary>Stopped while in flight.</summary>
    Cancelled,

    /// <summary>Not run, because an upstream failed.</summary>
    UpstreamFailed,

    /// <summary>It waits for its next attempt, for a lock or for a host.</summary>
    Waiting,

    /// <summary>Not run, because its condition or the targets of the run said so, or because it needs the output of such a node.</summary>
    Omitted,
}
