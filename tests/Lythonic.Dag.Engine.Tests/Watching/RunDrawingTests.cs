using Lythonic.Dag.Engine.Tests.Surface;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Terminal;
using Lythonic.Dag.Watching;

namespace Lythonic.Dag.Engine.Tests.Watching;

/// <summary>The screen of a run that is watched.</summary>
public sealed class RunDrawingTests
{
    private static readonly DateTimeOffset Now = Views.At.AddMinutes(1);
    private static readonly Glyphs Unicode = new(isUnicode: true);

    [Fact]
    public void A_screen_of_80_columns_tells_at_a_glance_what_a_run_does() => Assert.Equal(
        $"""
        nightly  running  1 min 0 s            71e27cd5 · process 42 on vm · by jane@vm
        1 of 5 nodes done · 2 running · 1 waiting · 4 errors
        {new string('─', 79)}
        ✓ fetch     completed       2.1 s
        ● parse     ━━━─────────── 2,503 of 10,000 done, 3 of them failed  59 s left
          └ parse[slow]/load 10 s
        ◌ send      waiting    attempt 2 in 12 s: attempt 1 failed: 503
        ● tidy      running     1 min 0 s
          ✗ drop    failed          5.0 s  on web1: no
        · report    waits for parse and tidy
        {new string('─', 79)}
        {WatchText.TimeOfDay(Views.At)} fetch: warning: the mirror is slow
        """.ReplaceLineEndings("\n"),
        string.Join('\n', Draw(79, 24).Lines.Take(12)));

    [Theory]
    [InlineData(79, "also running: other 8ab10000, other 9ab10000 (process 7) and 2 more")]
    [InlineData(60, "also running: other 8ab10000 and 3 more")]
    [InlineData(100, "also running: other 8ab10000, other 9ab10000 (process 7), far aab10000 (process 8 on web) and 1 more")]
    public void Other_runs_that_go_on_stand_below_the_run(int columns, string line)
    {
        var view = Views.Live with
        {
            Beside =
            [
                Beside("8ab1", "other", "process 42 on vm"), Beside("9ab1", "other", "process 7 on vm"),
                Beside("aab1", "far", "process 8 on web"), Beside("bab1", "far", "process 9 on web"),
            ],
        };

        Assert.Equal(line, $"{new RunDrawing(Unicode, columns, 24, Now).Draw(view, null, new()).Lines[2]}");
        Assert.DoesNotContain(
            new RunDrawing(Unicode, 79, 24, Now).Draw(Views.Live, null, new()).Lines,
            line => $"{line}".Contains("also", StringComparison.Ordinal));

        static StoredRun Beside(string id, string name, string owner) =>
            new(default, $"{id}0000-0000-4000-8000-000000000000", name, name, DagRunStatus.Running, Views.At, null) { Owner = owner };
    }

