namespace Lythonic.Dag.Hosting;

/// <summary>A call that waits for a worker, or is with one.</summary>
/// <param name="Frame">The call.</param>
/// <param name="Image">What of the caller's session it needs.</param>
internal sealed record WorkerJob(CallFrame Frame, SessionImage Image)
{
    // Continuations run where the call ended, on the worker's thread: one hand-over less for each node. The caller's own thread may hold a lock.
    private readonly TaskCompletionSource<NodeOutcome> _done =
        new(Frame.Call.Inline ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None);

    /// <summary>Completes when the call has ended.</summary>
    public Task<NodeOutcome> Done => _done.Task;

    /// <summary>What is set around the node, where that is not done for all of its session.</summary>
    /// <param name="named">Variables that the session lacks.</param>
    public IReadOnlyDictionary<string, object?> Around(IReadOnlyDictionary<string, object?> named)
    {
        if (named.Count == 0 && Image.Asked.Count == 0 && !Frame.Call.IsStrict)
            return ScriptBlockCode.NoVariables;
        // Strict rules win, then what New-Dag says.
        return (Frame.Call.IsStrict ? StrictRules.Variables : ScriptBlockCode.NoVariables).Concat(named).Concat(Image.Asked)
            .DistinctBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase).ToDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The call ended; only the first end counts.</summary>
    public void End(NodeOutcome outcome) => _done.TrySetResult(outcome);
}
