namespace Lythonic.Dag.Watching;

/// <summary>What somebody wants who watches a run.</summary>
internal enum WatchWish
{
    /// <summary>That the run pauses.</summary>
    Pause,

    /// <summary>To watch no longer.</summary>
    Leave,
}
