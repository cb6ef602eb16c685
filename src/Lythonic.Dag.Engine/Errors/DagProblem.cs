namespace Lythonic.Dag;

/// <summary>One thing that is wrong with a DAG, as <c>Test-Dag</c> writes it.</summary>
/// <param name="ErrorId">The identifier of the error that a run would raise.</param>
/// <param name="Node">The label of the node, with its sub-DAG's path where it is nested; or the DAG's name.</param>
/// <param name="Message">What is wrong, naming parameter and candidates.</param>
/// <param name="RecommendedAction">What the user can do, or <see langword="null"/>.</param>
public sealed record DagProblem(DagErrorId ErrorId, string Node, string Message, string? RecommendedAction = null)
{
    /// <summary>What the user can do, or <see langword="null"/>.</summary>
    public string? RecommendedAction { get => field ?? Remedy?.ToString(); init; } = RecommendedAction;

    /// <summary>
    /// What the user can do, as data; or <see langword="null"/> if the text of <see cref="RecommendedAction"/> is all.
    /// </summary>
    internal DagRemedy? Remedy { get; init; }

    /// <summary>How bad it is: every problem found so far keeps the DAG from running.</summary>
    public DagProblemSeverity Severity { get; init; } = DagProblemSeverity.Error;

    /// <inheritdoc/>
    public override string ToString() => $"{ErrorId}: {Message}";
}
