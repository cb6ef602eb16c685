using System.Collections;
using System.Collections.Specialized;

namespace Lythonic.Dag;

/// <summary>
/// What a node can know of the run that it is in. A node gets it by declaring a parameter of this type, or of a subclass with a public
/// constructor without parameters.
/// </summary>
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
    /// The number of this attempt, from 1. The first read waits until the store durably holds the attempt, so that no other attempt ever
    /// gets the same number, not even after a crash and a restart. A node that does not read it never waits.
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

    /// <summary>The name of the host that this node runs on, or <see langword="null"/> if it runs in the caller's process.</summary>
    public string? HostName { get; internal set; }

    /// <summary>
    /// The span of this attempt in the W3C's <c>traceparent</c> format, to pass on to what the node calls or starts;
    /// <see langword="null"/> if nobody listens to the spans of the run.
    /// </summary>
    public string? TraceParent { get; internal set; }

    /// <summary>
    /// How the upstreams of a closing node ended: a <see cref="UpstreamEnd"/> by label, in edge order. Empty for other nodes.
    /// </summary>
    public IDictionary Upstreams => _upstreams ??= _readUpstreams?.Invoke() ?? new OrderedDictionary();

    /// <summary>Cancelled when the node must stop.</summary>
    public CancellationToken CancellationToken { get; private set; }

    /// <summary>Whether <see cref="Pause"/> was called. It holds even if the node caught the exception.</summary>
    internal bool PauseRequested { get; private set; }

    /// <summary>The reason that <see cref="Pause"/> was given, or <see langword="null"/>.</summary>
    internal string? PauseReason { get; private set; }

    /// <summary>Pauses the run: nodes in flight finish, no other node starts, and this node runs again on restart.</summary>
    /// <param name="reason">The reason, for people; or <see langword="null"/>.</param>
    /// <exception cref="DagPauseException">Always thrown; it ends the node.</exception>
    public void Pause(string? reason = null)
    {
        PauseRequested = true;
        PauseReason = reason;
        throw new DagPauseException(reason);
    }

    /// <summary>Sets the properties of a new context.</summary>
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

    /// <summary>Whether the node is a closing node or inside one. Such a node may run after the caller was stopped.</summary>
    internal bool IsClosing { get; set; }

    /// <summary>
    /// The name by which people are told of this node, such as <c>each[2]/load</c> inside an element; <see langword="null"/> for its label.
    /// </summary>
    internal string? Place { get; set; }

    /// <summary>Sets the function that makes <see cref="Upstreams"/> when it is first read.</summary>
    internal void ReadUpstreams(Func<OrderedDictionary> read) => _readUpstreams = read;

    /// <summary>Returns this context if it is of the given type; otherwise makes one of that subclass with the same values.</summary>
    /// <param name="type"><see cref="DagContext"/> or a subclass.</param>
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
