using Lythonic.Dag.Watching;
using Microsoft.Extensions.Time.Testing;

namespace Lythonic.Dag.Engine.Tests.Watching;

/// <summary>How a run is watched: when it is read, and what ends that.</summary>
public sealed class WatchLoopTests : IRunScreen
{
    private readonly FakeTimeProvider _clock = new(Views.At);
    private readonly List<DateTimeOffset> _reads = [];
    private readonly List<string?> _notices = [];
    private TimeSpan _reading = TimeSpan.Zero;
    private Func<int, RunView?> _view = _ => Views.Live;
    private Func<int, WatchWish?> _wish = _ => null;
    private Queue<string> _answers = new(["asked"]);
    private bool _isAsked = true;

    public void Dispose()
    {
    }

    [Fact]
    public void It_reads_four_times_a_second_while_something_happens_and_less_often_when_nothing_does()
    {
        _view = read => read == 30 ? null : Going(Math.Min(read, 10));

        Assert.Null(Run());

        Assert.Equal(250, Pause(5));
        Assert.Equal(800, Pause(28));
    }

    [Fact]
    public void Readings_take_a_fiftieth_of_the_time_at_most_and_the_first_does_not_count()
    {
        (_reading, _view) = (TimeSpan.FromMilliseconds(20), read => read == 10 ? null : Going(read));

        Run();

        Assert.Equal(250 + 20, Pause(0));
        Assert.Equal(1000 + 20, Pause(8));
    }

    [Fact]
    public void The_end_of_the_run_ends_it_after_it_was_shown()
    {
        _view = read => Views.View(read < 3 ? DagRunStatus.Running : DagRunStatus.Paused);

        Assert.Equal(DagRunStatus.Paused, Run()!.Run.Status);

        Assert.Equal(3, _notices.Count);
    }

    [Fact]
    public void Who_wants_to_leave_leaves_the_run_as_it_is()
    {
        _wish = read => read == 3 ? WatchWish.Leave : null;

        Assert.True(Run()!.IsLive);

        Assert.Equal(3, _reads.Count);
    }

    [Fact]
    public void Who_wants_a_pause_asks_for_it_once_and_is_told()
    {
        _wish = read => read == 2 ? WatchWish.Pause : read == 4 ? WatchWish.Leave : null;

        Run();

        Assert.Equal([null, null, "asked", "asked"], _notices);
    }

    [Theory]
    [InlineData(
        true, "asked once\nGo on: so", "The run is pausing already, and that cannot be undone. Resume it when it has paused.\nGo on: so")]
    [InlineData(false, "asked once\nGo on: so", "asked twice\nGo on: so")]
    public void Who_asks_for_a_pause_again_is_told_that_it_cannot_be_taken_back(bool isAsked, string first, string second)
    {
        _isAsked = isAsked;
        _answers = new(["asked once\nGo on: so", "asked twice\nGo on: so"]);
        _wish = read => read is 1 or 2 ? WatchWish.Pause : read == 3 ? WatchWish.Leave : null;

        Run();

        Assert.Equal([null, first, second], _notices);
    }

    void IRunScreen.Show(RunView view, string? notice) => _notices.Add(notice);

    WatchWish? IRunScreen.Wait(TimeSpan most, CancellationToken cancellationToken)
    {
        var wish = _wish(_reads.Count);
        _clock.Advance(most);
        return wish;
    }

    void IRunScreen.Leave(RunView view, string? advice)
    {
    }

    private RunView? Run() => new WatchLoop(Read, this, () => (_isAsked, _answers.Dequeue()), _clock).Run(CancellationToken.None);

    private RunView? Read()
    {
        _reads.Add(_clock.GetUtcNow());
        _clock.Advance(_reading);
        return _view(_reads.Count);
    }

    private double Pause(int after) => (_reads[after + 1] - _reads[after]).TotalMilliseconds;

    private static RunView Going(int done) => Views.View(
        DagRunStatus.Running, Views.Node("m", NodeStatus.Running) with { Map = new MapView(100, done, 0, 1) });
}
