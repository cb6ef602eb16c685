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

    /// <summary>Reused: a replay took over its stored output.</summary>
    Skipped,

    /// <summary>Paused its run; runs again on restart.</summary>
    Paused,

    /// <summary>Stopped while in flight.</summary>
    Cancelled,

    /// <summary>Not run, because an upstream failed.</summary>
    UpstreamFailed,

    /// <summary>Waits for its next attempt, which has not begun.</summary>
    Waiting,

    /// <summary>Not run, because a condition said so, or because it needs the output of a node that was not run for that reason.</summary>
    Omitted,
}
