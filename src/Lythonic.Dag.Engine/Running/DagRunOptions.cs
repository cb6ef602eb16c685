using Lythonic.Dag.Values;

namespace Lythonic.Dag;

/// <summary>How a run is run.</summary>
public sealed record DagRunOptions
{
    /// <summary>How many leaf nodes are in flight at once, over all nesting. Default: the processor count.</summary>
    public int ThrottleLimit { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether every node that is not downstream of a failure still runs.</summary>
    public bool ContinueOnFailure { get; init; }

    /// <summary>Code that runs instead of a node's own, by label without case, for this run alone. The wiring does not change.</summary>
    public IReadOnlyDictionary<string, NodeCode> Overrides { get; init; } = new Dictionary<string, NodeCode>(0);

    /// <summary>Whether every node runs on the caller's thread.</summary>
    public bool Inline { get; init; }

    /// <summary>Labels for people to find the run by.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>
    /// For a restart: keep the stored output of a completed node that has changed since, and take the run from a process on another
    /// machine, of which nobody here can tell whether it lives. Where it does, it writes nothing into the run any more.
    /// </summary>
    public bool Force { get; init; }

    /// <summary>For a new run: what it does where a run of its name is live. Restarts and replays are not held back.</summary>
    public DagOverlap Overlap { get; init; }

    /// <summary>For a replay: run what lies downstream of the named nodes too.</summary>
    public bool IncludeDownstream { get; init; }

    /// <summary>
    /// For a replay: of the named nodes, which must be maps, run the elements that did not complete, each from the start of its sub-DAG,
    /// and take over the rest.
    /// </summary>
    public bool FailedOnly { get; init; }

    /// <summary>For a restart or a replay: source input over the stored one; or <see langword="null"/>.</summary>
    public System.Collections.IDictionary? SourceInput { get; init; }

    /// <summary>Whether nodes run although they say that they take outputs over; those of this run are there to be taken.</summary>
    public bool NoReuse { get; init; }

    /// <summary>What the code of nodes takes along; <see langword="null"/> where that is nothing.</summary>
    public ICodeParts? CodeParts { get; init; }

    /// <summary>
    /// Whether who watches hears of each start, end, retry and wait of a node, as a message of the stream <c>verbose</c>.
    /// </summary>
    public bool LogsNodes { get; init; }

    /// <summary>The id of the run, or <see langword="null"/> to make one.</summary>
    public string? RunId { get; init; }

    /// <summary>What runs nodes; <see langword="null"/> for the engine's own, which runs methods.</summary>
    public INodeInvoker? Invoker { get; init; }

    /// <summary>Who watches; or <see langword="null"/>.</summary>
    public IRunObserver? Observer { get; init; }

    /// <summary>The thread of inline nodes; <see langword="null"/> to use the one that calls the runner.</summary>
    public ICallerThread? CallerThread { get; init; }

    /// <summary>
    /// The labels of the nodes that are wanted: they run, with all that lies upstream of them and closing nodes whose upstreams all run;
    /// empty for all nodes. A restart and a replay have those of their run.
    /// </summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>Where the elements of the run's one map come from, while it runs; <see langword="null"/> for other runs.</summary>
    internal Execution.ElementFeed? Feed { get; init; }

    /// <summary>Stops the closing nodes that run after a cancellation: a second request to stop.</summary>
    public CancellationToken StopClosing { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How values become JSON; <see langword="null"/> for the engine's own codec.</summary>
    public IValueCodec? Codec { get; init; }

    /// <summary>How values become declared types; <see langword="null"/> for the engine's own conversions.</summary>
    public IValueConverter? Converter { get; init; }

    /// <summary>
    /// Whether what follows from the end of the run is done on the thread that ended its last node: nobody goes on there with code of his
    /// own.
    /// </summary>
    internal bool EndsInPlace { get; init; }
}
