using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Tests.Contract;

/// <summary>What every store does with runs and their nodes, whatever it keeps them in. Each implementation runs it.</summary>
public abstract class StoreRunContract : StoreContract
{
    [Fact]
    public void It_keeps_runs() => Assert.True(Store.KeepsRuns);

    [Fact]
    public async Task What_is_said_of_a_run_comes_back()
    {
        var run = Begin("r1", start => start with
        {
            SourceInput = """{"x":1}""", Tags = ["t1", "t2"], ReplayedFrom = "r0", Description = "what",
        });
        Store.EndRun(run, new RunEnd(DagRunStatus.Failed, At.AddSeconds(5), "a", "no") { Errors = new ErrorCounts(3) });
        await Store.FlushAsync();

        var stored = Found("r1");

        Assert.Equal(("r1", "d", "d", DagRunStatus.Failed, At, At.AddSeconds(5)),
            (stored.RunId, stored.Path, stored.DagName, stored.Status, stored.StartedAt, stored.FinishedAt));
        Assert.Equal(("a", "no", "r0", 3), (stored.FailedNode, stored.Error, stored.ReplayedFrom, stored.Errors.All));
        Assert.Equal(["t1", "t2"], stored.Tags);
        Assert.Equal("what", stored.Description);
        Assert.Equal(["z"], stored.SinkLabels);
        Assert.Equal("""{"x":1}""", Store.GetSourceInput(stored));
        var shape = Store.GetDefinition(stored)!;
        Assert.Equal(("d", "F"), (shape.DagName, shape.Fingerprint));
        Assert.Equal(Shape.Nodes, shape.Nodes);
        Assert.Equal(Shape.Edges, shape.Edges);
    }

    [Fact]
    public async Task What_is_said_of_a_node_comes_back()
    {
        var run = Begin("r1");
        var node = Store.StartNode(
            run, new NodeStart(0, 1, At,
                [new NodeInput("x", new("1")), new NodeInput("y", new("2"), true), new NodeInput("y", new("3"), true)]));
        Store.EndNode(node, new NodeEnd(NodeStatus.Completed, At.AddSeconds(1), new EncodedValue("[1,2]"), "first",
            """[{"stream":"error"}]""") { Errors = new ErrorCounts(1) });
        await Store.FlushAsync();

        var stored = Assert.Single(Store.GetNodeRuns(Found("r1")));

        Assert.Equal(("a", NodeKind.Method, NodeStatus.Completed, 1, "fa"),
            (stored.Label, stored.Kind, stored.Status, stored.Attempt, stored.Fingerprint));
        Assert.Equal((At, At.AddSeconds(1), "first", 1), (stored.StartedAt, stored.FinishedAt, stored.Error, stored.Errors.All));
        Assert.Equal("[1,2]", Store.GetText(Store.GetOutput(stored)!));
        Assert.Equal("""{"x":1,"y":[2,3]}""", Store.GetInput(stored));
        Assert.Equal("""[{"stream":"error"}]""", Store.GetMessages(stored));
    }

    [Fact]
    public async Task The_host_of_each_attempt_comes_back_also_of_one_that_waited()
    {
        var run = Begin("r1");
        End(Store.StartNode(run, new NodeStart(0, 1, At, null) { Host = "web1" }), NodeStatus.Failed);
        var waits = Store.StartNode(run, new NodeStart(0, 2, At, null) { Waits = "for a host" });
        await Store.FlushAsync();
        Store.BeginNode(waits, new NodeStart(0, 2, At, null) { Host = "web2" });
        End(Store.StartNode(run, new NodeStart(2, 1, At, null)), NodeStatus.Completed, new("1"));
        await Store.FlushAsync();

        Assert.Equal(["web1", "web2", null], Store.GetNodeRuns(Found("r1"), allAttempts: true).Select(node => node.Host));
    }

