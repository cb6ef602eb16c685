namespace Lythonic.Dag.Execution;

/// <summary>
/// The time that closing nodes have after a cancellation. Those without a timeout of their own share it, with their sub-runs and waits. A
/// second request to stop ends it for all.
/// </summary>
internal sealed class ClosingTime(RunSession session) : IDisposable
{
    private readonly CancellationTokenSource _shared = new();
    private readonly CancellationTokenSource _own = new();
    private ITimer? _timer;
    private bool _isDisposed;

    /// <summary>The length of the shared time.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Cancelled when it is over.</summary>
    /// <param name="hasTimeout">Whether it is asked for a node that has a timeout of its own.</param>
    public CancellationToken TokenOf(bool hasTimeout) => hasTimeout ? _own.Token : _shared.Token;

    /// <summary>Whether it is over.</summary>
    /// <param name="hasTimeout">Whether it is asked for a node that has a timeout of its own.</param>
    public bool IsOver(bool hasTimeout) => hasTimeout ? _own.IsCancellationRequested : _shared.IsCancellationRequested;

    /// <summary>Begins, once. The run was cancelled.</summary>
    public void Start()
    {
        lock (session.Lock)
        {
            if (_timer is null && !_isDisposed)
                _timer = session.Clock.CreateTimer(static time => ((ClosingTime)time!).Pass(), this, Limit, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends it for all.</summary>
    public void Stop()
    {
        Cancellation.Request(_own);
        Cancellation.Request(_shared);
        session.Halt();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (session.Lock)
            _isDisposed = true;
        _timer?.Dispose();
        // The token source is not disposed, because Pass may be about to cancel it.
    }

    private void Pass() => session.Background.Do(() =>
    {
        lock (session.Lock)
        {
            if (_isDisposed)
                return;
        }

        Cancellation.Request(_shared);
        session.Halt();
    });
}
