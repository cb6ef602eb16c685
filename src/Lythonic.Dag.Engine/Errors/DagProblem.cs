namespace Lythonic.Dag;

/// <summary>One thing that is wrong with a DAG, as <c>Test-Dag</c> writes it.</summary>
/// <param name="ErrorId">The identifier of the error that a run would raise.</param>
/// <param name="Node">The label of the node, with the path of its sub-DAG if it is in one; or the name of the DAG.</param>
/// <param name="Message">What is wrong, naming parameter and candidates.</param>
/// <param name="RecommendedAction">What the user can do, or <see langword="null"/>.</param>
public sealed record DagProblem(DagErrorId ErrorId, string Node, string Message, string? RecommendedAction = null)
{
    /// <summary>What the user can do, or <see langword="null"/>.</summary>
    public string? RecommendedAction { get => field ?? Remedy?.ToString(); init; } = RecommendedAction;

    /// <summary>
    /// What the user can do, as data that a host can put into its own words; <see langword="null"/> if there is only the text of
    /// <see cref="RecommendedAction"/>.
    /// </summary>
    internal DagRemedy? Remedy { get; init; }

    /// <summary>The parameter that a misspelled name probably means; or <see langword="null"/>.</summary>
    internal string? Meant { get; init; }

    /// <summary>How severe the problem is.</summary>
    public DagProblemSeverity Severity { get; init; } = DagProblemSeverity.Error;

    /// <summary>Whether it is a missing input that another problem says was given under a misspelled name.</summary>
    internal bool IsMisspelledIn(DagProblem other) =>
        ErrorId == DagErrorId.DagInputMissing && Remedy is { Kind: DagRemedyKind.FillSourceParameter, Parameter: { } missing }
        && missing.Equals(other.Meant, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string ToString() => $"{ErrorId}: {Message}";
}
