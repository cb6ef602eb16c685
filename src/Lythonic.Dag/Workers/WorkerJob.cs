using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Hosting;

/// <summary>A call that waits for a worker, or runs in one.</summary>
/// <param name="Call">The call.</param>
/// <param name="Snapshot">What it needs of the caller's session.</param>
internal sealed record WorkerJob(ScriptCall Call, SessionSnapshot Snapshot)
{
    // Continuations run on the worker's thread, where the call ended: this saves one hand-over a node. But the caller's own thread may hold
    // a lock, so inline calls continue elsewhere.
    private readonly TaskCompletionSource<NodeOutcome> _done =
        new(Call.NodeCall.Inline ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None);

    private CancellationTokenRegistration _withdrawal;
    private WorkerPool? _pool;

    /// <summary>Completes when the call has ended.</summary>
    public Task<NodeOutcome> Done => _done.Task;

    /// <summary>The variables to set around the node, if they are not set for its whole session.</summary>
    /// <param name="named">Variables that the session lacks.</param>
    public IReadOnlyDictionary<string, object?> Around(IReadOnlyDictionary<string, object?> named)
    {
        if (named.Count == 0 && Snapshot.Asked.Count == 0 && !Call.NodeCall.IsStrict)
            return ScriptBlockCode.NoVariables;
        // The rules of -Strict come first, then the variables of New-Dag.
        return (Call.NodeCall.IsStrict ? StrictRules.Variables : ScriptBlockCode.NoVariables).Concat(named).Concat(Snapshot.Asked)
            .DistinctBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase).ToDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The call ended; only the first end counts.</summary>
    public void End(NodeOutcome outcome)
    {
        _withdrawal.Unregister();
        _done.TrySetResult(outcome);
    }

    /// <summary>Ends the call as cancelled, because the thread that would make it has stopped.</summary>
    public void Withdraw() => End(NodeOutcome.Cancelled());

    /// <summary>Adds the call to a pool. If it is cancelled while it waits for a worker, it is removed from there and never runs.</summary>
    public void AddTo(WorkerPool pool)
    {
        _pool = pool;
        var token = Call.NodeCall.CancellationToken;
        // Before a worker can take it, and end it on another thread.
        _withdrawal = token.UnsafeRegister(static job => ((WorkerJob)job!).Leave(), this);
        pool.Add(this);
        if (token.IsCancellationRequested)
            Leave();
    }

    private void Leave()
    {
        if (_pool!.Remove(this))
            Withdraw();
    }
}
