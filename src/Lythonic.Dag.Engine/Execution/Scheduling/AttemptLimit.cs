namespace Lythonic.Dag.Execution;

/// <summary>Limits the time that one call may take.</summary>
internal sealed class AttemptLimit : IDisposable
{
    private readonly RunSession _session;
    private readonly TimeSpan? _limit;
    private readonly CancellationTokenSource? _passed;
    private readonly CancellationTokenSource? _linked;
    private ITimer? _timer;

    /// <summary>Makes a limit.</summary>
    /// <param name="session">The session.</param>
    /// <param name="limit">How long the call may take; <see langword="null"/> for no limit.</param>
    /// <param name="outer">Also stops the call.</param>
    public AttemptLimit(RunSession session, TimeSpan? limit, CancellationToken outer)
    {
        _session = session;
        _limit = limit;
        Token = outer;
        if (limit is null)
            return;
        _passed = new CancellationTokenSource();
        _linked = CancellationTokenSource.CreateLinkedTokenSource(outer, _passed.Token);
        Token = _linked.Token;
    }

    /// <summary>Cancelled when the time is up or the outer token is cancelled.</summary>
    public CancellationToken Token { get; }

    /// <summary>Whether the time is up.</summary>
    public bool HasPassed => _passed is { IsCancellationRequested: true };

    /// <summary>Starts the clock.</summary>
    public void Arm()
    {
        // With the timer of a token source, an exception from a callback of user code would end the process.
        if (_limit is { } limit)
            _timer = _session.Clock.CreateTimer(
                static source => Cancellation.Request((CancellationTokenSource)source!),
                _passed,
                limit < RetryDelay.LongestTimer ? limit : RetryDelay.LongestTimer,
                Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        _linked?.Dispose();
        _passed?.Dispose();
    }
}
