using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Watching;

namespace Lythonic.Dag.Engine.Tests.Watching;

/// <summary>How far a map is, counted from the states of its sub-runs.</summary>
public sealed class MapProgressTests
{
    private static readonly DateTimeOffset At = Views.At;

    [Fact]
    public void A_sub_run_is_counted_once_however_often_it_is_told_of()
    {
        var progress = new MapProgress();
        foreach (var status in (DagRunStatus[])[DagRunStatus.Running, DagRunStatus.Running, DagRunStatus.Failed, DagRunStatus.Failed,
            DagRunStatus.Running, DagRunStatus.Paused, DagRunStatus.Running, DagRunStatus.Completed])
            progress.Note(State(1, status));

        Assert.Equal((1, 0, 0), (progress.Done, progress.Failed, progress.Open.Count));
        Assert.Empty(progress.Unfinished);
    }

    [Fact]
    public void Who_has_just_begun_to_watch_sees_the_rate_since_the_map_began_and_then_that_of_the_last_while()
    {
        var progress = new MapProgress { Since = At };
        Note(progress, 1, 100, At.AddSeconds(-5));
        Note(progress, 101, 40, At.AddSeconds(10));
        Assert.Equal(4, progress.Rate(At.AddSeconds(10)));

        Note(progress, 141, 30, At.AddSeconds(20));
        Assert.Equal(3, progress.Rate(At.AddSeconds(20)));

        for (var second = 21; second <= 60; second++)
            progress.Rate(At.AddSeconds(second));
        Assert.Equal(0, progress.Rate(At.AddSeconds(61)));
    }

    [Theory]
    [InlineData(100, 40, 10, 2.0, 25)]
    [InlineData(100, 90, 10, 2.0, null)]
    [InlineData(100, 40, 10, 0.0, null)]
    [InlineData(null, 40, 10, 2.0, null)]
    public void The_time_left_is_that_of_the_rest_at_this_rate(int? total, int done, int failed, double rate, int? seconds) => Assert.Equal(
        seconds, (int?)new MapView(total, done, failed, 1) { Rate = rate }.Left?.TotalSeconds);

    private static void Note(MapProgress progress, int first, int count, DateTimeOffset at)
    {
        foreach (var key in Enumerable.Range(first, count))
            progress.Note(State(key, DagRunStatus.Completed) with { FinishedAt = at });
    }

    private static SubRunState State(int key, DagRunStatus status) =>
        new(new StoreKey(key), $"s{key}", default, "m", $"{key}", status, At, At, null, null);
}
