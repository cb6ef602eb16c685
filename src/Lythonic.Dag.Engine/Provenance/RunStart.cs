namespace Lythonic.Dag.Provenance;

/// <summary>What is known of a run when it begins.</summary>
/// <param name="RunId">Its id.</param>
/// <param name="Path">The DAG's name, or the sub-run's path: what the database calls <c>dag_nsref</c>.</param>
/// <param name="Definition">The shape of its DAG.</param>
/// <param name="StartedAt">When.</param>
public sealed record RunStart(string RunId, string Path, DagDefinition Definition, DateTimeOffset StartedAt)
{
    /// <summary>The run that this is a sub-run of, or <see langword="null"/>.</summary>
    public RunHandle? Parent { get; init; }

    /// <summary>The composite node that this is a sub-run of, or <see langword="null"/>.</summary>
    public string? ParentNode { get; init; }

    /// <summary>The key of the element: an index, a dictionary key, <c>call</c> or a branch; or <see langword="null"/>.</summary>
    public string? ElementKey { get; init; }

    /// <summary>
    /// Tells the element from all others of its dictionary or set, in whatever order they come: the stored form of its key, or of its value
    /// in a set; <see langword="null"/> if its position does.
    /// </summary>
    public string? ElementId { get; init; }

    /// <summary>The position of the element in the order in which they are drawn, from 0.</summary>
    public int Ordinal { get; init; }

    /// <summary>The branch that was chosen, or <see langword="null"/>.</summary>
    public string? Branch { get; init; }

    /// <summary>The source input as JSON text, or <see langword="null"/>; a sub-run's is the input of its source.</summary>
    public string? SourceInput { get; init; }

    /// <summary>The run that this one replays, or <see langword="null"/>.</summary>
    public string? ReplayedFrom { get; init; }

    /// <summary>The labels of the nodes that are wanted, with what they need; empty for all.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>
    /// Of a root run that begins only where no other of its name is live: its turn. It is judged and the run recorded in one step, durably,
    /// or nothing is recorded. <see langword="null"/> for a run that begins in any case.
    /// </summary>
    public RunTurn? Turn { get; init; }

    /// <summary>The tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
}
