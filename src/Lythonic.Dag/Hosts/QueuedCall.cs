namespace Lythonic.Dag.Hosting;

/// <summary>A call that waits for a slot of its host, or has one.</summary>
/// <param name="job">The call.</param>
internal sealed class QueuedCall(WorkerJob job)
{
    private readonly TaskCompletionSource<NodeOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _withdrawal;
    private int _hasBegun;

    /// <summary>The call.</summary>
    public WorkerJob Job => job;

    /// <summary>The call of the node.</summary>
    public NodeCall Call => job.Call.NodeCall;

    /// <summary>Whether it must not be sent together with others.</summary>
    public bool IsAlone => Call.IsAlone;

    /// <summary>How many calls of its node may share a slot.</summary>
    public int PerSlot => Call.Slots!.PerSlot;

    /// <summary>How it ended.</summary>
    public Task<NodeOutcome> Outcome => _outcome.Task;

    /// <summary>Begins the wait, in which it can be cancelled at once.</summary>
    public void CancelWithToken() => _withdrawal = Call.CancellationToken.UnsafeRegister(
        static queued =>
        {
            if (((QueuedCall)queued!).Begin())
                ((QueuedCall)queued).End(NodeOutcome.Cancelled());
        },
        this);

    /// <summary>Ends the wait.</summary>
    /// <returns>Whether it was still waiting.</returns>
    public bool Begin() => Interlocked.Exchange(ref _hasBegun, 1) == 0;

    /// <summary>Notes how it ended. Only the first end counts.</summary>
    public void End(NodeOutcome outcome)
    {
        _withdrawal.Unregister();
        _outcome.TrySetResult(outcome);
    }

    /// <summary>Ends it because it was sent with others and ended with one of them. It is made again.</summary>
    /// <param name="outcome">Why: a host that is unreachable, or anything else.</param>
    /// <param name="mayHaveBegun">Whether nobody knows if its turn came.</param>
    public void Return(NodeOutcome outcome, bool mayHaveBegun)
    {
        if (Outcome.IsCompleted)
            return;
        Call.IsReturned = true;
        Call.MayHaveBegun = mayHaveBegun;
        End(outcome);
    }
}
