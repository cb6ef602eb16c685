namespace Lythonic.Dag.Provenance;

/// <summary>What is known of a run when it begins.</summary>
/// <param name="RunId">Its id.</param>
/// <param name="Path">The DAG's name, or the sub-run's path: what the database calls <c>dag_nsref</c>.</param>
/// <param name="Definition">The shape of its DAG.</param>
/// <param name="StartedAt">When it began.</param>
public sealed record RunStart(string RunId, string Path, DagDefinition Definition, DateTimeOffset StartedAt)
{
    /// <summary>The run that this is a sub-run of, or <see langword="null"/>.</summary>
    public RunHandle? Parent { get; init; }

    /// <summary>The composite node that this is a sub-run of, or <see langword="null"/>.</summary>
    public string? ParentNode { get; init; }

    /// <summary>The key of the element: an index, a dictionary key, <c>call</c> or a branch; or <see langword="null"/>.</summary>
    public string? ElementKey { get; init; }

    /// <summary>
    /// Identifies the element of a dictionary or a set, whatever the order of the elements: the stored form of its key or, in a set, of its
    /// value. <see langword="null"/> for an element that its position identifies.
    /// </summary>
    public string? ElementId { get; init; }

    /// <summary>The position of the element in the order in which the elements run, from 0.</summary>
    public int Ordinal { get; init; }

    /// <summary>The branch that was chosen, or <see langword="null"/>.</summary>
    public string? Branch { get; init; }

    /// <summary>The source input as JSON text, or <see langword="null"/>. For a sub-run it is the input of its source.</summary>
    public string? SourceInput { get; init; }

    /// <summary>The run that this one replays, or <see langword="null"/>.</summary>
    public string? ReplayedFrom { get; init; }

    /// <summary>For a replay, what it was told to run; otherwise <see langword="null"/>.</summary>
    public ReplayScope? Replay { get; init; }

    /// <summary>The labels of the targets; empty if all nodes run.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>
    /// The turn of a root run that may begin only while no other run of its name is live; <see langword="null"/> for a run that begins in
    /// any case. The store checks the turn and durably records the run in one step; if the turn has not come, it records nothing.
    /// </summary>
    public RunTurn? Turn { get; init; }

    /// <summary>The description of its DAG, or <see langword="null"/>; also for a sub-run.</summary>
    public string? Description { get; init; }

    /// <summary>The tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
}
