using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// Which nodes of a run are ready, in flight, done or reused. Pure: no I/O, no clock, no threads. Run, restart and replay differ only in
/// what <see cref="Restore"/> was told before <see cref="Begin"/>.
/// </summary>
internal sealed class RunState
{
    // The shared empty list: never add to it.
    private static readonly List<int> None = [];

    private readonly CompiledDag _dag;
    private readonly NodeStatus[] _status;
    private readonly int[] _waiting;
    private readonly bool[]? _ended;

    public RunState(CompiledDag dag)
    {
        _dag = dag;
        _status = new NodeStatus[dag.Nodes.Length];
        _waiting = new int[dag.Nodes.Length];
        _ended = dag.HasClosing ? new bool[dag.Nodes.Length] : null;
        Remaining = dag.Nodes.Length;
        foreach (var node in dag.Nodes)
            _waiting[node.Index] = node.Upstreams.Length;
    }

    /// <summary>How many nodes are not done: neither completed nor reused nor omitted.</summary>
    public int Remaining { get; private set; }

    /// <summary>Whether every node is done.</summary>
    public bool IsComplete => Remaining == 0;

    /// <summary>Whether any node is omitted.</summary>
    public bool HasOmitted { get; private set; }

    public NodeStatus this[int node] => _status[node];

    /// <summary>Whether a node of that status is done: it is not run again, and what is downstream need not wait for it.</summary>
    public static bool IsDone(NodeStatus status) => status is NodeStatus.Completed or NodeStatus.Skipped or NodeStatus.Omitted;

    /// <summary>Takes over a node that was done before. Only before <see cref="Begin"/>.</summary>
    public void Restore(int node, NodeStatus status)
    {
        _status[node] = status;
        HasOmitted |= status == NodeStatus.Omitted;
        Remaining--;
        foreach (var downstream in _dag.Nodes[node].Downstreams)
            _waiting[downstream]--;
    }

    /// <summary>The nodes that can start at once, in order.</summary>
    public List<int> Begin()
    {
        var ready = new List<int>();
        for (var node = 0; node < _status.Length; node++)
        {
            if (IsReady(node))
                ready.Add(node);
        }

        return ready;
    }

    /// <summary>
    /// Resets every node that is not done to not started, so that the run is tried again from <see cref="Begin"/>; and also closing nodes
    /// that are done, if one of their upstreams runs again.
    /// </summary>
    /// <returns>The closing nodes that were done.</returns>
    public List<int> Reopen()
    {
        for (var node = 0; node < _status.Length; node++)
        {
            if (!IsDone(_status[node]))
                _status[node] = NodeStatus.Pending;
        }

        return _ended is null ? [] : ReopenClosing(_ended);
    }

    /// <summary>
    /// The node that a run was at when its time was up: the first node that was stopped, or else the first that is not done.
    /// </summary>
    public CompiledNode FirstOpen() =>
        _dag.Nodes.FirstOrDefault(node => _status[node.Index] == NodeStatus.Cancelled)
        ?? _dag.Nodes.First(node => !IsDone(_status[node.Index]));

    /// <summary>Marks a node as in flight.</summary>
    public void Start(int node) => _status[node] = NodeStatus.Running;

    /// <summary>Marks a node as not started again: it never ran, or waited to run again.</summary>
    public void Withdraw(int node) => _status[node] = NodeStatus.Pending;

    /// <summary>Marks a node as done.</summary>
    /// <param name="node">The node.</param>
    /// <param name="status">Completed or omitted.</param>
    /// <returns>The nodes that became ready, in order.</returns>
    public List<int> Complete(int node, NodeStatus status)
    {
        _status[node] = status;
        HasOmitted |= status == NodeStatus.Omitted;
        Remaining--;
        if (_dag.Nodes[node].Downstreams.Length == 0)
            return None;
        var ready = new List<int>();
        foreach (var downstream in _dag.Nodes[node].Downstreams)
        {
            if (--_waiting[downstream] == 0 && IsReady(downstream))
                ready.Add(downstream);
        }

        return ready;
    }

    /// <summary>Marks a node that ended without an output.</summary>
    /// <param name="node">The node.</param>
    /// <param name="status">Failed, paused or cancelled.</param>
    public void Stop(int node, NodeStatus status) => _status[node] = status;

    /// <summary>Notes that a node ended without being done, or never starts. Only in a DAG that has closing nodes.</summary>
    /// <returns>The closing nodes whose upstreams have all ended now, in order.</returns>
    public List<int> End(int node)
    {
        var ready = new List<int>();
        if (_ended![node])
            return ready;
        _ended[node] = true;
        foreach (var downstream in _dag.Nodes[node].Downstreams)
        {
            if (_dag.Nodes[downstream].IsClosing && --_waiting[downstream] == 0 && IsReady(downstream))
                ready.Add(downstream);
        }

        return ready;
    }

    /// <summary>Marks all nodes downstream of a failed node that have not started, except closing nodes, which still run.</summary>
    /// <returns>The nodes that were marked now.</returns>
    public List<int> MarkDownstream(int failed)
    {
        var marked = new List<int>();
        var open = new Stack<int>(_dag.Nodes[failed].Downstreams);
        while (open.TryPop(out var node))
        {
            if (_status[node] != NodeStatus.Pending || _dag.Nodes[node].IsClosing)
                continue;
            _status[node] = NodeStatus.UpstreamFailed;
            marked.Add(node);
            foreach (var downstream in _dag.Nodes[node].Downstreams)
                open.Push(downstream);
        }

        return marked;
    }

    private List<int> ReopenClosing(bool[] ended)
    {
        var reopened = new List<int>();
        var again = new Stack<int>();
        for (var node = 0; node < _status.Length; node++)
        {
            if (!IsDone(_status[node]))
                again.Push(node);
        }

        while (again.TryPop(out var node))
        {
            foreach (var downstream in _dag.Nodes[node].Downstreams)
            {
                if (!_dag.Nodes[downstream].IsClosing || !(ended[node] || IsDone(_status[node])))
                    continue;
                _waiting[downstream]++;
                if (IsDone(_status[downstream]))
                    again.Push(downstream);
            }

            if (IsDone(_status[node]))
            {
                _status[node] = NodeStatus.Pending;
                Remaining++;
                reopened.Add(node);
            }

            ended[node] = false;
        }

        return reopened;
    }

    private bool IsReady(int node) => _waiting[node] == 0 && _status[node] == NodeStatus.Pending;
}
