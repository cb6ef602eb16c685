using System.Collections.Specialized;
using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>What an omitted node means for the nodes downstream of it, and for restarts and replays of its run.</summary>
public sealed class OmissionTests : IDisposable
{
    private static readonly NodeSettings Omitted = new() { If = new NodePredicate(MethodCode.From(() => false)) };

    private readonly MemoryProvenance _store = new();
    private int _asked;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task An_edge_that_only_orders_counts_as_done()
    {
        var dag = Start().Add("b", () => 5, "a");

        Assert.Equal(5, (await RunAsync(dag)).Outputs["b"]);
    }

    [Fact]
    public async Task A_fan_in_list_goes_without_what_was_omitted()
    {
        var dag = Start().Add("b", () => 2).Add("c", () => 3).Add("sum", (int[] all) => all.Length * 100 + all.Sum(), "a", "b", "c");

        Assert.Equal(205, (await RunAsync(dag)).Outputs["sum"]);
        Assert.Equal("""{"all":[2,3]}""", InputOf("sum"));
    }

    [Fact]
    public async Task A_list_of_which_every_upstream_was_omitted_makes_its_node_omitted()
    {
        var dag = Start().Add(Method("b", () => 2, Omitted)).Add("sum", (int[] all) => all.Sum(), "a", "b");

        Assert.Equal(NodeStatus.Omitted, (await RunAsync(dag)).Nodes[2].Status);
        Assert.Contains("'a', 'b'", _store.NodeRuns("sum").Single().Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Any_other_parameter_that_would_take_its_output_makes_the_node_omitted(bool hasDefault)
    {
        var dag = Start().Add("b", () => "text");
        Delegate code = hasDefault ? (string text, int number = 7) => text + number : (string text, int number) => text + number;
        dag.Add("c", code, "a", "b");

        var result = await RunAsync(dag);

        Assert.Equal((DagRunStatus.Completed, NodeStatus.Omitted), (result.Status, result.Nodes[2].Status));
        Assert.Equal(NodeStatus.Omitted, _store.Statuses()["d:c"]);
    }

    [Fact]
    public async Task A_chain_of_thousands_is_omitted_without_a_growing_stack()
    {
        var dag = Start();
        for (var index = 0; index < 4_000; index++)
            dag.Add($"n{index}", (int value) => value, index == 0 ? "a" : $"n{index - 1}");

        var result = await RunAsync(dag);

        Assert.All(result.Nodes, node => Assert.Equal(NodeStatus.Omitted, node.Status));
    }

    [Fact]
    public async Task A_node_without_parameters_is_given_the_others_and_is_omitted_where_there_are_none()
    {
        var dag = Start().Add("b", () => 2).Add(Method("c", () => 3, Omitted));
        dag.Add(new DagNode("some", new Whole()), ["a", "b"]);
        dag.Add(new DagNode("none", new Whole()), ["a", "c"]);
        dag.Add(new DagNode("only", new Whole()), ["a"]);

        var result = await new DagRunner(dag, _store, new DagRunOptions { Invoker = new Whole.Invoker() }).RunAsync().Soon();

        Assert.Equal([2], (object[])result.Outputs["some"]!);
        Assert.Equal([NodeStatus.Omitted, NodeStatus.Omitted], result.Nodes.Skip(4).Select(node => node.Status));
        Assert.Equal("""{"$_":[2]}""", InputOf("some"));
    }

    [Theory]
    [InlineData(NodeKind.Map)]
    [InlineData(NodeKind.Call)]
    [InlineData(NodeKind.Switch)]
    public async Task A_composite_node_whose_upstream_was_omitted_is_omitted(NodeKind kind)
    {
        var dag = new Dag("d").Add(Method("a", () => new[] { 1 }, Omitted));
        dag.Add(Composite(kind, Graphs.One("x", (object value) => value)), ["a"]);

        Assert.Equal(NodeStatus.Omitted, (await RunAsync(dag)).Nodes[1].Status);
        Assert.Equal(0, _store.Attempts("x"));
    }

    [Fact]
    public async Task The_result_of_a_map_lacks_the_elements_whose_sink_was_omitted()
    {
        var result = await RunAsync(Graphs.MapOver(new[] { 1, 2, 3, 4 }, EvenAlone()));

        Assert.Equal([2, 4], result.Numbers());
        Assert.All(_store.GetSubRuns(_store.FindRun(result.RunId)!, "map"), run => Assert.Equal(DagRunStatus.Completed, run.Status));
    }

    [Fact]
    public async Task The_result_of_a_map_over_a_dictionary_lacks_their_keys()
    {
        var dag = new Dag("d").Add("list", () => new OrderedDictionary { ["x"] = 1, ["y"] = 2 });
        dag.Add(DagNode.Map("map", new SubDags(EvenAlone())), ["list"]);

        var result = await RunAsync(dag);

        Assert.Equal(["y"], ((OrderedDictionary)result.Outputs["map"]!).Keys.Cast<string>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_map_whose_every_sink_was_omitted_gives_an_empty_array(bool keeps)
    {
        var result = await new DagRunner(Graphs.MapOver(new[] { 1, 3 }, EvenAlone()), keeps ? _store : null).RunAsync().Soon();

        Assert.Equal([], (object[])result.Outputs["map"]!);
    }

    [Theory]
    [InlineData(NodeKind.Call, true)]
    [InlineData(NodeKind.Call, false)]
    [InlineData(NodeKind.Switch, true)]
    [InlineData(NodeKind.Switch, false)]
    public async Task A_call_or_a_switch_whose_sink_was_omitted_is_omitted_itself(NodeKind kind, bool keeps)
    {
        var dag = new Dag("d").Add("a", () => 1).Add(Composite(kind, EvenAlone()), ["a"]).Add("after", (int value) => value, "c");

        var result = await new DagRunner(dag, keeps ? _store : null).RunAsync().Soon();

        Assert.Equal((DagRunStatus.Completed, 0), (result.Status, result.Outputs.Count));
        Assert.Equal([NodeStatus.Completed, NodeStatus.Omitted, NodeStatus.Omitted], result.Nodes.Select(node => node.Status));
    }

    [Fact]
    public async Task A_failure_beside_it_leaves_what_it_omits_to_the_restart()
    {
        var broken = true;
        var dag = Start().Add("b", () => broken ? throw new InvalidOperationException("no") : 1).Add("c", (int value) => value, "a");
        var failed = await new DagRunner(dag, _store, new DagRunOptions { ThrottleLimit = 1 }).RunAsync().Soon();
        broken = false;

        var result = await RestartAsync(dag, failed);

        Assert.Equal([NodeStatus.Omitted, NodeStatus.Completed, NodeStatus.Omitted], result.Nodes.Select(node => node.Status));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_restart_asks_no_condition_twice_whatever_it_said(bool says)
    {
        var broken = true;
        var dag = new Dag("d").Add(Method("a", () => 1, Asked(() => says)))
            .Add("b", () => broken ? throw new InvalidOperationException("no") : 1, "a");
        var failed = await RunAsync(dag);
        broken = false;

        var result = await RestartAsync(dag, failed);

        Assert.Equal((1, says ? NodeStatus.Completed : NodeStatus.Omitted), (_asked, result.Nodes[0].Status));
    }

    [Theory]
    [InlineData("fails")]
    [InlineData("pauses")]
    public async Task A_restart_does_not_ask_the_condition_of_a_node_again_that_began_and_did_not_complete(string how)
    {
        var broken = true;
        Exception Stop() => how == "fails" ? new InvalidOperationException("no") : new DagPauseException("wait");
        var dag = new Dag("d").Add(Method("a", () => broken ? throw Stop() : 1, Asked(() => true)));
        var stopped = await RunAsync(dag);
        var again = await RestartAsync(dag, stopped);
        broken = false;

        var result = await RestartAsync(dag, again);

        Assert.Equal((1, DagRunStatus.Completed), (_asked, result.Status));
    }

    [Fact]
    public async Task A_restart_asks_a_condition_again_that_failed()
    {
        var broken = true;
        var dag = new Dag("d").Add(Method("a", () => 1, Asked(() => broken ? throw new InvalidOperationException("cannot say") : true)));
        var failed = await RunAsync(dag);
        broken = false;

        var result = await RestartAsync(dag, failed);

        Assert.Equal((2, DagRunStatus.Completed), (_asked, result.Status));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_crash_in_the_node_its_condition_is_not_asked_again(bool isMap)
    {
        using var store = new MemoryProvenance { IsBuffered = true };
        var crashes = true;
        var dag = isMap
            ? Graphs.MapOver(new[] { 1 }, Graphs.One("x", Crash), Asked(() => true))
            : new Dag("d").Add(Method("a", () => Crash(0), Asked(() => true)));
        int Crash(int value)
        {
            if (crashes)
                store.Crash(kept: 0);
            crashes = false;
            return value;
        }

        var crashed = await new DagRunner(dag, store).RunAsync().Soon();
        var result = await new DagRunner(dag, store).RestartAsync(crashed.RunId).Soon();

        Assert.Equal((1, DagRunStatus.Completed), (_asked, result.Status));
    }

    [Fact]
    public async Task An_omission_is_durable_before_what_is_downstream_starts()
    {
        using var store = new MemoryProvenance { IsBuffered = true };
        var seen = NodeStatus.Pending;
        var dag = Start().Add("b", () => seen = store.Statuses()["d:a"], "a");

        await new DagRunner(dag, store).RunAsync().Soon();

        Assert.Equal(NodeStatus.Omitted, seen);
    }

    [Theory]
    [InlineData(NodeKind.Map)]
    [InlineData(NodeKind.Call)]
    public async Task A_restart_runs_no_sub_run_again_whose_sink_was_omitted(NodeKind kind)
    {
        var broken = true;
        int Break(int value, bool breaks) => broken && breaks ? throw new InvalidOperationException("no") : value;
        var inner = new Dag("e").Add("x", (int value) => value).Add(Method("y", (int x) => Break(x, x == 2), Asked(IsEven)), ["x"]);
        var dag = kind == NodeKind.Map ? Graphs.MapOver(new[] { 1, 2, 3 }, inner)
            : new Dag("d").Add("list", () => 1).Add(DagNode.Call("map", inner), ["list"]).Add("z", () => Break(1, true), "map");
        var failed = await new DagRunner(dag, _store, new DagRunOptions { ContinueOnFailure = true }).RunAsync().Soon();
        broken = false;

        var result = await RestartAsync(dag, failed);

        Assert.Equal(DagRunStatus.Completed, result.Status);
        Assert.Equal(kind == NodeKind.Map ? 3 : 1, _asked);
        Assert.Equal(kind == NodeKind.Map ? 3 : 1, _store.Attempts("x"));
        if (kind == NodeKind.Map)
            Assert.Equal([2], result.Numbers());
    }

    [Fact]
    public async Task An_element_that_is_tried_again_asks_no_condition_twice()
    {
        var ran = 0;
        var inner = new Dag("e").Add(Method("x", (int value) => value, Asked(() => true)))
            .Add("y", (int x) => ++ran == 1 ? throw new InvalidOperationException("no") : x, "x");

        var result = await RunAsync(Graphs.MapOver(new[] { 1 }, inner, new NodeSettings { Retry = new RetryPolicy { Count = 1 } }));

        Assert.Equal((1, 2), (_asked, ran));
        Assert.Equal([1], result.Numbers());
    }

    [Fact]
    public async Task An_element_that_was_omitted_is_none_that_failed()
    {
        static int FailAtTwo(int value) => value == 2 ? throw new InvalidOperationException("no") : value;
        var inner = new Dag("e").Add(Method("x", FailAtTwo, Asked(value => (int)value! != 3)));
        var dag = Graphs.MapOver(new[] { 1, 2, 3 }, inner, new NodeSettings { AllowedFailure = AllowedFailure.OfCount(1) });

        var result = await RunAsync(dag);

        Assert.Equal([1], result.Numbers());
        Assert.Equal(1, result.ErrorCount);
    }

    [Fact]
    public async Task A_replay_leaves_an_omitted_node_omitted_unless_it_is_named()
    {
        var says = false;
        var dag = new Dag("d").Add("a", () => 1).Add(Method("b", (int value) => value, Asked(() => says)), ["a"]);
        dag.Add("c", (int value) => value, "b");
        var first = await RunAsync(dag);
        says = true;

        var left = await new DagRunner(dag, _store).ReplayAsync(first.RunId, ["a"]).Soon();
        var named = await new DagRunner(dag, _store).ReplayAsync(first.RunId, ["b"]).Soon();

        Assert.Equal([NodeStatus.Completed, NodeStatus.Omitted, NodeStatus.Omitted], left.Nodes.Select(node => node.Status));
        Assert.Equal([NodeStatus.Skipped, NodeStatus.Completed, NodeStatus.Omitted], named.Nodes.Select(node => node.Status));
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task A_replay_that_includes_what_is_downstream_asks_an_omitted_node_again()
    {
        var says = false;
        var dag = new Dag("d").Add("a", () => 1).Add(Method("b", (int value) => value, Asked(() => says)), ["a"]);
        dag.Add("c", (int value) => value, "b");
        var first = await RunAsync(dag);
        says = true;

        var plan = new DagRunner(dag, _store, new DagRunOptions { IncludeDownstream = true }).PrepareReplay(first.RunId, ["a"]);
        var result = await plan.ExecuteAsync().Soon();

        Assert.All(plan.Nodes, node => Assert.Equal(PlannedAction.Run, node.Action));
        Assert.All(result.Nodes, node => Assert.Equal(NodeStatus.Completed, node.Status));
    }

    [Fact]
    public async Task The_plan_of_a_replay_and_of_a_restart_says_that_an_omitted_node_is_left_out()
    {
        var broken = true;
        var dag = Start().Add("b", () => broken ? throw new InvalidOperationException("no") : 1);
        var failed = await new DagRunner(dag, _store, new DagRunOptions { ThrottleLimit = 1 }).RunAsync().Soon();

        var runner = new DagRunner(dag, _store);

        Assert.Equal(PlannedAction.Skip, runner.PrepareRestart(failed.RunId).Nodes[0].Action);
        Assert.Equal(PlannedAction.Skip, runner.PrepareReplay(failed.RunId, ["b"]).Nodes[0].Action);
    }

    [Fact]
    public async Task What_was_omitted_may_have_changed_when_the_run_goes_on_and_so_may_every_condition()
    {
        var broken = true;
        int Broken() => broken ? throw new InvalidOperationException("no") : 1;
        var before = new Dag("d").Add(Method("a", () => 1, Omitted)).Add(Method("c", () => 3, Asked(() => true))).Add("b", Broken, "c");
        var after = new Dag("d").Add(Method("a", () => "other", null)).Add("c", () => 3).Add("b", Broken, "c");
        var code = MethodCode.From(() => 3);
        var failed = await RunAsync(Same(before, code, Asked(() => true)));
        broken = false;

        var result = await RestartAsync(Same(after, code, null), failed);

        Assert.Equal((DagRunStatus.Completed, NodeStatus.Omitted), (result.Status, result.Nodes[0].Status));

        static Dag Same(Dag dag, MethodCode code, NodeSettings? settings)
        {
            var same = new Dag(dag.Name);
            foreach (var node in dag.Nodes)
            {
                var upstreams = dag.Edges.Where(edge => edge.To == node.Label).Select(edge => edge.From);
                same.Add(node.Label == "c" ? new DagNode("c", code, settings) : node, upstreams);
            }

            return same;
        }
    }

    private static Dag Start() => new Dag("d").Add(Method("a", () => 1, Omitted));

    private static bool IsEven(object? value) => (int)value! % 2 == 0;

    private static Dag EvenAlone() => new Dag("e").Add("x", (int value) => value)
        .Add(Method("y", (int x) => x, new NodeSettings { If = new NodePredicate(MethodCode.From(IsEven)) }), ["x"]);

    private static DagNode Composite(NodeKind kind, Dag inner) => kind switch
    {
        NodeKind.Map => DagNode.Map("c", new SubDags(inner)),
        NodeKind.Call => DagNode.Call("c", inner),
        _ => DagNode.Switch("c", new SubDags([new("default", inner)], new NodePredicate(MethodCode.From(() => "x")))),
    };

    private static DagNode Method(string label, Delegate code, NodeSettings? settings) => new(label, MethodCode.From(code), settings);

    private NodeSettings Asked(Func<bool> condition) => Asked((object? _) => condition());

    private NodeSettings Asked(Func<object?, bool> condition) => new()
    {
        If = new NodePredicate(MethodCode.From((object? value) =>
        {
            Interlocked.Increment(ref _asked);
            return condition(value);
        })),
    };

    private string? InputOf(string label) => _store.GetInput(_store.NodeRuns(label).Single());

    private Task<DagRunResult> RunAsync(Dag dag) => new DagRunner(dag, _store).RunAsync().Soon();

    private Task<DagRunResult> RestartAsync(Dag dag, DagRunResult run) => new DagRunner(dag, _store).RestartAsync(run.RunId).Soon();
}
