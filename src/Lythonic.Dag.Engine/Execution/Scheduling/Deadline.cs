namespace Lythonic.Dag.Execution;

/// <summary>The time that one attempt of a sub-run may take, from when the first node in it starts, at any depth.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly RunExecution _run;
    private readonly TimeSpan _limit;
    private readonly CancellationTokenSource _stop;
    private ITimer? _timer;
    private bool _disposed;

    public Deadline(RunExecution run, TimeSpan limit, CancellationToken outer)
    {
        _run = run;
        _limit = limit < RetryDelay.LongestTimer ? limit : RetryDelay.LongestTimer;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(outer);
        Token = _stop.Token;
    }

    /// <summary>Cancelled when the time is up, or when the run around the sub-run stops.</summary>
    public CancellationToken Token { get; }

    /// <summary>Whether the time is up. Under the lock.</summary>
    public bool HasPassed { get; private set; }

    /// <summary>Starts the clock, once. Under the lock.</summary>
    public void Arm()
    {
        if (_timer is null && !_disposed)
            _timer =
                _run.Session.Clock.CreateTimer(static deadline => ((Deadline)deadline!).Pass(), this, _limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Stops the clock. Under the lock.</summary>
    public void Dispose()
    {
        _disposed = true;
        _timer?.Dispose();
        // If the time has passed, Pass is about to cancel the source, so it is not disposed.
        if (!HasPassed)
            _stop.Dispose();
    }

    private void Pass() => _run.Session.Background.Do(() =>
    {
        lock (_run.Session.Lock)
        {
            if (_disposed)
                return;
            HasPassed = true;
        }

        // Cancelling runs callbacks of nodes, so it must happen outside of the lock.
        Cancellation.Request(_stop);
        _run.Session.Halt();
    });
}
