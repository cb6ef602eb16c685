using System.Collections.Specialized;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag;

/// <summary>A run, as cmdlets write it. Inputs and outputs are loaded from the database only when they are read.</summary>
public sealed class DagRun
{
    private readonly Lazy<OrderedDictionary> _outputs;
    private readonly Lazy<object?> _sourceInput;
    private readonly Lazy<LabelledList<DagNodeRun>> _nodes;
    private readonly StoredRun _stored;
    private DagRun? _completed;

    internal DagRun(
        StoredRun run,
        string? databasePath,
        Func<OrderedDictionary> outputs,
        Func<object?> sourceInput,
        Func<IReadOnlyList<DagNodeRun>> nodes)
    {
        _stored = run;
        DatabasePath = databasePath;
        _outputs = new(outputs, LazyThreadSafetyMode.PublicationOnly);
        _sourceInput = new(sourceInput, LazyThreadSafetyMode.PublicationOnly);
        _nodes = new(() => LabelledList<DagNodeRun>.Create(nodes(), node => node.Label));
    }

    /// <summary>Reads a short text of the element of a sub-run; <see langword="null"/> for a run that has none.</summary>
    internal Func<string>? ReadElementName { get; init; }

    /// <summary>Finds the newest replay of a run in which something failed; <see langword="null"/> for any other run.</summary>
    internal Func<string?>? ReadReplay { get; init; }

    /// <summary>The id of the newest replay of a run in which something failed, or <see langword="null"/>.</summary>
    internal string? ReplayedAs => Current.ReadReplay?.Invoke();

    /// <summary>A short text of the element of a sub-run, if its key does not say it; otherwise <see langword="null"/> or empty.</summary>
    internal string? ElementName => Current.ReadElementName?.Invoke();

    /// <summary>The run's id.</summary>
    public string RunId => Stored.RunId;

    /// <summary>The DAG's name; for a sub-run, its path.</summary>
    public string DagName => Stored.Path;

    /// <summary>The status, in lower case.</summary>
    public string Status => Stored.Status.ToName();

    /// <summary>The outputs of the sinks by label, in the order of the nodes.</summary>
    public OrderedDictionary Outputs => Current._outputs.Value;

    /// <summary>The label of the node that failed, or <see langword="null"/>.</summary>
    public string? FailedNode => Stored.FailedNode;

    /// <summary>
    /// The error of the node that failed, the reason of a pause, or the first error of a run that completed, or was stopped, with errors;
    /// otherwise <see langword="null"/>.
    /// </summary>
    public string? Error => Stored.Error ?? (Stored.Status is DagRunStatus.Cancelled or DagRunStatus.Interrupted ? FirstError() : null);

    /// <summary>The source input, or <see langword="null"/>.</summary>
    public object? SourceInput => Current._sourceInput.Value;

    /// <summary>When it began, in UTC.</summary>
    public DateTimeOffset StartedAt => Stored.StartedAt;

    /// <summary>When it ended, in UTC; or <see langword="null"/>.</summary>
    public DateTimeOffset? FinishedAt => Stored.FinishedAt;

    /// <summary>
    /// How long it ran; <see langword="null"/> while it runs. The time between a stop and a restart is not part of it.
    /// </summary>
    public TimeSpan? Duration => Stored is { FinishedAt: not null } ended ? ended.Ran(default) : null;

    /// <summary>
    /// Who started it, as <c>user@machine</c>. A restart by somebody else does not change it. <see langword="null"/> if an older version of
    /// the module made the run.
    /// </summary>
    public string? StartedBy => Stored.StartedBy;

    /// <summary>
    /// The description that its DAG had when it began. A DAG that a command makes from one scriptblock has the beginning of its code as
    /// description. <see langword="null"/> if there is none, and for a sub-run.
    /// </summary>
    public string? Description => Stored.Description;

    /// <summary>For a sub-run, the id of the run that contains it; otherwise <see langword="null"/>.</summary>
    public string? ParentRunId => Stored.ParentRunId;

    /// <summary>The id of the run that this one replays, or <see langword="null"/>.</summary>
    public string? ReplayedFrom => Stored.ReplayedFrom;

    /// <summary>
    /// For a sub-run that ran no code because its output was reused, the id of the run in which the code ran, even if that run has been
    /// removed since; otherwise <see langword="null"/>. The status of such a sub-run is <c>completed</c>; tables and pages say reused.
    /// </summary>
    public string? ReusedFrom => Stored.ReusedFrom;

    /// <summary>The tags.</summary>
    public IReadOnlyList<string> Tag => Stored.Tags;

    /// <summary>
    /// The number of errors that nodes wrote without failing, and of elements that failed. Sub-runs are included; an element that failed
    /// counts once, whatever failed inside it. Each node that failed counts at least once.
    /// </summary>
    public int ErrorCount => Stored.Errors.Told(Stored.Status == DagRunStatus.Failed);

    /// <summary>The database that keeps it, or <see langword="null"/> if it is not kept.</summary>
    public string? DatabasePath { get; }

    /// <summary>
    /// The node runs, by position or by label: the latest attempt of each node, in the order of the DAG's nodes. A node that has not
    /// started is <c>pending</c>.
    /// </summary>
    public LabelledList<DagNodeRun> Nodes => Current._nodes.Value;

    /// <summary>
    /// Reads the current state of a run in progress, so that its properties show it each time they are read. <see langword="null"/> for a
    /// run whose properties show the state at the time it was read.
    /// </summary>
    internal Func<DagRun>? Latest { get; init; }

    internal StoredRun Stored => Current._stored;

    // The store has no error of a run that was stopped.
    private string? FirstError() => Stored.Errors.All == 0 ? null
        : Nodes.FirstOrDefault(node => node is { ErrorCount: > 0, Error: not null }) is { } node ? ErrorPlace.After(node.Label, node.Error)
        : null;

    // A completed run does not change any more.
    private DagRun Current
    {
        get
        {
            if (Latest is not { } latest)
                return this;
            if (_completed is not null)
                return _completed;
            var now = latest();
            if (now._stored.Status == DagRunStatus.Completed)
                _completed = now;
            return now;
        }
    }

    /// <summary>The run's id, so that a run can be given wherever an id is asked for.</summary>
    public override string ToString() => RunId;
}
