namespace Lythonic.Dag.Watching;

/// <summary>
/// Reads a run and shows it until it ends. It reads four times a second. It reads less often if nothing happens or if reading takes long,
/// so that reading takes at most a fiftieth of the time.
/// </summary>
/// <param name="read">Reads a view of the run; <see langword="null"/> if the run has been removed.</param>
/// <param name="screen">Shows the run.</param>
/// <param name="pause">Asks the run to pause; it returns whether that was possible, and a message for the user.</param>
/// <param name="clock">The clock.</param>
internal sealed class WatchLoop(Func<RunView?> read, IRunScreen screen, Func<(bool IsAsked, string Notice)> pause, TimeProvider clock)
{
    private const int ShareOfTime = 50;
    private const int QuietReadings = 8;
    private const string AsksAgain = "The run is pausing already, and that cannot be undone. Resume it when it has paused.";

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    // Only the quickest of the last few readings counts: others waited for a busy machine, and the first one for the compiler.
    private readonly Queue<TimeSpan> _took = new([TimeSpan.Zero, TimeSpan.Zero]);
    private string? _notice;
    private bool _isAsked;
    private string _state = "";
    private int _quiet;

    /// <summary>Watches the run.</summary>
    /// <param name="cancellationToken">Ends watching.</param>
    /// <returns>The last view; <see langword="null"/> if the run has been removed.</returns>
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
                    AskToPause();
                    return false;
            }

            if (cancellationToken.IsCancellationRequested)
                return true;
        }

        return false;
    }

    // The line that says how to go on stays.
    private void AskToPause()
    {
        if (_isAsked)
            _notice = string.Join('\n', [AsksAgain, .. _notice!.Split('\n').Skip(1)]);
        else
            (_isAsked, _notice) = pause();
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
