namespace Lythonic.Dag;

/// <summary>
/// An error in how a DAG or a run is used, or of a store, with a stable id. The failure of a node is a value, <see cref="NodeFailure"/>,
/// and is not thrown.
/// </summary>
public sealed class DagException : Exception
{
    private readonly string? _action;

    /// <summary>Makes an error.</summary>
    /// <param name="id">The stable identifier.</param>
    /// <param name="message">What is wrong, naming the node, the parameter and the candidates.</param>
    /// <param name="target">What the error is about: a label, a run id, a path.</param>
    /// <param name="action">What the user can do, or <see langword="null"/>.</param>
    /// <param name="inner">The cause, or <see langword="null"/>.</param>
    public DagException(DagErrorId id, string message, object? target = null, string? action = null, Exception? inner = null)
        : base(message, inner)
    {
        Id = id;
        Target = target;
        _action = action;
    }

    /// <summary>Makes an error of the problems that validation found. The first one gives the id and the target.</summary>
    /// <param name="problems">One or more problems.</param>
    public DagException(IReadOnlyList<DagProblem> problems)
        : this(First(problems).ErrorId, Describe(problems), First(problems).Node, First(problems).RecommendedAction)
    {
        Problems = problems;
        Remedy = First(problems).Remedy;
    }

    /// <summary>The stable identifier.</summary>
    public DagErrorId Id { get; }

    /// <summary>What the error is about, or <see langword="null"/>.</summary>
    public object? Target { get; }

    /// <summary>What the user can do, or <see langword="null"/>.</summary>
    public string? RecommendedAction => _action ?? Remedy?.ToString();

    /// <summary>If validation raised the error, every problem of the DAG; otherwise empty.</summary>
    public IReadOnlyList<DagProblem> Problems { get; } = [];

    /// <summary>
    /// What the user can do, as data that a host can put into its own words; <see langword="null"/> if there is only the text of
    /// <see cref="RecommendedAction"/>.
    /// </summary>
    internal DagRemedy? Remedy { get; init; }

    /// <summary>The parameter of a node that refused its value, or <see langword="null"/>.</summary>
    internal string? RefusedBy { get; init; }

    private static DagProblem First(IReadOnlyList<DagProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        return problems[0];
    }

    private static string Describe(IReadOnlyList<DagProblem> problems) =>
        problems.Count == 1
            ? problems[0].Message
            : string.Join(Environment.NewLine, problems.Select(problem => $"{problem.ErrorId}: {problem.Message}"));
}
