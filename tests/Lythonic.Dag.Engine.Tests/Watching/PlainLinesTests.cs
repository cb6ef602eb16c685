using Lythonic.Dag.Provenance;
using Lythonic.Dag.Watching;

namespace Lythonic.Dag.Engine.Tests.Watching;

/// <summary>A run that is watched, as lines.</summary>
public sealed class PlainLinesTests
{
    private readonly PlainLines _lines = new();

    [Fact]
    public void The_first_lines_say_how_the_run_stands() => Assert.Equal(
        [
            $"nightly: run {Views.Live.Run.RunId}, begun at {WatchText.TimeOfDay(Views.At)}, in process 42 on vm",
            "parse: running, 2,503 of 10,000 done, 3 of them failed, 125/s, 59 s left",
            "tidy: running",
            "parse[22]: failed: line 77 has no date",
            "fetch: warning: \e[31mthe mirror\e[0m is\tslow",
            "fetch: completed, 2.1 s",
            "tidy/drop: failed, on web1, 5.0 s: no",
            "send: attempt 2 in 12 s: attempt 1 failed: 503",
            "nightly: 2 more errors",
        ],
        Next(Views.Live));

    [Fact]
    public void A_run_that_nobody_has_named_is_told_by_its_description() => Assert.EndsWith(
        ", in process 42 on vm: { $_ }",
        Next(Views.Live with { Run = Views.Live.Run with { DagName = "map", Description = "{ $_ }" } })[0],
        StringComparison.Ordinal);

    [Fact]
    public void Other_runs_that_go_on_have_one_line_at_the_beginning()
    {
        var others = Enumerable.Range(1, 5)
            .Select(number => Views.Live.Run with { RunId = $"{number}7d1c2f9-0000-4000-8000-000000000000" });
        var view = Views.Live with { Beside = [.. others] };

        Assert.Equal(
            "nightly: also running: nightly 17d1c2f9, nightly 27d1c2f9, nightly 37d1c2f9 and 2 more", Next(view)[^1]);
        Assert.Empty(Next(view));
    }

    [Fact]
    public void Whoever_begins_to_watch_late_sees_what_happened_in_its_order()
    {
        var view = Views.Live with { Beside = [Views.Live.Run] };

        var times = _lines.Next(view, Views.At.AddMinutes(1)).Select(line => line[..8]).ToList();

        Assert.Equal(WatchText.TimeOfDay(Views.At), times[0]);
        Assert.Equal(times.Order(StringComparer.Ordinal), times);
    }

    [Fact]
    public void What_has_not_changed_has_no_line()
    {
        Next(Views.Live);

        Assert.Empty(Next(Views.Live with { Nodes = [.. Views.Live.Nodes] }));
    }

    [Fact]
    public void A_map_has_a_line_for_each_tenth()
    {
        Next(Map(0));

        Assert.Equal([10, 20, 30, 40, 50, 60, 70, 80, 90], Enumerable.Range(1, 99).Where(done => Next(Map(done)).Length > 0));
    }

    [Theory]
    [InlineData(DagRunStatus.Completed, null, null, "nightly: completed, 1 min 0 s")]
    [InlineData(DagRunStatus.Failed, "send", "no route\nhost", "nightly: failed, 1 min 0 s: send: no route")]
    [InlineData(DagRunStatus.Paused, null, "enough", "nightly: paused, 1 min 0 s: enough")]
    public void The_end_has_one_line(DagRunStatus status, string? node, string? error, string line)
    {
        Next(Map(0));
        var ended = Views.View(status);
        ended = ended with { Run = ended.Run with { FailedNode = node, Error = error } };

        Assert.Equal([line], Next(ended));
        Assert.Empty(Next(ended));
    }

    [Fact]
    public void What_a_failure_kept_from_running_has_the_time_at_which_the_run_ended()
    {
        var sum = Views.Node("sum", NodeStatus.UpstreamFailed) with { StartedAt = null, Error = "Not run: 'each' failed." };
        var view = Views.View(DagRunStatus.Failed, sum) with { FailureCount = 200 };

        var times = _lines.Next(view, Views.At.AddHours(5)).Select(line => line[..8]).ToList();

        var ended = WatchText.TimeOfDay(view.Run.FinishedAt!.Value);
        Assert.Equal([WatchText.TimeOfDay(view.Run.StartedAt), ended, ended, ended], times);
    }

    [Fact]
    public void An_error_that_has_had_its_line_is_not_said_again_at_the_end_and_a_message_does_not_read_like_a_status()
    {
        var view = Views.View(DagRunStatus.Failed);
        view = view with
        {
            Run = view.Run with { FailedNode = "each", Error = "each[12]: disk full at 13 (value 13)" },
            Failures = [new("each[12]", "disk full at 13\nAt line 1", Views.At)],
            FailureCount = 1,
            Messages = [new("load", "information", "completed", Views.At)],
        };

        Assert.Equal(
            ["each[12]: failed: disk full at 13", "load: information: completed", "nightly: failed, 1 min 0 s: each[12]"],
            Next(view).Skip(1));
    }

    private static RunView Map(int done) => Views.View(
        DagRunStatus.Running, Views.Node("m", NodeStatus.Running) with { Map = new MapView(100, done, 0, 1) });

    // Without the time.
    private string[] Next(RunView view) => [.. _lines.Next(view, Views.At.AddMinutes(1)).Select(line => line[9..])];
}
