namespace Lythonic.Dag.Engine.Tests.Model;

/// <summary>A clock on which every wait is over at once. A timeout comes when the node that shall time out asks for it.</summary>
internal sealed class InstantClock : TimeProvider
{
    [ThreadStatic]
    private static Timer? _lastTimeout;

    private long _ticks = DateTimeOffset.UnixEpoch.AddYears(50).Ticks;

    /// <summary>A time of at least this length is a timeout; a shorter one is a wait.</summary>
    public static TimeSpan TimeoutsFrom { get; } = TimeSpan.FromHours(1);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Increment(ref _ticks), TimeSpan.Zero);

    /// <summary>Triggers the timeout that this thread has set last.</summary>
    public static void TimeOut() => _lastTimeout!.Fire();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(InstantClock clock, Action callback) : ITimer
    {
        private volatile bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime >= TimeoutsFrom)
            {
                _lastTimeout = this;
            }
            else if (dueTime >= TimeSpan.Zero)
            {
                Interlocked.Add(ref clock._ticks, dueTime.Ticks);
                ThreadPool.QueueUserWorkItem(_ => Fire());
            }

            return true;
        }

        public void Fire()
        {
            if (!_disposed)
                callback();
        }

        public void Dispose() => _disposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
