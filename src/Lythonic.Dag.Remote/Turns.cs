using System.Diagnostics;

namespace Lythonic.Dag.Remote;

/// <summary>
/// Decides which of several calls begin that came together. Once the time is up, the one that is under way is the last. The caller is then
/// told at once, as the others can run elsewhere meanwhile.
/// </summary>
#pragma warning disable CA1001 // It disposes of its timer by itself, when no more of the calls begin.
internal sealed class Turns
#pragma warning restore CA1001
{
    private readonly object _gate = new();
    private readonly int _count;
    private readonly TimeSpan _limit;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Action<int> _tell;
    private readonly Timer _timer;
    private int _begun = 1;
    private bool _isOver;

    /// <summary>Begins the first call.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="limit">The time after which no more of them begin.</param>
    /// <param name="tell">Tells the caller how many have begun, when no more of them begin.</param>
    public Turns(int count, TimeSpan limit, Action<int> tell)
    {
        (_count, _limit, _tell) = (count, limit, tell);
        _timer = new Timer(static turns => ((Turns)turns!).Pass(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (count > 1)
            _timer.Change(limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Begins the next call, if there is one.</summary>
    /// <returns>Whether there is one, and the time is not up.</returns>
    public bool TryBeginNext()
    {
        lock (_gate)
        {
            if (_isOver)
                return false;
            // On a busy machine, the timer may be late.
            var goesOn = _begun < _count && Stopwatch.GetElapsedTime(_start) < _limit;
            if (goesOn)
                _begun++;
            if (!goesOn || _begun == _count)
                End();
            return goesOn;
        }
    }

    /// <summary>No more calls begin, and the caller knows that.</summary>
    public void End()
    {
        lock (_gate)
            _isOver = true;
        _timer.Dispose();
    }

    private void Pass()
    {
        lock (_gate)
        {
            if (_isOver)
                return;
            _isOver = true;
        }

        try
        {
            _tell(_begun);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Nobody would catch an exception on this thread. The caller learns of the end of the turns when the call ends.
        }

        _timer.Dispose();
    }
}
