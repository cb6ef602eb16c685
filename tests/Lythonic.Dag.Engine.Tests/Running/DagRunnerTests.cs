using System.Collections;
using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

public sealed class DagRunnerTests
{
    [Fact]
    public async Task A_chain_passes_outputs_by_type()
    {
        var dag = new Dag("chain")
            .Add("one", () => 20)
            .Add("two", (int value) => $"{value + 1}!", "one");

        var result = await new DagRunner(dag).RunAsync();

        Assert.Equal(DagRunStatus.Completed, result.Status);
        Assert.Equal("21!", result.Outputs["two"]);
    }

    [Fact]
    public async Task A_list_parameter_collects_every_upstream_in_edge_order()
    {
        var dag = new Dag("fan-in")
            .Add("a", () => 1)
            .Add("b", () => 2)
            .Add("sum", (int[] values) => string.Join(',', values), "b", "a");

        var result = await new DagRunner(dag).RunAsync();

        Assert.Equal("2,1", result.Outputs["sum"]);
    }

    [Fact]
    public async Task Source_input_by_parameter_name_reaches_every_source_that_has_it()
    {
        var dag = new Dag("sources")
            .Add("a", (string name) => $"a {name}")
            .Add("b", (string name) => $"b {name}");

        var result = await new DagRunner(dag).RunAsync(new Hashtable { ["name"] = "x" });

        Assert.Equal("a x", result.Outputs["a"]);
        Assert.Equal("b x", result.Outputs["b"]);
    }

    [Fact]
    public async Task A_failure_is_a_value_and_nothing_downstream_runs()
    {
        var ran = false;
        var dag = new Dag("failure")
            .Add("bad", int () => throw new InvalidOperationException("no"))
            .Add("after", (int value) => { ran = true; return value; }, "bad");

        var result = await new DagRunner(dag).RunAsync();

        Assert.Equal(DagRunStatus.Failed, result.Status);
        Assert.Equal("bad", result.FailedNode);
        Assert.Equal("no", result.Error);
        Assert.False(ran);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_map_over_a_list_keeps_the_order(int throttle)
    {
        var square = new Dag("square").Add("sq", (int value) => value * value);
        var dag = new Dag("map").Add("list", () => Enumerable.Range(0, 500).ToArray());
        dag.Add(DagNode.Map("squares", new SubDags(square)), ["list"]);

        var result = await new DagRunner(dag, null, new DagRunOptions { ThrottleLimit = throttle }).RunAsync();

        Assert.Equal(Enumerable.Range(0, 500).Select(value => (object)(value * value)), (object[])result.Outputs["squares"]!);
    }

    [Fact]
    public async Task Nested_maps_run_with_a_throttle_of_one()
    {
        var inner = new Dag("inner").Add("plus", (int value) => value + 1);
        var outer = new Dag("outer").Add("rows", (int[] row) => row);
        outer.Add(DagNode.Map("each", new SubDags(inner)), ["rows"]);
        var dag = new Dag("nested").Add("table", () => new[] { new[] { 1, 2 }, new[] { 3 } });
        dag.Add(DagNode.Map("map", new SubDags(outer)), ["table"]);

        var result = await new DagRunner(dag, null, new DagRunOptions { ThrottleLimit = 1 }).RunAsync();

        Assert.Equal(DagRunStatus.Completed, result.Status);
        Assert.Equal([new object[] { 2, 3 }, new object[] { 4 }], (object[])result.Outputs["map"]!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_at_a_time_what_an_end_makes_ready_and_what_was_ready_before_run_in_the_order_of_the_nodes(bool kept)
    {
        var ran = new List<string>();
        string Say(string label)
        {
            ran.Add(label);
            return label;
        }

        var dag = new Dag("order")
            .Add("first", () => Say("first"))
            .Add("second", (string text) => Say("second"), "first")
            .Add("third", (string text) => Say("third"), "second")
            .Add("last", () => Say("last"));

        await new DagRunner(dag, kept ? new MemoryProvenance() : null, new DagRunOptions { ThrottleLimit = 1 }).RunAsync();

        Assert.Equal(["first", "second", "third", "last"], ran);
    }

    [Fact]
    public async Task A_chain_of_twenty_thousand_nodes_needs_no_deeper_stack()
    {
        var dag = new Dag("long").Add("n0", () => 0);
        for (var index = 1; index < 20_000; index++)
            dag.Add($"n{index}", (int value) => value + 1, $"n{index - 1}");

        var result = await new DagRunner(dag).RunAsync();

        Assert.Equal(19_999, result.Outputs["n19999"]);
    }

    [Fact]
    public async Task A_node_that_throws_DagPauseException_pauses_its_run()
    {
        var dag = new Dag("pause").Add("stop", int () => throw new DagPauseException("wait"));

        var result = await new DagRunner(dag).RunAsync();

        Assert.Equal(DagRunStatus.Paused, result.Status);
        Assert.Equal("wait", result.Error);
    }

    [Fact]
    public void An_inline_node_runs_on_the_thread_that_calls_the_runner()
    {
        var dag = new Dag("inline");
        dag.Add(new DagNode("here", MethodCode.From(() => Environment.CurrentManagedThreadId), new NodeSettings { Inline = true }));
        dag.Add("there", (int thread) => thread, "here");

        var run = new DagRunner(dag).RunAsync();

        Assert.True(run.IsCompletedSuccessfully);
#pragma warning disable xUnit1031 // the run has ended; awaiting would be allowed to change the thread that this test is about
        Assert.Equal(Environment.CurrentManagedThreadId, run.Result.Outputs["there"]);
#pragma warning restore xUnit1031
    }

    [Fact]
    public async Task Cancelling_ends_the_run_as_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var dag = new Dag("cancel").Add("wait", async (CancellationToken token) =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
            return 1;
        });

        var result = await new DagRunner(dag).RunAsync(cancellationToken: cancel.Token);

        Assert.Equal(DagRunStatus.Cancelled, result.Status);
    }

    [Fact]
    public async Task A_switch_runs_the_branch_that_the_value_carries()
    {
        var dag = new Dag("switch").Add("pick", () => new object[] { "big", 5 });
        dag.Add(
            DagNode.Switch("route", new SubDags([
                new("small", new Dag("s").Add("s", (int value) => $"small {value}")),
                new("big", new Dag("b").Add("b", (int value) => $"big {value}"))])),
            ["pick"]);

        var result = await new DagRunner(dag).RunAsync();

        Assert.Equal("big 5", result.Outputs["route"]);
    }
}
