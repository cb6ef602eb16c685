namespace Lythonic.Dag.Watching;

/// <summary>
/// Reads a run and shows it until it ends. It reads four times a second; less often where nothing happens, and where readings take long, so
/// that they take a fiftieth of the time at most.
/// </summary>
/// <param name="read">Reads the run; <see langword="null"/> where it has been removed.</param>
/// <param name="screen">Where it is shown.</param>
/// <param name="pause">Asks the run to pause. Gives what to say of that.</param>
/// <param name="clock">The clock.</param>
internal sealed class WatchLoop(Func<RunView?> read, IRunScreen screen, Func<string> pause, TimeProvider clock)
{
    private const int ShareOfTime = 50;
    private const int QuietReadings = 8;

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    // The quickest of the last few counts: others waited for the machine, and the first for the compiler.
    private readonly Queue<TimeSpan> _took = new([TimeSpan.Zero, TimeSpan.Zero]);
    private string? _notice;
    private string _state = "";
    private int _quiet;

    /// <summary>Watches.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What was seen last; <see langword="null"/> where the run has been removed.</returns>
    public RunView? Run(CancellationToken cancellationToken)
    {
        while (true)
        {
            var begun = clock.GetTimestamp();
            if (read() is not { } view)
                return null;
            screen.Show(view, _notice);
            if (!view.IsLive || cancellationToken.IsCancellationRequested || Leaves(view, clock.GetElapsedTime(begun), cancellationToken))
                return view;
        }
    }

    private bool Leaves(RunView view, TimeSpan took, CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() + Pause(view, took);
        for (var left = until - clock.GetUtcNow(); left > TimeSpan.Zero; left = until - clock.GetUtcNow())
        {
            switch (screen.Wait(left, cancellationToken))
            {
                case WatchWish.Leave:
                    return true;
                case WatchWish.Pause:
                    _notice = pause();
                    return false;
            }

            if (cancellationToken.IsCancellationRequested)
                return true;
        }

        return false;
    }

    private TimeSpan Pause(RunView view, TimeSpan took)
    {
        var state = string.Join(
            ';', view.Nodes.Select(node => $"{(int)node.Status},{node.Attempt},{node.Map?.Done},{node.Map?.Failed},{node.Map?.InFlight}"));
        _quiet = state == _state ? _quiet + 1 : 0;
        _state = state;
        _took.Enqueue(took);
        var pause = _took.Min() * ShareOfTime;
        _took.Dequeue();
        var least = _quiet >= QuietReadings ? Quiet : Shortest;
        return pause < least ? least : pause < Longest ? pause : Longest;
    }
}
