namespace Lythonic.Dag.Execution;

/// <summary>The time that one call may take, apart from what else stops it.</summary>
internal sealed class AttemptLimit : IDisposable
{
    private readonly RunSession _session;
    private readonly TimeSpan? _limit;
    private readonly CancellationTokenSource? _passed;
    private readonly CancellationTokenSource? _linked;
    private ITimer? _timer;

    /// <summary>Makes a limit.</summary>
    /// <param name="session">The session.</param>
    /// <param name="limit">How long it may take; <see langword="null"/> for as long as it takes.</param>
    /// <param name="outer">What else stops the call.</param>
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

    /// <summary>Cancelled when the time is up, or what else stops the call does.</summary>
    public CancellationToken Token { get; }

    /// <summary>Whether the time is up.</summary>
    public bool HasPassed => _passed is { IsCancellationRequested: true };

    /// <summary>Starts the clock.</summary>
    public void Arm()
    {
        // A timer of a token source would let what the callbacks of user code throw end the process.
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
