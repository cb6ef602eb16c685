namespace Lythonic.Dag.Hosting;

/// <summary>A call that waits for a worker, or is with one.</summary>
/// <param name="Frame">The call.</param>
/// <param name="Image">What of the caller's session it needs.</param>
internal sealed record WorkerJob(CallFrame Frame, SessionImage Image)
{
    // Continuations run where the call ended, on the worker's thread: one hand-over less for each node.
    private readonly TaskCompletionSource<NodeOutcome> _done = new();

    /// <summary>Completes when the call has ended.</summary>
    public Task<NodeOutcome> Done => _done.Task;

    /// <summary>The call ended; only the first end counts.</summary>
    public void End(NodeOutcome outcome) => _done.TrySetResult(outcome);
}
