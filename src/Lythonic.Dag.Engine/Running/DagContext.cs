using System.Collections;
using System.Collections.Specialized;

namespace Lythonic.Dag;

/// <summary>What a node knows of the run that it is in. A subclass that a node's first parameter declares is made and passed.</summary>
public class DagContext
{
    private Action? _whenAsked;
    private Func<OrderedDictionary>? _readUpstreams;
    private OrderedDictionary? _upstreams;
    private int _attempt;

    /// <summary>The name of the DAG.</summary>
    public string DagName { get; private set; } = "";

    /// <summary>The run's path: the DAG's name, or <c>&lt;dag&gt;/&lt;label&gt;[&lt;key&gt;]</c> for a sub-run.</summary>
    public string Path { get; private set; } = "";

    /// <summary>The label of this node.</summary>
    public string NodeLabel { get; private set; } = "";

    /// <summary>The id of the run, or of the sub-run that this node is in.</summary>
    public string RunId { get; private set; } = "";

    /// <summary>
    /// Which attempt this is, from 1. Read for the first time, it waits until the store holds this attempt, so that no other one, of a
    /// restart after a crash either, ever has the same number. A node that does not ask waits for nothing.
    /// </summary>
    /// <exception cref="DagException">The store cannot be written.</exception>
    public int Attempt
    {
        get
        {
            if (Volatile.Read(ref _whenAsked) is { } ask)
            {
                ask();
                Volatile.Write(ref _whenAsked, null);
            }

            return _attempt;
        }
    }

    /// <summary>The name of the host that this node runs on, or <see langword="null"/> where it runs in the caller's process.</summary>
    public string? HostName { get; internal set; }

    /// <summary>
    /// The span of this attempt as the W3C's <c>traceparent</c>, for what the node calls or starts; <see langword="null"/> where nobody
    /// listens to the spans of the run.
    /// </summary>
    public string? TraceParent { get; internal set; }

    /// <summary>
    /// How the upstreams of a closing node ended: label to <see cref="UpstreamEnd"/>, in the order of the edges; empty for other nodes.
    /// </summary>
    public IDictionary Upstreams => _upstreams ??= _readUpstreams?.Invoke() ?? new OrderedDictionary();

    /// <summary>Cancelled when the node has to stop.</summary>
    public CancellationToken CancellationToken { get; private set; }

    /// <summary>Whether <see cref="Pause"/> was called, even where the node caught what it throws.</summary>
    internal bool PauseRequested { get; private set; }

    /// <summary>What <see cref="Pause"/> was told.</summary>
    internal string? PauseReason { get; private set; }

    /// <summary>Pauses the run: nodes in flight finish, none starts, and this node runs again on restart.</summary>
    /// <param name="reason">Why, for people; or <see langword="null"/>.</param>
    /// <exception cref="DagPauseException">Always: it ends the node.</exception>
    public void Pause(string? reason = null)
    {
        PauseRequested = true;
        PauseReason = reason;
        throw new DagPauseException(reason);
    }

    /// <summary>Fills in a context.</summary>
    internal void Initialize(
        string dagName, string path, string label, string runId, int attempt, CancellationToken cancellationToken, Action? whenAsked = null)
    {
        DagName = dagName;
        Path = path;
        NodeLabel = label;
        RunId = runId;
        _attempt = attempt;
        _whenAsked = whenAsked;
        CancellationToken = cancellationToken;
    }

    /// <summary>Whether the node is a closing node, or inside one, so that it may run after the caller was stopped.</summary>
    internal bool IsClosing { get; set; }

    /// <summary>Says how the upstreams ended, when that is asked for.</summary>
    internal void ReadUpstreams(Func<OrderedDictionary> read) => _readUpstreams = read;

    /// <summary>Makes a context of a subclass that says the same as this one, and whose pause this one knows of.</summary>
    internal DagContext As(Type type)
    {
        if (type.IsInstanceOfType(this))
            return this;
        var context = (DagContext)Activator.CreateInstance(type)!;
        context.Initialize(DagName, Path, NodeLabel, RunId, _attempt, CancellationToken, _whenAsked);
        context.HostName = HostName;
        context.TraceParent = TraceParent;
        context._readUpstreams = _readUpstreams;
        return context;
    }
}
