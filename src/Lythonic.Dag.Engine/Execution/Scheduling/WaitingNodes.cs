using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Execution;

/// <summary>The nodes of a run whose next attempt waits, as the store has them. Outside of the session's lock, which guards it.</summary>
internal sealed class WaitingNodes(RunExecution run)
{
    private readonly RunSession _session = run.Session;
    private Dictionary<int, NodeRunHandle>? _waiting;

    /// <summary>Records that the next attempt of a node waits.</summary>
    /// <param name="node">The node.</param>
    /// <param name="attempt">The attempt that failed.</param>
    /// <param name="error">Why.</param>
    /// <param name="delay">How long it waits.</param>
    public void Add(int node, int attempt, string? error, TimeSpan delay)
    {
        var now = _session.Now();
        RunLog.Waits(run, node, run.Tally.Attempts(node) + 1, $"attempt {run.Tally.TryOf(node, attempt)} failed: {error}", delay);
        var handle = _session.Provenance.StartNode(
            run.Handle, new NodeStart(node, run.Tally.Attempts(node) + 1, now, null)
            {
                Waits = $"Attempt {attempt} failed: {error}",
                WaitsUntil = delay > TimeSpan.Zero ? now + delay : null,
                IsConditionMet = run.Tally.IsConditionMet(node),
            });
        lock (_session.Lock)
            (_waiting ??= [])[node] = handle;
    }

    /// <summary>Records that a node waits for its host, unless the store already says that it waits.</summary>
    /// <param name="node">The node.</param>
    /// <param name="attempt">The attempt that it will be.</param>
    /// <param name="why">What it waits for.</param>
    public void AddForHost(int node, int attempt, string why)
    {
        lock (_session.Lock)
        {
            if (_waiting is not null && _waiting.ContainsKey(node))
                return;
        }

        RunLog.Waits(run, node, attempt, why);
        var start = new NodeStart(node, attempt, _session.Now(), null) { Waits = why, IsConditionMet = run.Tally.IsConditionMet(node) };
        var handle = _session.Provenance.StartNode(run.Handle, start);
        lock (_session.Lock)
            (_waiting ??= [])[node] = handle;
    }

    /// <summary>Records why a node still waits, if the store says that it waits.</summary>
    /// <param name="node">The node.</param>
    /// <param name="attempt">The attempt that it will be.</param>
    /// <param name="why">What it waits for.</param>
    public void SayAgain(int node, int attempt, string why)
    {
        if (RemoveHandle(node) is not { } handle)
            return;
        RunLog.Waits(run, node, attempt, why);
        PutBack(node, attempt, handle, why);
    }

    /// <summary>
    /// Records that an attempt waits after all, although its start was recorded. It waits until it begins or the run ends.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="attempt">The attempt that it will be.</param>
    /// <param name="handle">What the store has of it.</param>
    /// <param name="why">What it waits for.</param>
    public void PutBack(int node, int attempt, NodeRunHandle handle, string why)
    {
        var start = new NodeStart(node, attempt, _session.Now(), null) { Waits = why, IsConditionMet = run.Tally.IsConditionMet(node) };
        _session.Provenance.BeginNode(handle, start);
        lock (_session.Lock)
            (_waiting ??= [])[node] = handle;
    }

    /// <summary>Records that the nodes of a failed sub-run wait for its next attempt.</summary>
    /// <param name="delay">How long.</param>
    public void AddAll(TimeSpan delay)
    {
        foreach (var node in run.Dag.Nodes)
        {
            if (run.State[node.Index] is NodeStatus.Failed or NodeStatus.Cancelled)
                Add(node.Index, run.Tally.Attempts(node.Index), run.Failure?.Message, delay);
        }
    }

    /// <summary>Posts that an attempt of a node starts: one that waited, or a new one.</summary>
    public NodeRunHandle Start(NodeStart start)
    {
        if (run.Tally.IsConditionMet(start.NodeIndex))
            start = start with { IsConditionMet = true };
        try
        {
            if (RemoveHandle(start.NodeIndex) is not { } waiting)
                return _session.Provenance.StartNode(run.Handle, start);
            _session.Provenance.BeginNode(waiting, start);
            return waiting;
        }
        catch (Exception error) when (error is not DagException)
        {
            // Who starts a node takes what is thrown for the node's own.
            _session.Fail(error);
            throw;
        }
    }

    private NodeRunHandle? RemoveHandle(int node)
    {
        if (_waiting is null)
            return null;
        lock (_session.Lock)
            return _waiting.Remove(node, out var waiting) ? waiting : null;
    }

    /// <summary>The run ends, so no node waits any more.</summary>
    public void Withdraw()
    {
        foreach (var waiting in _waiting?.Values ?? Enumerable.Empty<NodeRunHandle>())
            _session.Provenance.WithdrawNode(waiting);
        _waiting?.Clear();
    }
}
