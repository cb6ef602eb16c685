using System.Collections.Specialized;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// The closing nodes of a run: they start as soon as their upstreams have ended, whatever keeps other nodes from starting, unless the run
/// pauses. It changes under the session's lock.
/// </summary>
/// <param name="run">The run.</param>
internal sealed class ClosingNodes(RunExecution run)
{
    private readonly RunSession _session = run.Session;
    private readonly Queue<int> _ready = [];
    private readonly Dictionary<int, NodeFailure> _failures = [];
    private bool _isSettled;

    /// <summary>All upstreams of a closing node have ended.</summary>
    public void Add(int node) => _ready.Enqueue(node);

    /// <summary>A node ended without being done.</summary>
    public void Ended(CompiledNode node, NodeFailure? failure)
    {
        if (failure is not null)
            _failures[node.Index] = failure;
        run.State.End(node.Index).ForEach(_ready.Enqueue);
    }

    /// <summary>A node that was to start does not. If only closing nodes still start, it counts as ended.</summary>
    public void Withdrawn(CompiledNode node)
    {
        if (node.IsClosing)
        {
            if (run.Limits.IsNodeStopped(node))
                Refuse(node);
        }
        else if (_isSettled)
        {
            Ended(node, null);
        }
    }

    /// <summary>Begins anew, for another attempt of the run.</summary>
    public void Reset()
    {
        _isSettled = false;
        _ready.Clear();
        _failures.Clear();
    }

    /// <summary>Starts the closing nodes whose upstreams have ended. Nodes that were kept from running count as ended.</summary>
    public void Launch()
    {
        if (_session.Fault is not null || (_session.IsPausing && !_session.IsCancelled))
            return;
        if (!_isSettled && !run.MayStart)
        {
            _isSettled = true;
            foreach (var node in run.Dag.Nodes)
            {
                if (!node.IsClosing && run.State[node.Index] is NodeStatus.Pending or NodeStatus.Paused)
                    Ended(node, null);
            }
        }

        while (_ready.TryDequeue(out var index))
            Start(run.Dag.Nodes[index]);
    }

    /// <summary>How the upstreams of a closing node ended, by label.</summary>
    public OrderedDictionary UpstreamsOf(CompiledNode node)
    {
        var upstreams = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        lock (_session.Lock)
        {
            foreach (var index in node.Upstreams)
            {
                var upstream = run.Dag.Nodes[index];
                var error = _failures.TryGetValue(index, out var failure) ? _session.Invoker.ErrorOf(failure, upstream.Label) : null;
                var output = run.HasOutput(index) ? run.Output(index) : null;
                upstreams.Add(upstream.Label, new UpstreamEnd(StatusOf(index).ToName(), error, () => output?.Read(_session)));
            }
        }

        return upstreams;
    }

    private void Start(CompiledNode node)
    {
        if (node.Settings.When == NodeWhen.Failed && Array.TrueForAll(node.Upstreams, upstream => RunState.IsDone(StatusOf(upstream))))
            run.Omit(node, "Not run: none of its upstreams failed.").ForEach(_ready.Enqueue);
        else if (run.Limits.IsNodeStopped(node))
            Refuse(node);
        else
            run.Launch(node);
    }

    private void Refuse(CompiledNode node)
    {
        run.Refuse(node, _session.Closing.IsOver(node.Settings.Timeout is not null)
            ? "Not run: the time for closing nodes after a cancellation was over."
            : run.Limits.IsInline(node)
                ? "Not run: after a cancellation the caller's thread is gone, and with it inline nodes."
                : "Not run: the run was cancelled.");
        Ended(node, null);
    }

    private NodeStatus StatusOf(int upstream) => run.State[upstream] switch
    {
        NodeStatus.Pending or NodeStatus.Paused => _session.IsCancelled ? NodeStatus.Cancelled : NodeStatus.UpstreamFailed,
        var status => status,
    };
}
