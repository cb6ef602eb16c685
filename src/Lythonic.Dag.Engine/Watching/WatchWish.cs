namespace Lythonic.Dag.Watching;

/// <summary>What a user who watches a run asks for.</summary>
internal enum WatchWish
{
    /// <summary>To pause the run.</summary>
    Pause,

    /// <summary>To stop watching.</summary>
    Leave,
}
