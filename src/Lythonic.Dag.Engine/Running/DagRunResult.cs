using System.Collections.Specialized;

namespace Lythonic.Dag;

/// <summary>What came of a run. A node's failure is here, not an exception.</summary>
/// <param name="RunId">The id of the run.</param>
/// <param name="Status">How it ended: completed, failed, paused or cancelled.</param>
/// <param name="Outputs">The outputs of the sinks that completed: label to value, in the order of the nodes.</param>
/// <param name="FailedNode">The label of the node that failed first, or <see langword="null"/>.</param>
/// <param name="Error">Its error, in one sentence; why the run paused; the first error of a run that completed with some; or
/// <see langword="null"/>.</param>
public sealed record DagRunResult(string RunId, DagRunStatus Status, OrderedDictionary Outputs, string? FailedNode, string? Error)
{
    private readonly Lazy<OrderedDictionary> _outputs = new(Outputs);

    /// <summary>
    /// The outputs of the sinks that completed: label to value, in the order of the nodes. Those that are large are read from the store
    /// now.
    /// </summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagValueNotRestorable"/>: a stored output cannot be read.</exception>
    public OrderedDictionary Outputs
    {
        get => _outputs.Value;
        init => _outputs = new(value);
    }

    /// <summary>Reads the outputs when they are first asked for.</summary>
    internal Func<OrderedDictionary> ReadOutputs
    {
        init => _outputs = new(value);
    }

    /// <summary>The failure with all that is known of it, or <see langword="null"/>.</summary>
    public NodeFailure? Failure { get; init; }

    /// <summary>
    /// How many errors nodes wrote, and elements that were allowed to fail, which did not fail the run; those of sub-runs among them.
    /// </summary>
    public int ErrorCount => Errors.All;

    /// <summary>The errors beside which its nodes ended.</summary>
    public ErrorCounts Errors { get; init; }

    /// <summary>How the nodes ended, in the order of the DAG's nodes: all of the root run's, none of its sub-runs'.</summary>
    public IReadOnlyList<NodeResult> Nodes { get; init; } = [];

    /// <summary>When the run began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset FinishedAt { get; init; }
}
