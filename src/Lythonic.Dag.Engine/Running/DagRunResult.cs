using System.Collections.Specialized;

namespace Lythonic.Dag;

/// <summary>The result of a run. The failure of a node is a value here; it is not thrown.</summary>
/// <param name="RunId">The id of the run.</param>
/// <param name="Status">How the run ended: completed, failed, paused or cancelled.</param>
/// <param name="Outputs">The outputs of the sinks that completed, by label, in the order of the nodes.</param>
/// <param name="FailedNode">The label of the node that failed first, or <see langword="null"/>.</param>
/// <param name="Error">One sentence: the error of that node, the reason of a pause, or the first error of a run that completed with
/// errors; otherwise <see langword="null"/>.</param>
public sealed record DagRunResult(string RunId, DagRunStatus Status, OrderedDictionary Outputs, string? FailedNode, string? Error)
{
    private readonly Lazy<OrderedDictionary> _outputs = new(Outputs);

    /// <summary>
    /// The outputs of the sinks that completed, by label, in the order of the nodes. The first read may read large outputs from the store.
    /// </summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagValueNotRestorable"/>: a stored output cannot be read.</exception>
    public OrderedDictionary Outputs
    {
        get => _outputs.Value;
        init => _outputs = new(value);
    }

    /// <summary>Makes <see cref="Outputs"/> when they are first read.</summary>
    internal Func<OrderedDictionary> ReadOutputs
    {
        init => _outputs = new(value);
    }

    /// <summary>The failure with all its details, or <see langword="null"/>.</summary>
    public NodeFailure? Failure { get; init; }

    /// <summary>
    /// The number of errors that nodes wrote without failing, and of elements that failed. Sub-runs are counted too; an element that failed
    /// counts once, whatever failed inside it. Each node that failed counts at least once.
    /// </summary>
    public int ErrorCount => Errors.Told(Status == DagRunStatus.Failed);

    /// <summary>The errors that were written and the elements that failed, split by kind.</summary>
    public ErrorCounts Errors { get; init; }

    /// <summary>How the nodes of the root run ended, in the order of the DAG's nodes. Nodes of sub-runs are not listed.</summary>
    public IReadOnlyList<NodeResult> Nodes { get; init; } = [];

    /// <summary>When the run began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When the run ended.</summary>
    public DateTimeOffset FinishedAt { get; init; }
}
