using System.Diagnostics;

namespace Lythonic.Dag.Commands;

/// <summary>
/// How many elements of a map are taken before they can start. None, until elements end so quickly that to wake one thread for each costs
/// more than they do: then a few wait, so that workers go on by themselves and results are written by the handful. One that takes longer
/// ends that at once.
/// </summary>
internal sealed class MapAhead : IDisposable
{
    private const int Most = 64;

    private static readonly TimeSpan Handful = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(20);

    private readonly ManualResetEventSlim _wake = new();
    private int _count;
    private int _left;

    /// <summary>How many may wait.</summary>
    public int Count => _count;

    /// <summary>An element has ended. On any thread.</summary>
    public void Ended()
    {
        if (Interlocked.Decrement(ref _left) == 0)
            _wake.Set();
    }

    /// <summary>No element is to be waited for any more. On any thread.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Waits until half of those that wait have started, or for no longer than nobody notices.</summary>
    /// <param name="stop">Ends the wait.</param>
    public void Wait(CancellationToken stop)
    {
        if (_count < 2)
            return;
        _wake.Reset();
        Volatile.Write(ref _left, _count / 2);
        WaitHandle.WaitAny([_wake.WaitHandle, stop.WaitHandle], Handful);
    }

    /// <summary>There is room again: judges how long that took.</summary>
    /// <param name="since">When the wait began, as <see cref="Stopwatch.GetTimestamp"/> said.</param>
    public void Judge(long since)
    {
        var waited = Stopwatch.GetElapsedTime(since);
        if (waited > Slow)
            _count = 0;
        else if (waited < Quick)
            _count = Math.Clamp(2 * _count, 1, Most);
    }

    /// <inheritdoc/>
    public void Dispose() => _wake.Dispose();
}
