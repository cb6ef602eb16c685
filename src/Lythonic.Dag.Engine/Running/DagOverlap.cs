namespace Lythonic.Dag;

/// <summary>
/// What a new run does where a run of the DAG's name is live in the database: one that a process works on, restarted and replayed ones too.
/// </summary>
public enum DagOverlap
{
    /// <summary>It begins beside it.</summary>
    Allow,

    /// <summary>It does not begin: <see cref="DagErrorId.DagRunOverlaps"/>, and nothing is stored.</summary>
    Refuse,

    /// <summary>It begins when none is live any more, in the order of asking.</summary>
    Wait,
}
