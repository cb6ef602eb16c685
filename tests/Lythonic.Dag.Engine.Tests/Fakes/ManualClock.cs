using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>A clock that a test moves. It lets the test wait until something waits for the clock.</summary>
internal sealed class ManualClock : FakeTimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _set = new();

    // Nodes that begin at the same time begin to wait in any order. A wait that is not the one asked for may be asked for next.
    private readonly List<TimeSpan> _passedOver = [];
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    /// <summary>The lengths of all waits, in order.</summary>
    public IReadOnlyList<TimeSpan> Waits => [.. _set];

    /// <summary>Waits until something waits for that long (or, if no time is given, at all), and moves the clock on by that time.</summary>
    public async Task ElapseAsync(TimeSpan? time = null)
    {
        if (time is { } known && _passedOver.Remove(known))
        {
            Advance(known);
            return;
        }

        var next = await WaitAsync();
        for (; time is not null && next != time; next = await WaitAsync())
            _passedOver.Add(next);
        Advance(next);
    }

    /// <summary>Completes once something waits.</summary>
    public Task<TimeSpan> WaitAsync() => _waits.Reader.ReadAsync().AsTask().Soon();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Watched(this, base.CreateTimer(callback, state, dueTime, period));
        Note(dueTime);
        return timer;
    }

    private void Note(TimeSpan dueTime)
    {
        if (dueTime == Timeout.InfiniteTimeSpan)
            return;
        _set.Enqueue(dueTime);
        _waits.Writer.TryWrite(dueTime);
    }

    private sealed class Watched(ManualClock clock, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var changed = timer.Change(dueTime, period);
            clock.Note(dueTime);
            return changed;
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
