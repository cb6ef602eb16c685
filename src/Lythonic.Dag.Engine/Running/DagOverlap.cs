namespace Lythonic.Dag;

/// <summary>
/// What a new run does if another run of the DAG's name is live in the database, that is, if a process is working on it. Restarted and
/// replayed runs count too.
/// </summary>
public enum DagOverlap
{
    /// <summary>It begins beside the other run.</summary>
    Allow,

    /// <summary>It fails with <see cref="DagErrorId.DagRunOverlaps"/> before it begins, and nothing is stored.</summary>
    Refuse,

    /// <summary>It waits until no other run is live. Several waiting runs begin in the order in which they asked.</summary>
    Wait,
}
