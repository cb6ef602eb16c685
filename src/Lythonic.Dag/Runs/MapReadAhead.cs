using System.Diagnostics;

namespace Lythonic.Dag.Runs;

/// <summary>
/// Decides how many elements a map takes from the pipeline before there is a free slot for them. At first it takes none. If elements end so
/// quickly that waking the pipeline's thread for each one costs more than running it, a few elements wait in the queue: workers then go on
/// without that thread, and results are written several at a time. As soon as one element takes long, none are taken ahead.
/// </summary>
internal sealed class MapReadAhead : IDisposable
{
    private const int MostWaiting = 64;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(20);

    private readonly ManualResetEventSlim _wake = new();
    private int _count;
    private int _endsToWaitFor;

    /// <summary>How many elements may wait for a slot.</summary>
    public int Count => _count;

    /// <summary>Counts an element that has ended. May be called on any thread.</summary>
    public void CountEnd()
    {
        if (Interlocked.Decrement(ref _endsToWaitFor) == 0)
            _wake.Set();
    }

    /// <summary>Ends the current <see cref="Wait"/>. May be called on any thread.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Waits until as many elements have ended as half of those that may wait, for 2 ms at most.</summary>
    /// <param name="stop">Ends the wait.</param>
    public void Wait(CancellationToken stop)
    {
        if (_count < 2)
            return;
        _wake.Reset();
        Volatile.Write(ref _endsToWaitFor, _count / 2);
        WaitHandle.WaitAny([_wake.WaitHandle, stop.WaitHandle], LongestWait);
    }

    /// <summary>Adjusts <see cref="Count"/> by how long it took until there was room for another element.</summary>
    /// <param name="since">When the wait for room began, as <see cref="Stopwatch.GetTimestamp"/> gave it.</param>
    public void Adjust(long since)
    {
        var waited = Stopwatch.GetElapsedTime(since);
        if (waited > Slow)
            _count = 0;
        else if (waited < Quick)
            _count = Math.Clamp(2 * _count, 1, MostWaiting);
    }

    /// <inheritdoc/>
    public void Dispose() => _wake.Dispose();
}
