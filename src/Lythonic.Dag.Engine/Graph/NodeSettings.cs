namespace Lythonic.Dag;

/// <summary>What <c>Add-DagNode</c> says of a node beside what it runs.</summary>
public sealed record NodeSettings
{
    /// <summary>The output type, over the one that the code declares; or <see langword="null"/>.</summary>
    public Type? OutputType { get; init; }

    /// <summary>Values for parameters, by name without case. Source input wins over them.</summary>
    public IReadOnlyDictionary<string, object?> Constants { get; init; } = NoConstants;

    /// <summary>Whether the node runs on the caller's own thread.</summary>
    public bool Inline { get; init; }

    /// <summary>How many elements of a map are in flight at once, or <see langword="null"/> for the run's limit.</summary>
    public int? ThrottleLimit { get; init; }

    /// <summary>Whether a map splices list results.</summary>
    public bool Flatten { get; init; }

    /// <summary>How many elements of a map may fail, or <see langword="null"/> for none.</summary>
    public AllowedFailure? AllowedFailure { get; init; }

    /// <summary>
    /// When the node tries again. Of a composite node: when the sub-run of an element goes on after it failed, from the node that failed.
    /// </summary>
    public RetryPolicy Retry { get; init; } = RetryPolicy.None;

    /// <summary>
    /// How long one attempt may take, of a composite node one attempt of each element's sub-run; or <see langword="null"/> for as long as
    /// it takes.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Where the code runs, or <see langword="null"/> for this process. Of a composite node: that of its elements.</summary>
    public NodeHosts? Hosts { get; init; }

    /// <summary>How many elements of a map go together, one group after the other; or <see langword="null"/> for no groups.</summary>
    public BatchSizes? Batch { get; init; }

    /// <summary>
    /// The locks that an attempt of the node holds: of all nodes of a database that name one, in any run and process, one is in flight at a
    /// time. Names compare without case. <see langword="null"/> for none. A composite node keeps them from its first element to its end.
    /// </summary>
    public IReadOnlyList<string>? Locks { get; init; }

    /// <summary>Says whether the node runs, or <see langword="null"/> if it always does. It sees what the node would be given.</summary>
    public NodePredicate? If { get; init; }

    /// <summary>After which end of its upstreams the node runs.</summary>
    public NodeWhen When { get; init; }

    /// <summary>
    /// Whether the node, or each element of a map, takes the output of a node run before it that had the same code and inputs.
    /// </summary>
    public bool Reuse { get; init; }

    /// <summary>How long ago the code may have run whose output is taken, or <see langword="null"/> for any time.</summary>
    public TimeSpan? ReuseFor { get; init; }

    /// <summary>Whether the first parameter of a sub-DAG's source takes the element whole, however many parameters it has.</summary>
    internal bool TakesElementWhole { get; init; }

    /// <summary>Whether it is a closing node, which runs after a failure and after a cancellation too.</summary>
    public bool IsClosing => When != NodeWhen.Succeeded;

    private static IReadOnlyDictionary<string, object?> NoConstants { get; } = new Dictionary<string, object?>(0);
}
