namespace Lythonic.Dag;

/// <summary>
/// The latest attempt of a node in a run, as cmdlets write it. A node that has not started is <c>pending</c>, with 0 attempts. Input,
/// output and messages are loaded from the database only when they are read.
/// </summary>
public sealed class DagNodeRun
{
    private readonly Lazy<object?> _input;
    private readonly Lazy<object?> _output;
    private readonly Lazy<IReadOnlyList<NodeMessage>> _messages;
    private readonly Lazy<LabelledList<DagRun>> _childRuns;

    internal DagNodeRun(
        NodeResult node,
        Func<object?> input,
        Func<object?> output,
        Func<IReadOnlyList<NodeMessage>> messages,
        Func<IReadOnlyList<DagRun>> childRuns)
    {
        Node = node;
        // A failure is not kept: each read is told of it, at its own place.
        _input = new(input, LazyThreadSafetyMode.PublicationOnly);
        _output = new(output, LazyThreadSafetyMode.PublicationOnly);
        // Keep the array: a list that the compiler makes for a collection expression has no indexer that PowerShell sees.
        _messages = new(() => messages().ToArray());
        _childRuns = new(() => LabelledList<DagRun>.Create(childRuns(), run => run.Stored.ElementKey));
    }

    /// <summary>The node's label.</summary>
    public string Label => Node.Label;

    /// <summary>The kind of node.</summary>
    public NodeKind Kind => Node.Kind;

    /// <summary>The status, in lower case.</summary>
    public string Status => Node.Status.ToName();

    /// <summary>The number of the attempt, from 1; 0 if it has not started.</summary>
    public int Attempt => Node.Attempt;

    /// <summary>When it started, in UTC; <see langword="null"/> while it waits.</summary>
    public DateTimeOffset? StartedAt => Node.StartedAt;

    /// <summary>When it ended, in UTC; or <see langword="null"/>.</summary>
    public DateTimeOffset? FinishedAt => Node.FinishedAt;

    /// <summary>How long it took; <see langword="null"/> while it runs.</summary>
    public TimeSpan? Duration => FinishedAt - StartedAt;

    /// <summary>The input of the node, a dictionary of values by parameter name; or <see langword="null"/>.</summary>
    public object? Input => _input.Value;

    /// <summary>The output of the node, or <see langword="null"/>.</summary>
    public object? Output => _output.Value;

    /// <summary>Its error, or the first error of a node that completed with errors; otherwise <see langword="null"/>.</summary>
    public string? Error => Node.Error;

    /// <summary>
    /// The number of errors that it wrote without failing, and of its elements that failed. Its sub-runs are included; an element that
    /// failed counts once, whatever failed inside it. A node that failed has at least one.
    /// </summary>
    public int ErrorCount => Node.Errors.Told(Node.Status == NodeStatus.Failed);

    /// <summary>The name of the host that it ran on, or <see langword="null"/> for the process that owned the run.</summary>
    public string? Host => Node.Host;

    /// <summary>
    /// For a reused node, the id of the run in which its code ran, even if that run has been removed since; otherwise
    /// <see langword="null"/>.
    /// </summary>
    public string? ReusedFrom => Node.ReusedFrom;

    /// <summary>The messages that the node wrote, limited in number and length.</summary>
    public IReadOnlyList<NodeMessage> Messages => _messages.Value;

    /// <summary>The sub-runs of a composite node in the order of their elements, by position or by the key of the element.</summary>
    public LabelledList<DagRun> ChildRuns => _childRuns.Value;

    internal NodeResult Node { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Label} {(Node.Status == NodeStatus.Skipped ? "reused" : Status)}";
}
