using System.Collections.Concurrent;
using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>Closing nodes run after any end of their upstreams.</summary>
public sealed class ClosingTests : IDisposable
{
    private readonly MemoryProvenance _store = new();
    private readonly ConcurrentQueue<string> _ran = [];
    private bool _broken = true;

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData(NodeWhen.Succeeded, true, NodeStatus.Pending)]
    [InlineData(NodeWhen.Succeeded, false, NodeStatus.Completed)]
    [InlineData(NodeWhen.Failed, true, NodeStatus.Completed)]
    [InlineData(NodeWhen.Failed, false, NodeStatus.Omitted)]
    [InlineData(NodeWhen.Always, true, NodeStatus.Completed)]
    [InlineData(NodeWhen.Always, false, NodeStatus.Completed)]
    public async Task A_node_runs_after_the_end_of_its_upstream_that_it_names(NodeWhen when, bool breaks, NodeStatus status)
    {
        _broken = breaks;
        var dag = new Dag("d").Add("a", Break).Add(Node("c", () => 1, when), ["a"]);

        var result = await RunAsync(dag);

        Assert.Equal((breaks ? DagRunStatus.Failed : DagRunStatus.Completed, status), (result.Status, result.Nodes[1].Status));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_that_a_failure_kept_from_running_is_upstream_failed_for_a_closing_node(bool goesOn)
    {
        var dag = new Dag("d").Add("a", Break).Add("b", (int value) => value, "a").Add(Node("c", Say, NodeWhen.Failed), ["a", "b"]);

        var result = await new DagRunner(dag, _store, new DagRunOptions { ContinueOnFailure = goesOn }).RunAsync().Soon();

        Assert.Equal((DagRunStatus.Failed, "a"), (result.Status, result.FailedNode));
        Assert.Equal(["c: a failed no, b upstream_failed"], _ran);
    }

    [Fact]
    public async Task A_node_beside_the_failure_that_never_started_is_upstream_failed_too()
    {
        var dag = new Dag("d").Add("a", Break).Add("z", () => 1).Add(Node("c", Say, NodeWhen.Failed), ["z"]);

        await new DagRunner(dag, _store, new DagRunOptions { ThrottleLimit = 1 }).RunAsync().Soon();

        Assert.Equal(["c: z upstream_failed"], _ran);
    }

    [Fact]
    public async Task A_closing_node_runs_as_soon_as_its_upstreams_have_ended()
    {
        TaskCompletionSource begun = new(), released = new();
        var dag = new Dag("d")
            .Add("a", async () =>
            {
                await begun.Task.Soon().ConfigureAwait(false);
                Break();
            })
            .Add("slow", async () =>
            {
                begun.SetResult();
                await released.Task.Soon().ConfigureAwait(false);
            })
            .Add(Node("c", released.SetResult, NodeWhen.Failed), ["a"]);

        var result = await new DagRunner(dag, _store, new DagRunOptions { ThrottleLimit = 2 }).RunAsync().Soon();

        Assert.Equal(NodeStatus.Completed, result.Nodes[1].Status);
    }

    [Fact]
    public async Task What_an_upstream_could_not_give_is_nothing_and_missing_in_a_list()
    {
        var dag = new Dag("d").Add("a", Break).Add("b", () => 2)
            .Add(Node("one", (object? a) => _ran.Enqueue($"one {a ?? "null"}"), NodeWhen.Always), ["a"])
            .Add(Node("list", (int[] all) => _ran.Enqueue($"list {string.Join(',', all)}"), NodeWhen.Always), ["a", "b"])
            .Add(Node("empty", (int[] all) => _ran.Enqueue($"empty {all.Length}"), NodeWhen.Always), ["a"]);
        dag.Connect("b", "one");

        await new DagRunner(dag, _store, new DagRunOptions { ContinueOnFailure = true, ThrottleLimit = 1 }).RunAsync().Soon();

        Assert.Equal(["empty 0", "list 2", "one null"], _ran.Order());
        Assert.Equal("""{"all":[]}""", InputOf("empty"));
        Assert.Equal("""{"a":null}""", InputOf("one"));
    }

    [Fact]
    public async Task Without_parameters_a_closing_node_is_given_what_there_is()
    {
        var dag = new Dag("d").Add("a", Break).Add("b", () => 2);
        dag.Add(Whole("one"), ["a"]).Add(Whole("both"), ["a", "b"]);
        var options = new DagRunOptions { ContinueOnFailure = true, Invoker = new Whole.Invoker() };

        await new DagRunner(dag, _store, options).RunAsync().Soon();

        Assert.Equal(("""{"$_":null}""", """{"$_":[2]}"""), (InputOf("one"), InputOf("both")));

        static DagNode Whole(string label) => new(label, new Whole(), new NodeSettings { When = NodeWhen.Always });
    }

    [Fact]
    public async Task Upstreams_say_how_each_ended_with_its_error_and_its_output()
    {
        _broken = false;
        Upstream[] seen = [];
        var dag = new Dag("d").Add("a", () => 5).Add(new DagNode("o", MethodCode.From(() => 1), Never), null).Add("b", Fail);
        dag.Add(Node("c", (DagContext context) => seen = [.. Entries(context)], NodeWhen.Always), ["b", "o", "a"]);

        await new DagRunner(dag, _store, new DagRunOptions { ContinueOnFailure = true }).RunAsync().Soon();

        Assert.Equal(["b", "o", "a"], seen.Select(entry => entry.Label));
        Assert.Equal(["failed", "omitted", "completed"], seen.Select(entry => entry.End.Status));
        Assert.Equal([null, null, 5], seen.Select(entry => entry.End.Output));
        Assert.Equal([true, false, false], seen.Select(entry => entry.End.Error is not null));
    }

    [Fact]
    public async Task Closing_nodes_are_no_sinks_and_leave_their_upstreams_sinks()
    {
        var dag = new Dag("d").Add("a", () => 5).Add(Node("c", () => 1, NodeWhen.Always), ["a"]);

        var result = await RunAsync(dag);

        Assert.Equal(["a"], result.Outputs.Keys.Cast<string>());
        Assert.Equal(["a"], _store.FindRun(result.RunId)!.SinkLabels);
    }

    [Fact]
    public async Task A_dag_that_differs_in_closing_nodes_alone_has_sinks_of_its_own()
    {
        var code = MethodCode.From(() => 5);
        Dag Shape(NodeWhen when) => new Dag("d").Add(new DagNode("a", code)).Add(
            new DagNode("c", code, new NodeSettings { When = when }), ["a"]);

        var plain = await RunAsync(Shape(NodeWhen.Succeeded));
        var closing = await RunAsync(Shape(NodeWhen.Always));

        Assert.Equal(["c"], _store.FindRun(plain.RunId)!.SinkLabels);
        Assert.Equal(["a"], _store.FindRun(closing.RunId)!.SinkLabels);
        Assert.Equal(
            _store.GetDefinition(_store.FindRun(plain.RunId)!)!.Nodes.Select(node => node.Fingerprint),
            _store.GetDefinition(_store.FindRun(closing.RunId)!)!.Nodes.Select(node => node.Fingerprint));
    }

    [Fact]
    public void What_lies_downstream_of_a_closing_node_must_be_one()
    {
        var dag = new Dag("d").Add("a", () => 1).Add("b", () => 2).Add(Node("c", () => 1, NodeWhen.Always), ["a"]);

        var added = Assert.Throws<DagException>(() => dag.Add("x", () => 1, "c"));
        var connected = Assert.Throws<DagException>(() => dag.Connect("c", "b"));
        dag.Add(Node("e", () => 1, NodeWhen.Failed), ["c"]);

        Assert.Equal((DagErrorId.DagClosingDownstream, DagErrorId.DagClosingDownstream), (added.Id, connected.Id));
        Assert.Equal(["a", "b", "c", "e"], dag.Nodes.Select(node => node.Label));
    }

    [Fact]
    public async Task A_closing_node_that_fails_makes_a_completed_run_failed_and_keeps_no_other_node_from_running()
    {
        var dag = new Dag("d").Add("a", () => 1).Add(Node("c", Fail, NodeWhen.Always), ["a"]).Add("b", () => 2, "a").Add("z", () => 3, "b");

        var result = await new DagRunner(dag, _store, new DagRunOptions { ThrottleLimit = 1 }).RunAsync().Soon();

        Assert.Equal((DagRunStatus.Failed, "c", "fails"), (result.Status, result.FailedNode, result.Error));
        Assert.Equal(3, result.Outputs["z"]);
    }

    [Fact]
    public async Task A_failed_run_keeps_its_first_error()
    {
        var dag = new Dag("d").Add("a", Break).Add(Node("c", Fail, NodeWhen.Always), ["a"]);

        var result = await RunAsync(dag);

        Assert.Equal(("a", "no"), (result.FailedNode, result.Error));
        Assert.Equal(NodeStatus.Failed, result.Nodes[1].Status);
    }

    [Fact]
    public async Task What_follows_a_closing_node_that_failed_sees_that()
    {
        var dag = new Dag("d").Add("a", () => 1).Add(Node("c", Fail, NodeWhen.Always), ["a"]).Add(Node("mail", Say, NodeWhen.Failed), ["c"])
            .Add(Node("none", Say, NodeWhen.Failed), ["a"]);

        await RunAsync(dag);

        Assert.Equal(["mail: c failed fails"], _ran);
    }

    [Fact]
    public async Task A_closing_node_is_tried_again_as_any_other_also_after_a_failure()
    {
        var node = new DagNode(
            "c",
            MethodCode.From((DagContext context) => context.Attempt < 3 ? throw new InvalidOperationException("yet") : 1),
            new NodeSettings { When = NodeWhen.Always, Retry = new RetryPolicy { Count = 2 } });

        var result = await RunAsync(new Dag("d").Add("a", Break).Add(node, ["a"]));

        Assert.Equal((NodeStatus.Completed, 3), (result.Nodes[1].Status, result.Nodes[1].Attempt));
    }

    [Fact]
    public async Task A_closing_node_has_its_own_timeout_also_after_a_failure()
    {
        var clock = new ManualClock();
        var node = new DagNode("c", MethodCode.From(Forever), Always with { Timeout = TimeSpan.FromSeconds(5) });
        var run = new DagRunner(new Dag("d").Add("a", Break).Add(node, ["a"]), _store, new DagRunOptions { Clock = clock }).RunAsync();
        await clock.ElapseAsync(TimeSpan.FromSeconds(5));

        var result = await run.Soon();

        Assert.Equal((NodeStatus.Failed, "a"), (result.Nodes[1].Status, result.FailedNode));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pause_in_a_closing_node_or_inside_one_fails_it(bool inside)
    {
        var pausing = Graphs.One("x", int (int _) => throw new DagPauseException("wait"));
        var dag = new Dag("d").Add("a", () => 1).Add(
            inside ? DagNode.Call("c", pausing, Always) : Node("c", int () => throw new DagPauseException("wait"), NodeWhen.Always), ["a"]);

        var result = await RunAsync(dag);

        Assert.Equal((DagRunStatus.Failed, "c"), (result.Status, result.FailedNode));
        Assert.Contains("cannot pause the run", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pause_of_the_run_starts_no_closing_node_and_the_restart_runs_them()
    {
        DagRunner? runner = null;
        var dag = new Dag("d").Add("a", () => runner!.Pause()).Add(Node("c", Say, NodeWhen.Always), ["a"]);
        runner = new DagRunner(dag, _store);
        var paused = await runner.RunAsync().Soon();
        Assert.Empty(_ran);

        var result = await RestartAsync(dag, paused);

        Assert.Equal((DagRunStatus.Paused, DagRunStatus.Completed), (paused.Status, result.Status));
        Assert.Equal(["c: a completed"], _ran);
    }

    [Fact]
    public async Task A_pause_beside_a_failure_starts_no_closing_node_either()
    {
        var dag = new Dag("d").Add("a", int () => throw new DagPauseException("wait")).Add("b", Break);
        dag.Add(Node("c", Say, NodeWhen.Always), ["b"]);

        var result = await new DagRunner(dag, _store, new DagRunOptions { ThrottleLimit = 1, ContinueOnFailure = true }).RunAsync().Soon();

        Assert.Equal(DagRunStatus.Paused, result.Status);
        Assert.Empty(_ran);
    }

    [Fact]
    public async Task A_closing_map_of_which_the_upstream_failed_runs_over_nothing_and_a_call_over_null()
    {
        var dag = new Dag("d").Add(new DagNode("a", MethodCode.From(Break), new NodeSettings { OutputType = typeof(int[]) }));
        dag.Add(DagNode.Map("map", new SubDags(Graphs.One("x", (int value) => value)), Always), ["a"]);
        dag.Add(DagNode.Call("call", Graphs.One("y", (object? value) => _ran.Enqueue($"y {value ?? "null"}")), Always), ["a"]);

        var result = await RunAsync(dag);

        Assert.Equal([NodeStatus.Completed, NodeStatus.Completed], result.Nodes.Skip(1).Select(node => node.Status));
        Assert.Equal(["y null"], _ran);
        Assert.Equal(0, _store.Attempts("x"));
    }

    [Fact]
    public async Task The_sub_runs_of_a_closing_node_run_after_a_failure()
    {
        var dag = new Dag("d").Add("list", () => new[] { 1, 2 }).Add("a", Break, "list");
        dag.Add(Node("gate", () => new[] { 1, 2 }, NodeWhen.Failed), ["a"]);
        var inner = new Dag("e").Add("x", (int value) => value).Add("y", (int x) => _ran.Enqueue($"y {x}"), "x");
        dag.Add(DagNode.Map("map", new SubDags(inner), Always), ["gate"]);

        await new DagRunner(dag, _store, new DagRunOptions { ThrottleLimit = 1 }).RunAsync().Soon();

        Assert.Equal(["y 1", "y 2"], _ran);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sub_dag_may_have_closing_nodes_beside_its_one_sink(bool goesOn)
    {
        var inner = new Dag("e").Add("x", (int value) => value == 2 ? throw new InvalidOperationException("no") : value * 10)
            .Add(Node("c", Say, NodeWhen.Always), ["x"]).Add(Node("f", Say, NodeWhen.Failed), ["x"]);
        var dag = Graphs.MapOver(new[] { 1, 2, 3 }, inner, new NodeSettings { AllowedFailure = AllowedFailure.OfCount(1) });

        var result = await new DagRunner(dag, _store, new DagRunOptions { ContinueOnFailure = goesOn }).RunAsync().Soon();

        Assert.Equal([10, 30], result.Numbers());
        Assert.Equal(["c: x completed", "c: x completed", "c: x failed no", "f: x failed no"], _ran.Order());
    }

    [Fact]
    public async Task A_sub_run_that_stops_because_another_node_failed_runs_its_closing_nodes()
    {
        var failed = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        var inner = new Dag("e").Add("x", async (int value) =>
        {
            begun.SetResult();
            await failed.Task.Soon().ConfigureAwait(false);
        }).Add("y", () => 1, "x").Add(Node("c", Say, NodeWhen.Failed), ["y"]);
        var dag = new Dag("d").Add("a", () => 1).Add(DagNode.Call("call", inner), ["a"]);
        dag.Add("b", async Task () =>
        {
            await begun.Task.Soon().ConfigureAwait(false);
            Fail();
        });
        dag.Add(Node("after", failed.SetResult, NodeWhen.Failed), ["b"]);

        await new DagRunner(dag, _store, new DagRunOptions { ThrottleLimit = 4 }).RunAsync().Soon();

        Assert.Equal(["c: y upstream_failed"], _ran);
    }

    [Fact]
    public async Task After_the_time_of_a_sub_run_is_up_its_closing_nodes_run()
    {
        var clock = new ManualClock();
        var inner = new Dag("e").Add("x", Forever).Add(Node("c", Say, NodeWhen.Always), ["x"]);
        var dag = new Dag("d").Add("a", () => 1);
        dag.Add(DagNode.Call("call", inner, new NodeSettings { Timeout = TimeSpan.FromSeconds(5) }), ["a"]);
        var run = new DagRunner(dag, _store, new DagRunOptions { Clock = clock }).RunAsync();
        await clock.ElapseAsync(TimeSpan.FromSeconds(5));

        var result = await run.Soon();

        Assert.Equal(DagRunStatus.Failed, result.Status);
        Assert.StartsWith("c: x failed", Assert.Single(_ran), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_element_that_is_tried_again_closes_each_time_it_ends()
    {
        var ran = 0;
        var inner = new Dag("e").Add("x", (int value) => ++ran == 1 ? throw new InvalidOperationException("no") : value)
            .Add(Node("c", Say, NodeWhen.Always), ["x"]).Add(Node("f", Say, NodeWhen.Failed), ["x"]);

        var result = await RunAsync(Graphs.MapOver(new[] { 7 }, inner, new NodeSettings { Retry = new RetryPolicy { Count = 1 } }));

        Assert.Equal([7], result.Numbers());
        Assert.Equal(["c: x completed", "c: x failed no", "f: x failed no"], _ran.Order());
        Assert.Equal([NodeStatus.Completed, NodeStatus.Omitted], _store.NodeRuns("f").Select(run => run.Status));
    }

    [Fact]
    public async Task A_closing_node_that_runs_again_and_fails_gives_nothing_of_what_it_gave_before()
    {
        var ran = 0;
        var inner = new Dag("e").Add("x", (int value) => ++ran == 1 ? throw new InvalidOperationException("no") : value)
            .Add(Node("c", () => ran == 1 ? 5 : Fail(), NodeWhen.Always), ["x"])
            .Add(Node("last", (object? c) => _ran.Enqueue($"{c ?? "null"}"), NodeWhen.Always), ["c"]);

        await RunAsync(Graphs.MapOver(new[] { 7 }, inner, new NodeSettings { Retry = new RetryPolicy { Count = 1 } }));

        Assert.Equal(["5", "null"], _ran);
    }

    [Fact]
    public async Task A_restart_runs_a_closing_node_again_when_one_of_its_upstreams_runs_again_and_omits_one_that_is_for_a_failure()
    {
        var dag = new Dag("d").Add("a", () => 1).Add("b", Break, "a").Add(Node("always", Say, NodeWhen.Always), ["b"])
            .Add(Node("failed", Say, NodeWhen.Failed), ["b"]).Add(Node("early", Say, NodeWhen.Always), ["a"]);
        var failed = await RunAsync(dag);
        Assert.Equal(["always: b failed no", "early: a completed", "failed: b failed no"], _ran.Order());
        _ran.Clear();
        _broken = false;

        var plan = new DagRunner(dag, _store).PrepareRestart(failed.RunId);
        var result = await plan.ExecuteAsync().Soon();

        Assert.Equal(["always: b completed"], _ran);
        Assert.Equal(DagRunStatus.Completed, result.Status);
        Assert.Equal([NodeStatus.Completed, NodeStatus.Omitted], _store.NodeRuns("failed").Select(run => run.Status));
        Assert.Equal(
            [PlannedAction.Reuse, PlannedAction.Run, PlannedAction.Run, PlannedAction.Run, PlannedAction.Reuse],
            plan.Nodes.Select(node => node.Action));
    }

    [Fact]
    public async Task A_restart_runs_the_sub_runs_of_a_closing_node_again_whose_upstream_runs_again()
    {
        var dag = new Dag("d").Add("b", Break).Add(DagNode.Call("call", Graphs.One("x", () => _ran.Enqueue("x")), Always), ["b"]);
        var failed = await RunAsync(dag);

        await RestartAsync(dag, failed);

        Assert.Equal(["x", "x"], _ran);
    }

    [Fact]
    public async Task A_restart_runs_a_closing_node_that_failed_and_nothing_else()
    {
        var dag = new Dag("d").Add("a", () => _ran.Enqueue("a")).Add(Node("c", Break, NodeWhen.Always), ["a"]);
        var failed = await RunAsync(dag);
        _broken = false;

        var result = await RestartAsync(dag, failed);

        Assert.Equal((DagRunStatus.Completed, 1), (result.Status, _ran.Count));
    }

    [Fact]
    public async Task A_restart_of_a_run_whose_process_died_in_a_closing_node_runs_it_again()
    {
        using var store = new MemoryProvenance { IsBuffered = true };
        var crashes = true;
        var dag = new Dag("d").Add("a", () => 1).Add(Node("c", () =>
        {
            if (crashes)
                store.Crash(kept: 0);
            crashes = false;
            _ran.Enqueue("c");
        }, NodeWhen.Always), ["a"]);
        var crashed = await new DagRunner(dag, store).RunAsync().Soon();

        var result = await new DagRunner(dag, store).RestartAsync(crashed.RunId).Soon();

        Assert.Equal((DagRunStatus.Completed, 2), (result.Status, _ran.Count));
    }

    [Fact]
    public async Task A_replay_takes_over_closing_nodes_as_any_others()
    {
        _broken = false;
        var dag = new Dag("d").Add("a", Break).Add(Node("c", Say, NodeWhen.Always), ["a"]).Add(Node("f", Say, NodeWhen.Failed), ["a"]);
        var first = await RunAsync(dag);

        var result = await new DagRunner(dag, _store).ReplayAsync(first.RunId, ["a"]).Soon();

        Assert.Equal([NodeStatus.Completed, NodeStatus.Skipped, NodeStatus.Omitted], result.Nodes.Select(node => node.Status));
    }

    [Fact]
    public async Task A_replay_runs_closing_nodes_that_are_downstream_where_it_includes_them()
    {
        _broken = false;
        var dag = new Dag("d").Add("a", Break).Add(Node("c", Say, NodeWhen.Always), ["a"]).Add(Node("f", Say, NodeWhen.Failed), ["a"]);
        var first = await RunAsync(dag);
        (_broken, var options) = (true, new DagRunOptions { IncludeDownstream = true });
        _ran.Clear();

        var result = await new DagRunner(dag, _store, options).ReplayAsync(first.RunId, ["a"]).Soon();

        Assert.Equal(["c: a failed no", "f: a failed no"], _ran.Order());
        Assert.Equal(DagRunStatus.Failed, result.Status);
    }

    [Fact]
    public async Task A_condition_of_a_closing_node_is_asked_after_a_failure()
    {
        var asked = new List<object?>();
        NodeSettings Asked(bool says) => Always with
        {
            If = new NodePredicate(MethodCode.From((object? value) =>
            {
                asked.Add(value);
                return says;
            })),
        };
        var dag = new Dag("d").Add("a", Break).Add(new DagNode("y", MethodCode.From(Say), Asked(true)), ["a"])
            .Add(new DagNode("n", MethodCode.From(Say), Asked(false)), ["a"]);

        var result = await new DagRunner(dag, _store, new DagRunOptions { ThrottleLimit = 1 }).RunAsync().Soon();

        Assert.Equal([null, null], asked);
        Assert.Equal([NodeStatus.Completed, NodeStatus.Omitted], result.Nodes.Skip(1).Select(node => node.Status));
    }

    [Fact]
    public async Task An_omitted_upstream_does_not_omit_a_closing_node()
    {
        var dag = new Dag("d").Add(new DagNode("a", MethodCode.From(() => 1), Never), null);
        dag.Add(Node("c", (object? a) => a, NodeWhen.Always), ["a"]);

        var result = await RunAsync(dag);

        Assert.Equal([NodeStatus.Omitted, NodeStatus.Completed], result.Nodes.Select(node => node.Status));
    }

    private static NodeSettings Always { get; } = new() { When = NodeWhen.Always };

    private static NodeSettings Never { get; } = new() { If = new NodePredicate(MethodCode.From(() => false)) };

    private static DagNode Node(string label, Delegate code, NodeWhen when) =>
        new(label, MethodCode.From(code), new NodeSettings { When = when });

    private static async Task Forever(DagContext context) =>
        await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken).ConfigureAwait(false);

    private static IEnumerable<Upstream> Entries(DagContext context) =>
        context.Upstreams.Keys.Cast<string>().Select(label => new Upstream(label, (UpstreamEnd)context.Upstreams[label]!));

    private static int Fail() => throw new InvalidOperationException("fails");

    private int Break() => _broken ? throw new InvalidOperationException("no") : 1;

    private void Say(DagContext context)
    {
        var ends = Entries(context).Select(entry => $"{entry.Label} {entry.End} {ErrorOf(entry.End)}".Trim());
        _ran.Enqueue($"{context.NodeLabel}: {string.Join(", ", ends)}");
    }

    private static string? ErrorOf(UpstreamEnd end) => (end.Error as Exception)?.Message ?? end.Error?.ToString();

    private string? InputOf(string label) => _store.GetInput(_store.NodeRuns(label)[^1]);

    private Task<DagRunResult> RunAsync(Dag dag) => new DagRunner(dag, _store).RunAsync().Soon();

    private Task<DagRunResult> RestartAsync(Dag dag, DagRunResult run) => new DagRunner(dag, _store).RestartAsync(run.RunId).Soon();

    private sealed record Upstream(string Label, UpstreamEnd End);
}
