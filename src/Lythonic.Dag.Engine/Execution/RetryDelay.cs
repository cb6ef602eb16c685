namespace Lythonic.Dag.Execution;

/// <summary>How long to wait before another attempt.</summary>
internal static class RetryDelay
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>The wait before a retry.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="retry">Which retry, from 0.</param>
    /// <returns>
    /// The policy's delay; where it is exponential, that doubled for each retry and then shortened by up to a half at random ("equal jitter":
    /// Brooker, Exponential Backoff and Jitter, 2015), so that nodes that failed together do not come back together.
    /// </returns>
    public static TimeSpan Of(RetryPolicy policy, int retry)
    {
        if (policy.Backoff == RetryBackoff.Constant || policy.Delay <= TimeSpan.Zero)
            return policy.Delay;
        var grown = Math.Min(policy.Delay.TotalMilliseconds * Math.Pow(2, Math.Min(retry, 40)), Longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(grown * (0.5 + (Random.Shared.NextDouble() / 2)));
    }
}
