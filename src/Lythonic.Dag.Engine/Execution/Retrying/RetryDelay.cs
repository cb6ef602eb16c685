using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>The wait before another attempt: how long it is, and what follows it.</summary>
internal static class RetryDelay
{
    /// <summary>The longest time that a timer can be set to, in whole days.</summary>
    public static TimeSpan LongestTimer { get; } = TimeSpan.FromDays(49);

    private static readonly TimeSpan LongestGrown = TimeSpan.FromDays(1);

    /// <summary>The wait before a retry.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="retry">Which retry, from 0.</param>
    /// <returns>
    /// The policy's delay. If it is exponential, the delay is doubled for each retry, up to a day, and then lengthened at random by up to a
    /// half, so that nodes that failed together do not come back together. The wait is never shorter than the delay that was asked for, as
    /// with a server's <c>Retry-After</c> (RFC 9110, 10.2.3). That the wait is partly random follows Brooker, "Exponential Backoff and
    /// Jitter" (2015), who shortens it.
    /// </returns>
    public static TimeSpan Compute(RetryPolicy policy, int retry)
    {
        if (policy.Backoff == RetryBackoff.Constant || policy.Delay <= TimeSpan.Zero)
            return policy.Delay < LongestTimer ? policy.Delay : LongestTimer;
        var longest = Math.Max(policy.Delay.TotalMilliseconds, LongestGrown.TotalMilliseconds);
        var grown =
            Math.Min(policy.Delay.TotalMilliseconds * Math.Pow(2, Math.Min(retry, 40)), Math.Min(longest, LongestTimer.TotalMilliseconds));
        return TimeSpan.FromMilliseconds(Math.Min(grown * (1 + (Random.Shared.NextDouble() / 2)), LongestTimer.TotalMilliseconds));
    }

    /// <summary>Waits before a retry; ends at once when no node of the run may start any more.</summary>
    /// <param name="run">The run.</param>
    /// <param name="node">The node whose limits hold.</param>
    /// <param name="delay">How long.</param>
    public static async ValueTask WaitAsync(RunExecution run, CompiledNode node, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
            return;
        CancellationToken halted;
        lock (run.Session.Lock)
            halted = run.Limits.HaltedOf(node);
        try
        {
            await Task.Delay(delay, run.Session.Clock, halted).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The caller checks whether it may go on.
        }
    }

    /// <summary>Waits as a node's policy says, and starts the node again unless nothing of its run starts any more.</summary>
    /// <param name="run">The run.</param>
    /// <param name="node">The node.</param>
    /// <param name="retry">Which retry, from 0.</param>
    /// <param name="failed">The attempt that failed.</param>
    /// <param name="enqueue">Adds the next attempt to what is ready. Under the lock.</param>
    public static async Task TryAgainAsync(RunExecution run, CompiledNode node, int retry, NodeResult failed, Action enqueue)
    {
        var delay = Compute(node.Settings.Retry, retry);
        run.Waiting.Add(node.Index, failed.Attempt, failed.Error, delay);
        run.Session.Dispatch();
        await WaitAsync(run, node, delay).ConfigureAwait(false);
        lock (run.Session.Lock)
        {
            run.Tally.Note(node.Index, failed);
            if (run.Limits.MayStartNode(node))
                enqueue();
            else
                run.Withdraw(node.Index);
        }

        run.Session.Dispatch();
    }
}
