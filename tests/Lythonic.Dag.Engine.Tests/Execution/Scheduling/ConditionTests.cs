using System.Collections.Specialized;
using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>A condition says whether a node runs.</summary>
public sealed class ConditionTests : IDisposable
{
    private readonly MemoryProvenance _store = new();
    private int _asked;

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData(true, NodeStatus.Completed)]
    [InlineData(false, NodeStatus.Omitted)]
    public async Task A_node_runs_where_its_condition_says_so_and_is_omitted_where_not(bool says, NodeStatus status)
    {
        var dag = new Dag("d").Add("a", () => 1).Add(Node("b", (int value) => value, () => says), ["a"]);

        var result = await RunAsync(dag);

        Assert.Equal((DagRunStatus.Completed, status), (result.Status, result.Nodes[1].Status));
        Assert.Equal(status, _store.Statuses()["d:b"]);
        Assert.Equal(1, _store.Attempts("b"));
    }

    [Fact]
    public async Task Outputs_have_no_key_for_an_omitted_sink()
    {
        var dag = new Dag("d").Add("a", () => 1).Add(Node("b", (int value) => value, Never), ["a"]).Add("c", (int value) => value, "a");

        var result = await RunAsync(dag);

        Assert.Equal(["c"], result.Outputs.Keys.Cast<string>());
    }

    [Fact]
    public async Task A_condition_sees_the_upstream_output()
    {
        object? seen = null;
        var dag = new Dag("d").Add("a", () => 7).Add(Node("b", () => 1, (object? value) => (seen = value) is not null), ["a"]);

        await RunAsync(dag);

        Assert.Equal(7, seen);
    }

    [Fact]
    public async Task A_condition_sees_several_upstream_outputs_as_an_array_in_edge_order_without_those_that_were_omitted()
    {
        object? seen = null;
        var dag = new Dag("d").Add("a", () => 1).Add("b", () => 2).Add(Node("c", () => 3, Never))
            .Add(Node("z", () => 1, (object? value) => (seen = value) is not null), ["b", "c", "a"]);

        await RunAsync(dag);

        Assert.Equal([2, 1], (object[])seen!);
    }

    [Fact]
    public async Task A_condition_of_a_source_sees_its_values_by_parameter()
    {
        object? seen = null;
        var dag = new Dag("d").Add(Node("a", (int x, string y) => $"{x}{y}", (object? value) => (seen = value) is null));

        var result = await new DagRunner(dag, _store).RunAsync(new Dictionary<string, object> { ["x"] = "5", ["y"] = "b" }).Soon();

        var values = Assert.IsType<OrderedDictionary>(seen);
        Assert.Equal((5, "b"), (values["x"], values["Y"]));
        Assert.Equal(NodeStatus.Omitted, result.Nodes[0].Status);
    }

    [Fact]
    public async Task A_condition_of_the_source_of_a_sub_dag_sees_the_element()
    {
        var inner = new Dag("e").Add(Node("x", (int value) => value * 10, (object? value) => (int)value! != 2));

        var result = await RunAsync(Graphs.MapOver(new[] { 1, 2, 3 }, inner));

        Assert.Equal([10, 30], result.Numbers());
    }

    [Fact]
    public async Task A_condition_that_throws_fails_the_node_and_the_run()
    {
        var dag = new Dag("d").Add("a", () => 1)
            .Add(Node("b", () => 1, bool () => throw new InvalidOperationException("cannot say")), ["a"]);

        var result = await RunAsync(dag);

        Assert.Equal((DagRunStatus.Failed, "b", "cannot say"), (result.Status, result.FailedNode, result.Error));
        Assert.Equal(NodeStatus.Failed, _store.Statuses()["d:b"]);
    }

    [Fact]
    public async Task A_condition_that_throws_is_asked_again_as_often_as_the_nodes_retries_allow_and_its_attempts_are_the_nodes()
    {
        var ran = 0;
        var node = new DagNode(
            "b",
            MethodCode.From((DagContext context) => ++ran == 1 ? throw new InvalidOperationException("no") : context.Attempt),
            new NodeSettings
            {
                If = new NodePredicate(MethodCode.From(() => ++_asked == 1 ? throw new InvalidOperationException("cannot say") : true)),
                Retry = new RetryPolicy { Count = 2 },
            });

        var result = await RunAsync(new Dag("d").Add(node));

        Assert.Equal((3, 2, 2), ((int)result.Outputs["b"]!, _asked, ran));
        Assert.Equal([NodeStatus.Failed, NodeStatus.Failed, NodeStatus.Completed], _store.NodeRuns("b").Select(run => run.Status));
    }

    [Fact]
    public async Task A_condition_that_pauses_pauses_the_run_and_is_asked_again_by_the_restart()
    {
        var dag = new Dag("d").Add(Node("b", () => 1, () => ++_asked > 1 ? true : throw new DagPauseException("later")));
        var paused = await RunAsync(dag);

        var result = await new DagRunner(dag, _store).RestartAsync(paused.RunId).Soon();

        Assert.Equal((DagRunStatus.Paused, "later", DagRunStatus.Completed), (paused.Status, paused.Error, result.Status));
    }

    [Fact]
    public async Task A_condition_is_part_of_the_time_of_an_attempt()
    {
        var clock = new ManualClock();
        using var asked = new SemaphoreSlim(0);
        var settings = new NodeSettings
        {
            Timeout = TimeSpan.FromSeconds(5),
            Retry = new RetryPolicy { Count = 1 },
            If = new NodePredicate(MethodCode.From(async (DagContext context) =>
            {
                asked.Release();
                await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken).ConfigureAwait(false);
                return true;
            })),
        };
        var dag = new Dag("d").Add(new DagNode("b", MethodCode.From(() => 1), settings));
        var run = new DagRunner(dag, _store, new DagRunOptions { Clock = clock }).RunAsync();
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            await asked.WaitAsync().Soon();
            await clock.ElapseAsync(TimeSpan.FromSeconds(5));
        }

        var result = await run.Soon();

        Assert.Equal(
            (DagRunStatus.Failed, "The condition of node 'b' timed out after 5.0 s, in attempt 2."), (result.Status, result.Error));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_condition_of_a_map_is_asked_once_and_not_for_each_element(int throttle)
    {
        var settings = new NodeSettings { If = new NodePredicate(MethodCode.From(() => ++_asked > 0)) };
        var dag = Graphs.MapOver(new[] { 1, 2 }, Graphs.One("e", (int value) => value), settings);

        var result = await new DagRunner(dag, _store, new DagRunOptions { ThrottleLimit = throttle }).RunAsync().Soon();

        Assert.Equal([1, 2], result.Numbers());
        Assert.Equal(1, _asked);
        Assert.Equal(1, _store.Attempts("map"));
    }

    [Fact]
    public async Task An_omitted_map_runs_no_element()
    {
        var settings = new NodeSettings { If = new NodePredicate(MethodCode.From(Never)) };

        var result = await RunAsync(Graphs.MapOver(new[] { 1, 2 }, Graphs.One("e", (int value) => value), settings));

        Assert.Equal((DagRunStatus.Completed, NodeStatus.Omitted, 0), (result.Status, result.Nodes[1].Status, _store.Attempts("e")));
    }

    [Fact]
    public async Task A_condition_is_asked_of_an_overridden_node_too()
    {
        var dag = new Dag("d").Add("a", () => 1).Add(Node("b", (int value) => value, Never), ["a"]);
        var options = new DagRunOptions { Overrides = new Dictionary<string, NodeCode> { ["b"] = MethodCode.From(() => 9) } };

        var result = await new DagRunner(dag, _store, options).RunAsync().Soon();

        Assert.Equal(NodeStatus.Omitted, result.Nodes[1].Status);
    }

    [Fact]
    public async Task A_node_alone_runs_whatever_its_condition_says()
    {
        var dag = new Dag("d").Add("a", () => 1).Add(Node("b", (int value) => value, Never), ["a"]);

        var result = await new DagRunner(dag).RunNodeAsync("b", new Dictionary<string, object> { ["value"] = 4 }).Soon();

        Assert.Equal(4, result.Outputs["b"]);
    }

    [Fact]
    public async Task An_omitted_node_keeps_nothing_from_running_without_a_store()
    {
        var dag = new Dag("d").Add(Node("a", () => 1, Never)).Add("b", () => 2, "a");

        var result = await new DagRunner(dag).RunAsync().Soon();

        Assert.Equal([NodeStatus.Omitted, NodeStatus.Completed], result.Nodes.Select(node => node.Status));
    }

    private static bool Never() => false;

    private static DagNode Node(string label, Delegate code, Delegate condition) =>
        new(label, MethodCode.From(code), new NodeSettings { If = new NodePredicate(MethodCode.From(condition)) });

    private Task<DagRunResult> RunAsync(Dag dag) => new DagRunner(dag, _store).RunAsync().Soon();
}
