using Lythonic.Dag.Values;

namespace Lythonic.Dag;

/// <summary>The options of a run, a restart or a replay.</summary>
public sealed record DagRunOptions
{
    // Of every operation, set by the user.

    /// <summary>
    /// How many nodes that run code may be in flight at once, those in sub-DAGs included. The default is the processor count.
    /// </summary>
    public int ThrottleLimit { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether, after a failure, every node that is not downstream of it still runs.</summary>
    public bool ContinueOnFailure { get; init; }

    /// <summary>
    /// Code that nodes run instead of their own, by label, in this run only. Labels compare without case. The wiring does not change.
    /// </summary>
    public IReadOnlyDictionary<string, NodeCode> Overrides { get; init; } = new Dictionary<string, NodeCode>(0);

    /// <summary>Whether every node runs on the caller's thread.</summary>
    public bool Inline { get; init; }

    /// <summary>Tags by which people find the run.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>
    /// Whether nodes with <see cref="NodeSettings.Reuse"/> run their code and reuse no output. Later runs may still reuse the outputs of
    /// this run.
    /// </summary>
    public bool NoReuse { get; init; }

    /// <summary>
    /// Whether the observer gets a message of the stream <c>verbose</c> for each start, end, retry and wait of a node.
    /// </summary>
    public bool LogsNodes { get; init; }

    // Of one operation, set by the user: a new run, a restart or a replay.

    /// <summary>
    /// The labels of the targets. They run, and so do all nodes upstream of them and the closing nodes whose upstreams all run. If empty,
    /// all nodes run. A restart or a replay takes the targets from its run.
    /// </summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>For a new run: what it does if another run of its name is live. Restarts and replays ignore it.</summary>
    public DagOverlap Overlap { get; init; }

    /// <summary>The id of the new run; <see langword="null"/> to make one.</summary>
    public string? RunId { get; init; }

    /// <summary>
    /// For a restart: whether to keep the stored outputs of completed nodes that have changed since, and to take the run over from a
    /// process on another machine. Nobody here can tell whether that process is alive; if it is, it can no longer write to the run.
    /// </summary>
    public bool Force { get; init; }

    /// <summary>
    /// For a restart or a replay: source input that takes precedence over the stored one; or <see langword="null"/>.
    /// </summary>
    public System.Collections.IDictionary? SourceInput { get; init; }

    /// <summary>For a replay: whether the nodes downstream of the named ones run again too.</summary>
    public bool IncludeDownstream { get; init; }

    /// <summary>
    /// For a replay whose named nodes are all maps: whether only the elements that did not complete run again, each from the start of its
    /// sub-DAG. The outputs of the others are reused.
    /// </summary>
    public bool FailedOnly { get; init; }

    // The seams, set by the program that the engine runs in.

    /// <summary>Runs the code of nodes; <see langword="null"/> for the engine's own invoker, which runs methods.</summary>
    public INodeInvoker? Invoker { get; init; }

    /// <summary>Is told of what happens in the run; or <see langword="null"/>.</summary>
    public IRunObserver? Observer { get; init; }

    /// <summary>The thread that inline nodes run on; <see langword="null"/> for the thread that calls the runner.</summary>
    public ICallerThread? CallerThread { get; init; }

    /// <summary>Cancels the closing nodes that run after the run was cancelled: the user's second request to stop.</summary>
    public CancellationToken StopClosing { get; init; }

    /// <summary>Turns values into JSON and back; <see langword="null"/> for the engine's own codec.</summary>
    public IValueCodec? Codec { get; init; }

    /// <summary>Converts values to declared types; <see langword="null"/> for the engine's own conversions.</summary>
    public IValueConverter? Converter { get; init; }

    /// <summary>Tells what the output of code depends on besides its inputs; <see langword="null"/> if on nothing else.</summary>
    public ICodeParts? CodeParts { get; init; }

    /// <summary>The clock for times, waits and timeouts.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// Hands over the elements of the run's only map while it runs; <see langword="null"/> if they come from an upstream.
    /// </summary>
    internal Execution.ElementFeed? Feed { get; init; }

    /// <summary>What a user of the host writes to see the runs of the DAG that can go on; or <see langword="null"/>.</summary>
    internal string? UnfinishedRunsShownBy { get; init; }
}
