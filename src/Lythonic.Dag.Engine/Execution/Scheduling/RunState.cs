using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// Which nodes of a run are ready, in flight, done or reused. Pure: no I/O, no clock, no threads. Run, restart and replay differ only in
/// what <see cref="Restore"/> was told before <see cref="Begin"/>.
/// </summary>
internal sealed class RunState
{
    private readonly CompiledDag _dag;
    private readonly NodeStatus[] _status;
    private readonly int[] _waiting;

    public RunState(CompiledDag dag)
    {
        _dag = dag;
        _status = new NodeStatus[dag.Nodes.Length];
        _waiting = new int[dag.Nodes.Length];
        Remaining = dag.Nodes.Length;
        foreach (var node in dag.Nodes)
            _waiting[node.Index] = node.Upstreams.Length;
    }

    /// <summary>How many nodes are not done: neither completed nor reused.</summary>
    public int Remaining { get; private set; }

    /// <summary>Whether every node is done.</summary>
    public bool IsComplete => Remaining == 0;

    public NodeStatus this[int node] => _status[node];

    /// <summary>Takes over a node that was done before. Only before <see cref="Begin"/>.</summary>
    public void Restore(int node, NodeStatus status)
    {
        _status[node] = status;
        Remaining--;
        foreach (var downstream in _dag.Nodes[node].Downstreams)
            _waiting[downstream]--;
    }

    /// <summary>The nodes that can start at once, in order.</summary>
    public IEnumerable<int> Begin() => _dag.Nodes.Where(node => IsReady(node.Index)).Select(node => node.Index);

    /// <summary>Takes every node that is not done back to not started, so that the run is tried again from <see cref="Begin"/>.</summary>
    public void Reopen()
    {
        for (var node = 0; node < _status.Length; node++)
        {
            if (_status[node] is not (NodeStatus.Completed or NodeStatus.Skipped))
                _status[node] = NodeStatus.Pending;
        }
    }

    /// <summary>The first node that was stopped, or else the first that is not done: where a run that is out of time stands.</summary>
    public CompiledNode FirstOpen() =>
        _dag.Nodes.FirstOrDefault(node => _status[node.Index] == NodeStatus.Cancelled)
        ?? _dag.Nodes.First(node => _status[node.Index] is not (NodeStatus.Completed or NodeStatus.Skipped));

    /// <summary>A node is in flight.</summary>
    public void Start(int node) => _status[node] = NodeStatus.Running;

    /// <summary>A node is back to not started: it was never run, or waited to run again.</summary>
    public void Withdraw(int node) => _status[node] = NodeStatus.Pending;

    /// <summary>A node is done.</summary>
    /// <returns>The nodes that became ready, in order.</returns>
    public List<int> Complete(int node)
    {
        _status[node] = NodeStatus.Completed;
        Remaining--;
        var ready = new List<int>();
        foreach (var downstream in _dag.Nodes[node].Downstreams)
        {
            if (--_waiting[downstream] == 0 && IsReady(downstream))
                ready.Add(downstream);
        }

        return ready;
    }

    /// <summary>A node ended without an output.</summary>
    /// <param name="node">The node.</param>
    /// <param name="status">Failed, paused or cancelled.</param>
    public void Stop(int node, NodeStatus status) => _status[node] = status;

    /// <summary>Marks all that lies downstream of a failed node and has not started.</summary>
    /// <returns>The nodes that were marked now.</returns>
    public List<int> MarkDownstream(int failed)
    {
        var marked = new List<int>();
        var open = new Stack<int>(_dag.Nodes[failed].Downstreams);
        while (open.TryPop(out var node))
        {
            if (_status[node] != NodeStatus.Pending)
                continue;
            _status[node] = NodeStatus.UpstreamFailed;
            marked.Add(node);
            foreach (var downstream in _dag.Nodes[node].Downstreams)
                open.Push(downstream);
        }

        return marked;
    }

    private bool IsReady(int node) => _waiting[node] == 0 && _status[node] == NodeStatus.Pending;
}
