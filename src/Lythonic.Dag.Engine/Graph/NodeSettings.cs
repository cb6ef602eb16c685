namespace Lythonic.Dag;

/// <summary>The settings of a node besides what it runs: the parameters of <c>Add-DagNode</c>.</summary>
public sealed record NodeSettings
{
    /// <summary>The output type, which takes precedence over the one that the code declares; or <see langword="null"/>.</summary>
    public Type? OutputType { get; init; }

    /// <summary>Constant values by parameter name. Names compare without case. Source input takes precedence over constants.</summary>
    public IReadOnlyDictionary<string, object?> Constants { get; init; } = NoConstants;

    /// <summary>Whether the node runs on the caller's own thread.</summary>
    public bool Inline { get; init; }

    /// <summary>How many elements of a map may be in flight at once, or <see langword="null"/> for the run's limit.</summary>
    public int? ThrottleLimit { get; init; }

    /// <summary>Whether a map joins list outputs of its elements into one list.</summary>
    public bool Flatten { get; init; }

    /// <summary>How many elements of a map may fail, or <see langword="null"/> for none.</summary>
    public AllowedFailure? AllowedFailure { get; init; }

    /// <summary>
    /// When a failed attempt is followed by another. For a composite node this holds for each sub-run, and a retry goes on at the node that
    /// failed.
    /// </summary>
    public RetryPolicy Retry { get; init; } = RetryPolicy.None;

    /// <summary>
    /// How long one attempt may take, or <see langword="null"/> for any time. For a composite node, this holds for each attempt of a
    /// sub-run.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Where the code of the node, or of its elements, runs; <see langword="null"/> for this process.</summary>
    public NodeHosts? Hosts { get; init; }

    /// <summary>The sizes of the batches in which a map runs its elements, or <see langword="null"/> for no batches.</summary>
    public BatchSizes? Batch { get; init; }

    /// <summary>
    /// The locks that an attempt of the node holds, or <see langword="null"/>. Of all nodes of a database that name the same lock, in any
    /// run and process, only one is in flight at a time. Names compare without case. A composite node holds them from its first element to
    /// its end.
    /// </summary>
    public IReadOnlyList<string>? Locks { get; init; }

    /// <summary>The condition of the node, which sees its input; <see langword="null"/> if the node always runs.</summary>
    public NodePredicate? If { get; init; }

    /// <summary>How the upstreams must have ended for the node to run.</summary>
    public NodeWhen When { get; init; }

    /// <summary>
    /// Whether the node, or each element of a map, reuses the output of an earlier node run that had the same code and inputs.
    /// </summary>
    public bool Reuse { get; init; }

    /// <summary>How long ago the code of a reused output may have run, or <see langword="null"/> for any time.</summary>
    public TimeSpan? ReuseFor { get; init; }

    /// <summary>
    /// Whether the first parameter of a sub-DAG's source takes the whole element, however many parameters the source has.
    /// </summary>
    internal bool TakesElementWhole { get; init; }

    /// <summary>Whether it is a closing node, which may run after a failure or a cancellation.</summary>
    public bool IsClosing => When != NodeWhen.Succeeded;

    private static IReadOnlyDictionary<string, object?> NoConstants { get; } = new Dictionary<string, object?>(0);
}
