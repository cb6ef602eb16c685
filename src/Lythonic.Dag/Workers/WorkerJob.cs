namespace Lythonic.Dag.Hosting;

/// <summary>A call that waits for a worker, or is with one.</summary>
/// <param name="Call">The call.</param>
/// <param name="Snapshot">What of the caller's session it needs.</param>
internal sealed record WorkerJob(ScriptCall Call, SessionSnapshot Snapshot)
{
    // Continuations run where the call ended, on the worker's thread: one hand-over less for each node. The caller's own thread may hold a
    // lock.
    private readonly TaskCompletionSource<NodeOutcome> _done =
        new(Call.NodeCall.Inline ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None);

    /// <summary>Completes when the call has ended.</summary>
    public Task<NodeOutcome> Done => _done.Task;

    /// <summary>What is set around the node, where that is not done for all of its session.</summary>
    /// <param name="named">Variables that the session lacks.</param>
    public IReadOnlyDictionary<string, object?> Around(IReadOnlyDictionary<string, object?> named)
    {
        if (named.Count == 0 && Snapshot.Asked.Count == 0 && !Call.NodeCall.IsStrict)
            return ScriptBlockCode.NoVariables;
        // Strict rules win, then what New-Dag says.
        return (Call.NodeCall.IsStrict ? StrictRules.Variables : ScriptBlockCode.NoVariables).Concat(named).Concat(Snapshot.Asked)
            .DistinctBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase).ToDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The call ended; only the first end counts.</summary>
    public void End(NodeOutcome outcome) => _done.TrySetResult(outcome);
}