    [Fact]
    public void An_error_that_was_being_read_when_the_run_ended_stays_on_the_terminal_in_full()
    {
        var ended = Views.Live with { Run = Views.Live.Run with { Status = DagRunStatus.Failed, FinishedAt = Now, Owner = null } };
        string[] Lines(ScreenState? state) =>
            [.. new RunDrawing(Unicode, 79, int.MaxValue, Now).Summary(ended, "Go on: x", state).Lines.Select(line => $"{line}".TrimEnd())];

        Assert.Equal(
            [$"Error 1 of 4  parse[22]  {WatchText.TimeOfDay(Views.At)}", "line 77 has no date", "at parse, line 3", new string('─', 79)],
            Lines(new ScreenState(ShowsErrors: true)).Take(4));
        Assert.Equal(Lines(null), Lines(new ScreenState(ShowsErrors: true)).Skip(4));
        Assert.Equal(Lines(null), Lines(new ScreenState(Error: 1)));
        Assert.StartsWith("nightly  failed", Lines(null)[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_whose_process_ended_ran_at_least_until_the_last_thing_that_is_known_of_it()
    {
        var run = Views.Live.Run with { Status = DagRunStatus.Interrupted, LastKnownAt = Views.At.AddSeconds(5), Owner = null };
        var view = Views.Live with { Run = run };

        Assert.StartsWith(
            "nightly  interrupted  more than 5.0 s",
            $"{new RunDrawing(Unicode, 79, int.MaxValue, Now).Summary(view, null).Lines[0]}",
            StringComparison.Ordinal);
        var end = new PlainLines().Next(view, Now).Last();
        Assert.Equal($"{WatchText.TimeOfDay(Views.At.AddSeconds(5))} nightly: interrupted, more than 5.0 s", end);
    }

    [Fact]
    public void The_guide_shows_what_the_screen_shows()
    {
        var guide = File.ReadAllText(Path.Combine(SourceLines.Root, "docs", "about_Lythonic.Dag.md"));
        var begin = guide.IndexOf("nightly  running", StringComparison.Ordinal);
        var shown = guide[begin..guide.IndexOf("```", begin, StringComparison.Ordinal)].TrimEnd().Split('\n');

        var drawn = new RunDrawing(Unicode, 72, shown.Length, Views.At.AddSeconds(12)).Draw(Views.OfGuide, null, new());

        var time = WatchText.TimeOfDay(Views.At);
        Assert.Equal(
            [.. shown.Select(line => line.Replace("19:49:14", time, StringComparison.Ordinal).TrimEnd())],
            drawn.Lines.Select(line => line.ToString()));
    }

    [Fact]
    public void The_header_counts_the_errors_that_a_node_wrote_as_the_messages_show_them() => Assert.Contains(
        "· 6 errors",
        new RunDrawing(Unicode, 79, 24, Now).Draw(Views.Live with { ErrorCount = 6 }, null, new()).Lines[1].ToString(),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("map", 40, "{ Get-Item $_ | Convert-Item -To 'anoth…")]
    [InlineData("map", 79, "{ Get-Item $_ | Convert-Item -To 'another form' … }")]
    [InlineData("nightly", 79, null)]
    public void The_header_of_a_run_that_nobody_has_named_has_its_description(string name, int width, string? line)
    {
        var run = Views.Live.Run with { DagName = name, Description = "{ Get-Item $_ | Convert-Item -To 'another form' … }" };
        var lines = new RunDrawing(Unicode, width, 24, Now).Draw(Views.Live with { Run = run }, null, new()).Lines;

        Assert.Equal(24, lines.Count);
        Assert.Equal(line, lines[1].ToString().StartsWith('{') ? lines[1].ToString() : null);
    }

    [Fact]
    public void What_paused_and_what_completed_with_errors_differ_in_colour() => Assert.Equal(
        4,
        new[]
        {
            Look.StyleOf(DagRunStatus.Paused, default), Look.StyleOf(DagRunStatus.Completed, new(1)),
            Look.StyleOf(DagRunStatus.Completed, default), Look.StyleOf(DagRunStatus.Failed, new(1)),
        }.Distinct().Count());

    [Theory]
    [InlineData(20, 5)]
    [InlineData(60, 15)]
    [InlineData(80, 24)]
    [InlineData(200, 50)]
    public void A_screen_is_as_high_as_the_window_and_no_line_is_wider(int width, int height)
    {
        foreach (var state in (ScreenState[])[new(), new(ShowsErrors: true), new(Offset: 3)])
        {
            var lines = Draw(width, height, state).Lines;

            Assert.Equal(height, lines.Count);
            Assert.All(lines, line => Assert.InRange(Line.Columns(line.ToString()), 0, width));
            Assert.StartsWith(state.ShowsErrors ? "e back" : "q leave", lines[^1].ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_bar_leaves_out_what_it_has_no_room_for_but_not_its_failures()
    {
        Assert.Contains("2,503 of 10,000, 3 failed  59 s left", Draw(60, 15).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("125/s", Draw(60, 15).ToString(), StringComparison.Ordinal);
        Assert.Contains("59 s left  125/s  running for 1 min 0 s  4 in flight", Draw(200, 50).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_summary_says_an_error_once_and_that_elements_that_failed_are_among_those_done()
    {
        var view = Views.View(
            DagRunStatus.Failed, Views.Node("each", NodeStatus.Failed) with { Map = new MapView(20, 13, 1, 0), Error = "1 of 20 failed" });
        view = view with
        {
            Run = view.Run with { FailedNode = "each", Error = "each[12]: disk full at 13 (value 13)" },
            Failures = [new("each[12]", "disk full at 13\nAt line 1", Views.At)],
            FailureCount = 1,
        };

        var summary = new RunDrawing(Unicode, 80, 24, Now).Summary(view, null).ToString();

        Assert.Equal(2, summary.Split("disk full at 13 (value").Length);
        Assert.Equal(2, summary.Split("disk full").Length);
        Assert.Contains("14 of 20 done, 1 of them failed", summary, StringComparison.Ordinal);
    }

    [Fact]
    public void An_element_that_failed_says_why_below_the_nodes_of_a_live_run_if_there_is_room()
    {
        var view = Views.View(DagRunStatus.Running, Views.Node("each", NodeStatus.Running)) with
        {
            Failures =
            [
                new("each[3]", "will be tried again", Views.At, IsTriedAgain: true),
                new("each[12]", "the disk is full, and there is no other disk in reach at all\nAt line 1", Views.At),
            ],
            FailureCount = 1,
        };
        string[] Lines(int height) =>
            [.. new RunDrawing(Unicode, 50, height, Now).Draw(view, null, new()).Lines.Select(line => line.ToString())];

        Assert.Equal(
            [new('─', 50), "each[12]: the disk is full, and there is no other", "disk in reach at all", ""], Lines(12).Skip(4).Take(4));
        Assert.Equal("each[12]: the disk is full, and there is no other", Lines(7)[5]);
        Assert.DoesNotContain(Lines(6), line => line.StartsWith("each[12]", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(NodeStatus.Completed, null, "30 of 30")]
    [InlineData(NodeStatus.Cancelled, "Its process ended while it ran.", "10 of 30 done: its process ended")]
    [InlineData(NodeStatus.Paused, null, "10 of 30 done")]
    public void A_map_that_stopped_says_how_much_was_done_and_then_why_it_stopped(NodeStatus status, string? error, string said)
    {
        var map = new MapView(30, status == NodeStatus.Completed ? 30 : 10, 0, 0);
        var node = Views.Node("each", status) with { Map = map, Error = error, FinishedAt = Views.At.AddSeconds(3) };

        var row = new RunDrawing(Unicode, 80, 24, Now).Draw(Views.View(DagRunStatus.Interrupted, node), null, new()).Lines[4].ToString();

        Assert.Equal(said, row[(row.IndexOf("3.0 s", StringComparison.Ordinal) + 7)..].TrimEnd());
    }

    [Fact]
    public void The_summary_breaks_an_error_at_words_and_leaves_out_what_needs_more_than_three_lines()
    {
        var words = string.Join(' ', Enumerable.Repeat("word", 60));
        var view = Views.View(DagRunStatus.Failed, Views.Node("each", NodeStatus.Failed));
        view = view with { Run = view.Run with { FailedNode = "each", Error = $"each[1]: {words}" }, Failures = [], FailureCount = 1 };

        var lines = new RunDrawing(Unicode, 80, 24, Now).Summary(view, null).Lines.Select(line => line.ToString()).ToList();

        Assert.StartsWith("each[1]: word word", lines[2], StringComparison.Ordinal);
        Assert.EndsWith("word word", lines[2], StringComparison.Ordinal);
        Assert.EndsWith("word word…", lines[4], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void What_runs_is_in_sight_until_the_user_scrolls()
    {
        var nodes = Enumerable.Range(0, 100)
            .Select(i => Views.Node($"n{i}", i < 60 ? NodeStatus.Completed : i == 60 ? NodeStatus.Running : NodeStatus.Pending));
        var view = Views.View(DagRunStatus.Running, [.. nodes]);
        string Shown(ScreenState state) => new RunDrawing(Unicode, 80, 24, Now).Draw(view, null, state).ToString();

        Assert.Contains("● n60 ", Shown(new()), StringComparison.Ordinal);
        Assert.Contains("↑ 60 more", Shown(new()), StringComparison.Ordinal);
        Assert.Contains("✓ n0 ", Shown(new ScreenState().Press(ConsoleKey.Home, 59)), StringComparison.Ordinal);
        Assert.Contains("✓ n39 ", Shown(new ScreenState(Offset: 40).Press(ConsoleKey.UpArrow, 39)), StringComparison.Ordinal);
        Assert.Contains("· n99", Shown(new ScreenState().Press(ConsoleKey.End, 59)), StringComparison.Ordinal);
        Assert.Contains("● n60 ", Shown(new ScreenState(Offset: 0).Press(ConsoleKey.Escape, 0)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_is_shown_whole_and_the_arrows_go_to_the_others()
    {
        var first = new ScreenState().Press(ConsoleKey.E, 0);
        var second = first.Press(ConsoleKey.RightArrow, 0);

        Assert.Equal(
            [$"Error 1 of 4  parse[22]  {WatchText.TimeOfDay(Views.At)}", "line 77 has no", "date", "at parse, line 3"],
            Draw(16, 9, first).Lines.Select(line => line.ToString()).Where((_, index) => index is >= 2 and <= 4)
                .Prepend(Draw(80, 9, first).Lines[0].ToString()));
        Assert.StartsWith("Error 2 of 4  tidy/drop", Draw(80, 9, second).ToString(), StringComparison.Ordinal);
        Assert.StartsWith("nightly", Draw(80, 9, second.Press(ConsoleKey.E, 0)).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_notice_of_a_pause_stands_above_the_nodes_in_place_of_the_key_for_it()
    {
        var lines = new RunDrawing(Unicode, 80, 24, Now).Draw(Views.Live, "It pauses.\nGo on later: so", new()).Lines;

        Assert.Equal(["It pauses.", "Go on later: so"], lines.Skip(2).Take(2).Select(line => line.ToString()));
        Assert.DoesNotContain("p pause", lines[^1].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_to_go_on_with_is_never_cut() => Assert.Equal(
        "Go on: Restart-DagRun 71e27cd5 -DatabasePath '/a/long/path.db'",
        new RunDrawing(Unicode, 40, int.MaxValue, Now)
            .Summary(Views.Live, "Go on: Restart-DagRun 71e27cd5 -DatabasePath '/a/long/path.db'").Lines[^1].ToString());

    [Fact]
    public void A_terminal_without_Unicode_has_plain_signs()
    {
        var plain = new Glyphs(isUnicode: false);
        var frame = new RunDrawing(plain, 60, 24, Now).Draw(Views.Live, null, new ScreenState());

        Assert.DoesNotContain(plain.Plain(frame.ToString()), letter => letter > '~');
    }

    [Fact]
    public void Wide_letters_take_two_columns_and_the_end_of_a_label_is_kept()
    {
        var line = new Line(12).Column("日本語のラベル42", 10).Add("|x");

        Assert.Equal(12, line.Length);
        Assert.Equal(12, Line.Columns(line.ToString()));
    }

    [Theory]
    [InlineData("parse", "[slow]", 20, "parse[slow]")]
    [InlineData("parse the rows of all", "[north]", 16, "parse th…[north]")]
    [InlineData("変換する長いラベル", "[北]/y", 12, "変換…[北]/y")]
    [InlineData("parse", "[a key with many words]", 12, "[a ke…words]")]
    [InlineData("parse", "[/srv/data/in/batch-7/part-1.csv]/x", 30, "[…/in/batch-7/part-1.csv]/x")]
    [InlineData("parse", "[/srv/data/in/batch-7/part-1.csv]/x", 23, "[…/part-1.csv]/x")]
    public void The_name_of_an_element_keeps_its_key(string map, string key, int columns, string name) =>
        Assert.Equal(name, Line.OfElement(map, key, columns));

    [Theory]
    [InlineData(80, "1 of 6 nodes done · 1 failed · 1 running · 1 paused · 1 omitted · 5 errors")]
    [InlineData(60, "1 of 6 nodes done · 1 failed · 1 paused · 5 errors")]
    public void What_there_is_no_room_to_count_is_left_out_the_least_important_first(int columns, string counts)
    {
        var view = Views.View(
            DagRunStatus.Running, Views.Node("a", NodeStatus.Failed), Views.Node("b", NodeStatus.Running),
            Views.Node("c", NodeStatus.Paused), Views.Node("d", NodeStatus.Omitted), Views.Node("e", NodeStatus.UpstreamFailed),
            Views.Node("f", NodeStatus.Pending)) with { ErrorCount = 5 };

        Assert.Equal(counts, $"{new RunDrawing(Unicode, columns, 24, Now).Draw(view, null, new()).Lines[1]}");
    }

    [Fact]
    public void The_row_of_a_call_or_a_switch_does_not_repeat_its_label_before_the_error_inside()
    {
        var node = Views.Node("pick", NodeStatus.Failed) with { Kind = NodeKind.Switch, Error = "pick/small: no\nAt line 1" };

        Assert.Equal("small: no", WatchText.Cause(node));
        Assert.Equal("each[2]: no", WatchText.Cause(Views.Node("each", NodeStatus.Failed) with { Error = "each[2]: no" }));
    }

    [Fact]
    public void A_screen_of_60_columns_has_room_for_the_run_that_holds_a_lock()
    {
        var node = Views.Node("migrate", NodeStatus.Waiting) with
        {
            Waits = "Waits for the lock 'DB', held by run 0b025ce4 of 'backup' in process 7 on vm",
        };

        Assert.Contains(
            new RunDrawing(Unicode, 60, 24, Now).Draw(Views.View(DagRunStatus.Running, node), null, new()).Lines,
            line => $"{line}".StartsWith("◌ migrate   waiting    lock 'DB', held by run 0b025ce4", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("日本語のラベルが長い", 9, "日本…長い")]
    [InlineData("abcdefghij", 5, "ab…ij")]
    [InlineData("日本語", 6, "日本語")]
    public void A_text_is_cut_in_the_middle_by_its_columns(string text, int columns, string cut) =>
        Assert.Equal(cut, Line.Middle(text, columns));

    [Fact]
    public void A_long_label_leaves_room_for_the_keys_of_elements_for_messages_and_for_errors()
    {
        var label = string.Concat(Enumerable.Repeat("変換する", 15));
        var map = new MapView(9, 1, 1, 1) { Elements = [new("north", label, Views.At, null, null, null)] };
        var view = Views.View(DagRunStatus.Running, Views.Node(label, NodeStatus.Running) with { Kind = NodeKind.Map, Map = map });
        view = view with
        {
            Messages = [new($"{label}[west]", "warning", "the mirror is slow", Views.At)],
            Failures = [new($"{label}[south]", "no date", Views.At)],
            FailureCount = 1,
        };

        var (rows, error) = (new RunDrawing(Unicode, 60, 24, Now).Draw(view, null, new()), new ScreenState(ShowsErrors: true));

        Assert.Contains("…[north]", rows.Lines[4].ToString(), StringComparison.Ordinal);
        Assert.Contains("[west]: warning: the mirror", rows.ToString(), StringComparison.Ordinal);
        Assert.Contains("[south]: no date", rows.ToString(), StringComparison.Ordinal);
        Assert.EndsWith($"[south]  {WatchText.TimeOfDay(Views.At)}",
            new RunDrawing(Unicode, 60, 24, Now).Draw(view, null, error).Lines[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Failures_of_a_map_that_ended_have_room_on_a_narrow_screen()
    {
        var map = new MapView(700, 400, 300, 0);
        var node = Views.Node("a label that needs its room", NodeStatus.Completed) with { Map = map, FinishedAt = Views.At.AddMinutes(61) };

        Assert.EndsWith(
            "  300 failed",
            new RunDrawing(Unicode, 60, 24, Now).Draw(Views.View(DagRunStatus.Completed, node), null, new()).Lines[3].ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_marks_below_a_line_of_code_stay_below_it()
    {
        var text = "no\nAt a.ps1:1 char:20\n+ Get-Item 'a path that is longer than the screen is wide'\n"
            + "+          ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~";
        var view = Views.Live with { Failures = [new("a", text, Views.At)], FailureCount = 1 };

        var lines = new RunDrawing(Unicode, 40, 24, Now).Draw(view, null, new ScreenState(ShowsErrors: true)).Lines;

        Assert.Equal(["+ Get-Item 'a path that is longer than …", "+          ~~~~~~~~~~~~~~~~~~~~~~~~~~~~…"],
            lines.Skip(4).Take(2).Select(line => line.ToString()));
    }

    [Theory]
    [InlineData(60, 1)]
    [InlineData(140, 0)]
    public void An_error_that_has_no_room_in_the_row_of_its_node_stands_below_the_nodes(int width, int times)
    {
        var error = "region[north]/shop[0]/check[2]: row 3 has no date (value 3 of 1)";
        var node = Views.Node("region", NodeStatus.Completed) with { Error = error, Map = new(3, 3, 0, 0), FinishedAt = Now };
        var view = Views.View(DagRunStatus.Paused, node) with { Failures = [new("region", error, Views.At)], FailureCount = 1 };

        foreach (var screen in (Frame[])[
            new RunDrawing(Unicode, width, 24, Now).Summary(view, null),
            new RunDrawing(Unicode, width, 24, Now).Draw(view with { Run = Views.Live.Run }, null, new())])
        {
            var lines = screen.Lines.Select(line => line.ToString()).ToList();
            Assert.Equal(times, lines.Count(line => line.StartsWith("region[north]/shop[0]/check[2]: row 3", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void What_stays_on_the_terminal_is_the_whole_run_with_its_errors_and_what_to_do()
    {
        var ended = Views.Live with
        {
            Run = Views.Live.Run with { Status = DagRunStatus.Failed, FinishedAt = Now, FailedNode = "tidy", Error = "no\nroom" },
        };
        var lines = new RunDrawing(Unicode, 79, int.MaxValue, Now).Summary(ended, "Go on: Restart-DagRun 71e27cd5").Lines;

        Assert.Equal("tidy: no", lines[2].ToString());
        Assert.Equal(
            ["parse[22]: line 77 has no date", "Go on: Restart-DagRun 71e27cd5"], lines.TakeLast(2).Select(line => line.ToString()));
        Assert.Equal(3 + ended.Nodes.Count + 2, lines.Count);
    }

    private static Frame Draw(int width, int height, ScreenState? state = null) =>
        new RunDrawing(Unicode, width, height, Now).Draw(Views.Live, null, state ?? new());
}
