using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>Closing nodes that are composite, and those of sub-runs.</summary>
public sealed class ClosingSubRunTests : ClosingScenario
{
    [Fact]
    public async Task A_closing_map_of_which_the_upstream_failed_runs_over_nothing_and_a_call_over_null()
    {
        var dag = new Dag("d").Add(new DagNode("a", MethodCode.From(Break), new NodeSettings { OutputType = typeof(int[]) }));
        dag.Add(DagNode.Map("map", new SubDags(Graphs.One("x", (int value) => value)), Always), ["a"]);
        dag.Add(DagNode.Call("call", Graphs.One("y", (object? value) => Ran.Enqueue($"y {value ?? "null"}")), Always), ["a"]);

        var result = await RunAsync(dag);

        Assert.Equal([NodeStatus.Completed, NodeStatus.Completed], result.Nodes.Skip(1).Select(node => node.Status));
        Assert.Equal(["y null"], Ran);
        Assert.Equal(0, Store.Attempts("x"));
    }

    [Fact]
    public async Task The_sub_runs_of_a_closing_node_run_after_a_failure()
    {
        var dag = new Dag("d").Add("list", () => new[] { 1, 2 }).Add("a", Break, "list");
        dag.Add(Node("gate", () => new[] { 1, 2 }, NodeWhen.Failed), ["a"]);
        var inner = new Dag("e").Add("x", (int value) => value).Add("y", (int x) => Ran.Enqueue($"y {x}"), "x");
        dag.Add(DagNode.Map("map", new SubDags(inner), Always), ["gate"]);

        await new DagRunner(dag, Store, new DagRunOptions { ThrottleLimit = 1 }).RunAsync().Soon();

        Assert.Equal(["y 1", "y 2"], Ran);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sub_dag_may_have_closing_nodes_beside_its_one_sink(bool goesOn)
    {
        var inner = new Dag("e").Add("x", (int value) => value == 2 ? throw new InvalidOperationException("no") : value * 10)
            .Add(Node("c", Say, NodeWhen.Always), ["x"]).Add(Node("f", Say, NodeWhen.Failed), ["x"]);
        var dag = Graphs.MapOver(new[] { 1, 2, 3 }, inner, new NodeSettings { AllowedFailure = AllowedFailure.OfCount(1) });

        var result = await new DagRunner(dag, Store, new DagRunOptions { ContinueOnFailure = goesOn }).RunAsync().Soon();

        Assert.Equal([10, 30], result.Numbers());
        Assert.Equal(["c: x completed", "c: x completed", "c: x failed no", "f: x failed no"], Ran.Order());
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

        await new DagRunner(dag, Store, new DagRunOptions { ThrottleLimit = 4 }).RunAsync().Soon();

        Assert.Equal(["c: y upstream_failed"], Ran);
    }

    [Fact]
    public async Task After_the_time_of_a_sub_run_is_up_its_closing_nodes_run()
    {
        var clock = new ManualClock();
        var inner = new Dag("e").Add("x", Forever).Add(Node("c", Say, NodeWhen.Always), ["x"]);
        var dag = new Dag("d").Add("a", () => 1);
        dag.Add(DagNode.Call("call", inner, new NodeSettings { Timeout = TimeSpan.FromSeconds(5) }), ["a"]);
        var run = new DagRunner(dag, Store, new DagRunOptions { Clock = clock }).RunAsync();
        await clock.ElapseAsync(TimeSpan.FromSeconds(5));

        var result = await run.Soon();

        Assert.Equal(DagRunStatus.Failed, result.Status);
        Assert.StartsWith("c: x failed", Assert.Single(Ran), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_element_that_is_tried_again_closes_each_time_it_ends()
    {
        var ran = 0;
        var inner = new Dag("e").Add("x", (int value) => ++ran == 1 ? throw new InvalidOperationException("no") : value)
            .Add(Node("c", Say, NodeWhen.Always), ["x"]).Add(Node("f", Say, NodeWhen.Failed), ["x"]);

        var result = await RunAsync(Graphs.MapOver(new[] { 7 }, inner, new NodeSettings { Retry = new RetryPolicy { Count = 1 } }));

        Assert.Equal([7], result.Numbers());
        Assert.Equal(["c: x completed", "c: x failed no", "f: x failed no"], Ran.Order());
        Assert.Equal([NodeStatus.Completed, NodeStatus.Omitted], Store.NodeRuns("f").Select(run => run.Status));
    }

    [Fact]
    public async Task A_closing_node_that_runs_again_and_fails_gives_nothing_of_what_it_gave_before()
    {
        var ran = 0;
        var inner = new Dag("e").Add("x", (int value) => ++ran == 1 ? throw new InvalidOperationException("no") : value)
            .Add(Node("c", () => ran == 1 ? 5 : Fail(), NodeWhen.Always), ["x"])
            .Add(Node("last", (object? c) => Ran.Enqueue($"{c ?? "null"}"), NodeWhen.Always), ["c"]);

        await RunAsync(Graphs.MapOver(new[] { 7 }, inner, new NodeSettings { Retry = new RetryPolicy { Count = 1 } }));

        Assert.Equal(["5", "null"], Ran);
    }
}