    [Fact]
    public async Task The_targets_of_a_run_come_back()
    {
        Begin("r1", start => start with { Targets = ["m", "z"] });
        Begin("r2");
        await Store.FlushAsync();

        Assert.Equal(["m", "z"], Found("r1").Targets);
        Assert.Empty(Found("r2").Targets);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task What_a_replay_was_told_comes_back(bool includeDownstream, bool failedOnly)
    {
        Begin("r1");
        Begin("r2", start => start with { ReplayedFrom = "r1", Replay = new(["m", "z"], includeDownstream, failedOnly) });
        Begin("r3", start => start with { ReplayedFrom = "r1", Replay = new([]) });
        await Store.FlushAsync();

        Assert.Null(Found("r1").Replay);
        Assert.Equal(["m", "z"], Found("r2").Replay!.Nodes);
        Assert.Equal((includeDownstream, failedOnly), (Found("r2").Replay!.IncludeDownstream, Found("r2").Replay!.FailedOnly));
        Assert.Empty(Found("r3").Replay!.Nodes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task That_a_condition_is_met_comes_back_with_an_attempt_that_began_at_once_or_waited(bool waits)
    {
        var run = Begin("r1");
        var start = new NodeStart(0, 1, At, null) { IsConditionMet = true };
        if (waits)
            Store.BeginNode(Store.StartNode(run, start with { Waits = "soon", IsConditionMet = false }), start);
        else
            Store.StartNode(run, start);
        Store.StartNode(run, new NodeStart(1, 1, At, null));
        await Store.FlushAsync();

        Assert.Equal([true, false], Store.GetNodeRuns(Found("r1")).Select(node => node.IsConditionMet));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task That_the_code_of_a_node_is_overridden_comes_back_with_an_attempt_that_began_at_once_or_waited(bool waits)
    {
        var run = Begin("r1");
        var start = new NodeStart(0, 1, At, null) { IsOverridden = true };
        if (waits)
            Store.BeginNode(Store.StartNode(run, start with { Waits = "soon", IsOverridden = false }), start);
        else
            Store.StartNode(run, start);
        Store.StartNode(run, new NodeStart(1, 1, At, null));
        await Store.FlushAsync();

        Assert.Equal([true, false], Store.GetNodeRuns(Found("r1")).Select(node => node.IsOverridden));
    }

    [Fact]
    public async Task What_conditions_said_of_nodes_that_did_not_begin_comes_back_in_each_restart()
    {
        var run = Begin("r1");
        Store.EndRun(run, new RunEnd(DagRunStatus.Paused, At) { MetConditions = ["a"] });
        await Store.FlushAsync();
        Assert.Equal(["a"], Store.GetMetConditions(Found("r1")));

        var again = Store.ClaimRun("r1", Shape);
        Store.EndRun(again, new RunEnd(DagRunStatus.Paused, At));
        await Store.FlushAsync();

        Assert.Equal(["a"], Store.GetMetConditions(Found("r1")));
    }

    [Fact]
    public async Task A_large_output_comes_back_and_so_do_the_inputs_that_it_feeds()
    {
        var text = $"\"{new string('x', 20_000)}\"";
        var output = new EncodedValue(text);
        var run = Begin("r1");
        End(Store.StartNode(run, new NodeStart(0, 1, At, null)), NodeStatus.Completed, output);
        await Store.FlushAsync();
        End(Store.StartNode(run, new NodeStart(1, 1, At, [new NodeInput("x", output)])), NodeStatus.Completed, new("1"));
        await Store.FlushAsync();

        var nodes = Store.GetNodeRuns(Found("r1"));

        Assert.Equal(text, Store.GetText(Store.GetOutput(nodes[0])!));
        Assert.Equal(text, Store.GetText(output));
        Assert.Equal($$"""{"x":{{text}}}""", Store.GetInput(nodes[1]));
    }

    [Fact]
    public async Task The_latest_attempts_are_given_in_the_order_of_the_dag_and_the_earlier_ones_where_they_are_wanted()
    {
        var run = Begin("r1");
        End(Store.StartNode(run, new NodeStart(2, 1, At, null)), NodeStatus.Failed);
        End(Store.StartNode(run, new NodeStart(2, 2, At, null)), NodeStatus.Completed, new("2"));
        End(Store.StartNode(run, new NodeStart(0, 1, At, null)), NodeStatus.Completed, new("1"));
        await Store.FlushAsync();

        Assert.Equal([("a", 1), ("z", 2)], Store.GetNodeRuns(Found("r1")).Select(node => (node.Label, node.Attempt)));
        Assert.Equal([("a", 1), ("z", 1), ("z", 2)],
            Store.GetNodeRuns(Found("r1"), allAttempts: true).Select(node => (node.Label, node.Attempt)));
    }

    [Fact]
    public async Task An_attempt_that_waits_is_waiting_until_it_begins_or_is_withdrawn()
    {
        var run = Begin("r1");
        var waits = Store.StartNode(run, new NodeStart(0, 2, At, null) { Waits = "soon" });
        var withdrawn = Store.StartNode(run, new NodeStart(2, 1, At, null) { Waits = "later" });
        await Store.FlushAsync();
        Assert.Equal([NodeStatus.Waiting, NodeStatus.Waiting], Store.GetNodeRuns(Found("r1")).Select(node => node.Status));

        Store.BeginNode(waits, new NodeStart(0, 2, At, null) { Waits = "for another reason" });
        await Store.FlushAsync();
        Assert.Equal(["for another reason", "later"], Store.GetNodeRuns(Found("r1")).Select(node => node.Error));

        Store.BeginNode(waits, new NodeStart(0, 2, At, null) { Waits = "once more" });
        Store.BeginNode(waits, new NodeStart(0, 2, At.AddHours(1), null));
        Store.WithdrawNode(withdrawn);
        await Store.FlushAsync();

        var left = Assert.Single(Store.GetNodeRuns(Found("r1"), allAttempts: true));
        Assert.Equal((NodeStatus.Running, 2, At.AddHours(1), null), (left.Status, left.Attempt, left.StartedAt, left.Error));
    }

    [Fact]
    public async Task Until_when_an_attempt_waits_and_how_many_elements_a_map_has_come_back()
    {
        var run = Begin("r1");
        var waiting = Store.StartNode(run, new NodeStart(0, 1, At, null) { Waits = "soon", WaitsUntil = At.AddSeconds(12) });
        var map = Store.StartNode(run, new NodeStart(1, 1, At, null));
        Store.RecordElementCount(map, 5);
        await Store.FlushAsync();

        Assert.Equal([(At.AddSeconds(12), null), (null, 5)], Nodes());

        Store.BeginNode(waiting, new NodeStart(0, 1, At.AddSeconds(12), null));
        Store.RecordElementCount(map, 7);
        await Store.FlushAsync();

        Assert.Equal([(null, null), (null, 7)], Nodes());

        IEnumerable<(DateTimeOffset?, int?)> Nodes() =>
            Store.GetNodeRuns(Found("r1")).Select(node => (node.WaitsUntil, node.ElementCount));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_comes_after_the_end_of_a_run_changes_nothing(bool isDurable)
    {
        var run = Begin("r1");
        var open = Store.StartNode(run, new NodeStart(0, 1, At, null));
        var waiting = Store.StartNode(run, new NodeStart(1, 1, At, null) { Waits = "soon" });
        Store.EndRun(run, new RunEnd(DagRunStatus.Paused, At.AddSeconds(1), null, "why"));
        if (isDurable)
            await Store.FlushAsync();

        Store.EndNode(open, new NodeEnd(NodeStatus.Completed, At, new EncodedValue("1")));
        Store.BeginNode(waiting, new NodeStart(1, 1, At, null));
        Store.WithdrawNode(waiting);
        Store.RecordElements(open, "[1]");
        Store.StartNode(run, new NodeStart(2, 1, At, null));
        Store.CreateRun(Sub("s1", run, 0));
        Store.EndRun(run, new RunEnd(DagRunStatus.Failed, At.AddSeconds(9), "a", "late"));
        await Store.FlushAsync();

        var stored = Found("r1");
        Assert.Equal((DagRunStatus.Paused, At.AddSeconds(1), "why", null),
            (stored.Status, stored.FinishedAt, stored.Error, stored.FailedNode));
        Assert.Equal([("a", NodeStatus.Running), ("m", NodeStatus.Waiting)],
            Store.GetNodeRuns(stored).Select(node => (node.Label, node.Status)));
        Assert.Null(Store.GetElements(stored, "a"));
        Assert.Null(Store.FindRun("s1"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_first_end_of_a_node_counts(bool isDurable)
    {
        var run = Begin("r1");
        var node = Store.StartNode(run, new NodeStart(0, 1, At, null));
        Store.EndNode(node, new NodeEnd(NodeStatus.Failed, At, Error: "first"));
        if (isDurable)
            await Store.FlushAsync();
        Store.EndNode(node, new NodeEnd(NodeStatus.Completed, At, new EncodedValue("1")));
        await Store.FlushAsync();

        var stored = Assert.Single(Store.GetNodeRuns(Found("r1")));
        Assert.Equal((NodeStatus.Failed, "first"), (stored.Status, stored.Error));
        Assert.Null(Store.GetOutput(stored));
    }

    [Fact]
    public async Task A_run_that_is_taken_over_has_the_new_shape_input_and_tags_and_its_old_writer_is_not_heard()
    {
        var run = Begin("r1", start => start with { SourceInput = "{}", Tags = ["old"] });
        Store.EndRun(run, new RunEnd(DagRunStatus.Paused, At, null, "why"));
        await Store.FlushAsync();

        var again = Store.ClaimRun("r1", Shape with { Fingerprint = "H" }, """{"y":2}""", ["new", "OLD"]);
        Store.EndRun(run, new RunEnd(DagRunStatus.Failed, At));
        await Store.FlushAsync();

        var stored = Found("r1");
        Assert.Equal((DagRunStatus.Running, null, null), (stored.Status, stored.Error, stored.FinishedAt));
        Assert.Equal(["old", "new"], stored.Tags);
        Assert.Equal(("""{"y":2}""", "H"), (Store.GetSourceInput(stored), Store.GetDefinition(stored)!.Fingerprint));
        Store.EndRun(again, new RunEnd(DagRunStatus.Completed, At));
        await Store.FlushAsync();
    }

    [Fact]
    public async Task The_time_between_a_stop_and_a_restart_is_idle()
    {
        var stop = DateTimeOffset.UtcNow.AddDays(-2);
        var run = Begin("r1", start => start with { StartedAt = stop.AddMinutes(-3) });
        var sub = Store.CreateRun(Sub("s1", run, 0) with { StartedAt = stop.AddMinutes(-1) });
        Store.EndRun(sub, new RunEnd(DagRunStatus.Failed, stop, "x", "no"));
        Store.EndRun(run, new RunEnd(DagRunStatus.Failed, stop, "m", "no"));
        await Store.FlushAsync();
        Assert.Equal((TimeSpan.Zero, TimeSpan.FromMinutes(3)), (Found("r1").Idle, Rounded(Found("r1").Ran(stop))));

        var again = Store.ClaimRun("r1", Shape);
        var resumed = Store.ResumeRun(Found("s1"), again, Inner);
        await Store.FlushAsync();

        Assert.All(new[] { "r1", "s1" }, id => Assert.InRange(Found(id).Idle.TotalDays, 2, 2.5));
        var end = stop + Found("r1").Idle + TimeSpan.FromMinutes(2);
        Store.EndRun(resumed, new RunEnd(DagRunStatus.Completed, end));
        Store.EndRun(again, new RunEnd(DagRunStatus.Completed, end));
        await Store.FlushAsync();
        Assert.Equal(TimeSpan.FromMinutes(5), Rounded(Found("r1").Ran(default)));
    }

    [Fact]
    public async Task A_run_that_cannot_be_taken_over_says_why()
    {
        var live = Begin("live");
        Store.CreateRun(Sub("sub", live, 0));
        Store.EndRun(Begin("done"), new RunEnd(DagRunStatus.Completed, At));
        await Store.FlushAsync();

        Assert.Equal(DagErrorId.DagRunNotFound, Refused(() => Store.ClaimRun("none", Shape)));
        Assert.Equal(DagErrorId.DagRunOwned, Refused(() => Store.ClaimRun("live", Shape)));
        Assert.Equal(DagErrorId.DagRunNotRestartable, Refused(() => Store.ClaimRun("sub", Inner)));
        Assert.Equal(DagErrorId.DagRunNotRestartable, Refused(() => Store.ClaimRun("done", Shape)));
        Store.EndRun(live, new RunEnd(DagRunStatus.Completed, At));
        await Store.FlushAsync();
    }

    [Fact]
    public async Task A_live_run_alone_can_be_asked_to_pause_and_hears_of_it()
    {
        var live = Begin("live");
        Store.CreateRun(Sub("sub", live, 0));
        Store.EndRun(Begin("done"), new RunEnd(DagRunStatus.Completed, At));
        await Store.FlushAsync();
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        live.PauseRequested += heard.SetResult;

        Assert.Equal(DagErrorId.DagRunNotFound, Refused(() => Store.RequestPause("none")));
        Assert.Equal(DagErrorId.DagRunNotRestartable, Refused(() => Store.RequestPause("sub")));
        Assert.Equal(DagErrorId.DagRunNotRestartable, Refused(() => Store.RequestPause("done")));
        Store.RequestPause("live");

        await heard.Task.WaitAsync(TimeSpan.FromMinutes(5));
        Assert.True(live.IsPauseRequested);
        Store.EndRun(live, new RunEnd(DagRunStatus.Paused, At));
        await Store.FlushAsync();
    }

    [Fact]
    public async Task A_run_is_found_by_its_id_or_a_unique_prefix_of_it_a_root_run_first()
    {
        var run = Begin("ab1");
        Store.CreateRun(Sub("abc", run, 0));
        Store.CreateRun(Sub("c1", run, 1));
        Store.CreateRun(Sub("c2", run, 2));
        Begin("b1");
        Begin("b2");
        await Store.FlushAsync();

        Assert.Equal(["ab1", "ab1", "abc", "c1"], ((string[])["ab1", "ab", "abc", "c1"]).Select(id => Found(id).RunId));
        Assert.Null(Store.FindRun("x"));
        Assert.Contains("b2", Assert.Throws<DagException>(() => Store.FindRun("b")).Message, StringComparison.Ordinal);
        Assert.Equal(DagErrorId.DagRunNotFound, Assert.Throws<DagException>(() => Store.FindRun("c")).Id);
    }

    [Fact]
    public async Task Runs_are_found_newest_first_and_by_what_is_asked_of_them()
    {
        Store.EndRun(Begin("r1", start => start with { Tags = ["Red"] }), new RunEnd(DagRunStatus.Completed, At));
        Store.EndRun(Begin("r2", start => start with { Path = "day_1", StartedAt = At.AddHours(1) }), new RunEnd(DagRunStatus.Failed, At));
        var open = Begin("r3", start => start with { Path = "dayX1", StartedAt = At.AddHours(2) });
        Store.CreateRun(Sub("s1", open, 0) with { Path = "dayX1/m[0]", StartedAt = At.AddHours(3) });
        await Store.FlushAsync();

        Assert.Equal(["r3", "r2", "r1"], Ids(new RunQuery()));
        Assert.Equal(["s1", "r3", "r2", "r1"], Ids(new RunQuery { IncludeSubRuns = true }));
        Assert.Equal(["r2"], Ids(new RunQuery { DagNames = ["DAY_1"] }));
        Assert.Equal(["r3", "r2"], Ids(new RunQuery { DagNames = ["day?1"] }));
        Assert.Equal(["s1", "r3"], Ids(new RunQuery { DagNames = ["dayx*"], IncludeSubRuns = true }));
        Assert.Equal(["r3", "r1"], Ids(new RunQuery { Statuses = [DagRunStatus.Completed, DagRunStatus.Running] }));
        Assert.Equal(["r1"], Ids(new RunQuery { Tags = ["red"] }));
        Assert.Equal(["r2"], Ids(new RunQuery { Since = At.AddHours(1), Until = At.AddHours(1) }));
        Assert.Equal(["r3"], Ids(new RunQuery { First = 1 }));
    }

    [Fact]
    public async Task Runs_are_removed_with_their_sub_runs_but_never_a_live_one()
    {
        var live = Begin("live");
        var done = Begin("done");
        Store.EndRun(Store.CreateRun(Sub("s1", done, 0)), new RunEnd(DagRunStatus.Completed, At));
        Store.EndRun(done, new RunEnd(DagRunStatus.Completed, At));
        await Store.FlushAsync();

        Assert.Equal(1, Store.RemoveRuns(["live", "done", "none", "s1"]));

        Assert.Null(Store.FindRun("done"));
        Assert.Null(Store.FindRun("s1"));
        Assert.NotNull(Store.FindRun("live"));
        Store.EndRun(live, new RunEnd(DagRunStatus.Completed, At));
        await Store.FlushAsync();
    }

    // A store may keep times as numbers that are not exact to the tick.
    private static TimeSpan? Rounded(TimeSpan? time) => TimeSpan.FromSeconds(Math.Round(time!.Value.TotalSeconds));
}
