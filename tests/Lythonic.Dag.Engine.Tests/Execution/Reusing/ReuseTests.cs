using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>Which nodes reuse an earlier output, and which do not.</summary>
public sealed class ReuseTests : IDisposable
{
    private static readonly NodeSettings Reusing = new() { Reuse = true };
    private static int _calls;

    private readonly MemoryProvenance _store = new();
    private readonly ManualClock _clock = new();

    public ReuseTests() => _calls = 0;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_node_of_the_same_code_and_inputs_is_not_run_again()
    {
        var first = await RunAsync(Twice(1));
        var second = await RunAsync(Twice(1));

        Assert.Equal((1, 2), (_calls, second.Outputs["n"]));
        Assert.Equal((NodeStatus.Skipped, first.RunId), (second.Nodes[0].Status, second.Nodes[0].ReusedFrom));
    }

    [Fact]
    public async Task A_node_reused_from_one_that_was_reused_names_the_run_in_which_the_code_ran_also_where_that_is_removed()
    {
        var first = await RunAsync(Twice(1));
        await RunAsync(Twice(1));
        _store.RemoveRuns([first.RunId]);

        var third = await RunAsync(Twice(1));

        Assert.Equal((1, first.RunId), (_calls, third.Nodes[0].ReusedFrom));
    }

    [Fact]
    public async Task A_node_without_reuse_neither_gives_nor_takes()
    {
        await RunAsync(Twice(1, new NodeSettings()));
        await RunAsync(Twice(1));
        await RunAsync(Twice(1, new NodeSettings()));

        Assert.Equal(3, _calls);
    }

    [Fact]
    public async Task Another_constant_is_another_input()
    {
        await RunAsync(Twice(1));
        await RunAsync(Twice(2));

        Assert.Equal(2, _calls);
    }

    [Fact]
    public async Task What_is_downstream_of_what_is_reused_is_reused_too()
    {
        await RunAsync(Chain());
        var second = await RunAsync(Chain());

        Assert.Equal((2, 4), (_calls, second.Outputs["z"]));
        Assert.All(second.Nodes, node => Assert.Equal(NodeStatus.Skipped, node.Status));
    }

    [Fact]
    public async Task An_output_beside_an_error_is_not_reused()
    {
        var options = new DagRunOptions { Invoker = new WritingInvoker(_ => 1) };
        await RunAsync(Twice(1), options);
        var second = await RunAsync(Twice(1), options);

        Assert.Equal(NodeStatus.Completed, second.Nodes[0].Status);
    }

    [Fact]
    public async Task NoReuse_runs_everything_and_what_it_made_is_the_newest()
    {
        await RunAsync(Twice(1));
        var second = await RunAsync(Twice(1), new DagRunOptions { NoReuse = true, Clock = Later() });
        var third = await RunAsync(Twice(1));

        Assert.Equal((2, second.RunId), (_calls, third.Nodes[0].ReusedFrom));
    }

    [Fact]
    public async Task ReuseFor_asks_when_the_code_ran_and_not_when_it_was_reused()
    {
        var settings = new NodeSettings { Reuse = true, ReuseFor = TimeSpan.FromHours(1) };
        var options = new DagRunOptions { Clock = _clock };
        await RunAsync(Twice(1, settings), options);
        _clock.Advance(TimeSpan.FromMinutes(50));
        await RunAsync(Twice(1, settings), options);
        Assert.Equal(1, _calls);
        _clock.Advance(TimeSpan.FromMinutes(11));
        await RunAsync(Twice(1, settings), options);

        Assert.Equal(2, _calls);
    }

    [Fact]
    public async Task An_overridden_node_neither_takes_an_output_nor_gives_its_own()
    {
        var options = new DagRunOptions
        {
            Overrides = new Dictionary<string, NodeCode> { ["n"] = MethodCode.From((int x) => x + 100) },
        };
        await RunAsync(Twice(1));
        var second = await RunAsync(Twice(1), options);
        var third = await RunAsync(Twice(1));

        Assert.Equal((101, 2), (second.Outputs["n"], third.Outputs["n"]));
    }

    [Fact]
    public async Task An_inline_node_runs()
    {
        await RunAsync(Twice(1, new NodeSettings { Reuse = true, Inline = true }));
        await RunAsync(Twice(1, new NodeSettings { Reuse = true, Inline = true }));

        Assert.Equal(2, _calls);
    }

    [Fact]
    public async Task A_replay_runs_the_nodes_that_it_names()
    {
        var first = await RunAsync(Chain());

        var replay = await new DagRunner(Chain(), _store).ReplayAsync(first.RunId, ["n"]);

        Assert.Equal([NodeStatus.Completed, NodeStatus.Skipped], replay.Nodes.Select(node => node.Status));
        Assert.Equal((3, first.RunId), (_calls, replay.Nodes[1].ReusedFrom));
    }

    [Fact]
    public async Task A_replay_may_reuse_what_lies_downstream_of_the_nodes_that_it_names()
    {
        var first = await RunAsync(Chain());

        var replay = await new DagRunner(Chain(), _store, new DagRunOptions { IncludeDownstream = true }).ReplayAsync(first.RunId, ["n"]);

        Assert.Equal([NodeStatus.Completed, NodeStatus.Skipped], replay.Nodes.Select(node => node.Status));
        Assert.Equal(3, _calls);
    }

    [Fact]
    public async Task Of_a_map_the_elements_are_reused_that_are_the_same()
    {
        await RunAsync(Map([1, 2, 3]));
        _calls = 0;
        var second = await RunAsync(Map([3, 1, 4]));

        Assert.Equal([6, 2, 8], second.Numbers());
        Assert.Equal((1, NodeStatus.Completed), (_calls, second.Nodes[1].Status));
    }

    [Fact]
    public async Task A_reused_element_has_a_sub_run_whose_node_is_skipped_with_its_input()
    {
        var first = await RunAsync(Map([5]));
        var before = _store.GetSubRuns(_store.FindRun(first.RunId)!, "map").Single();
        var second = await RunAsync(Map([5]));

        var inside = _store.GetSubRuns(_store.FindRun(second.RunId)!, "map").Single();
        var node = _store.GetNodeRuns(inside).Single();
        Assert.Equal((DagRunStatus.Completed, NodeStatus.Skipped, before.RunId), (inside.Status, node.Status, node.ReusedFrom));
        Assert.Equal("""{"x":5}""", _store.GetInput(node));
    }

    [Fact]
    public async Task A_call_node_is_reused_whole()
    {
        await RunAsync(Call());
        var second = await RunAsync(Call());

        Assert.Equal((2, 4), (_calls, second.Outputs["call"]));
        Assert.Equal(NodeStatus.Skipped, second.Nodes[1].Status);
        Assert.Empty(_store.GetSubRuns(_store.FindRun(second.RunId)!, "call"));
    }

    [Fact]
    public async Task Without_provenance_a_node_that_says_reuse_runs()
    {
        await new DagRunner(Twice(1)).RunAsync();
        await new DagRunner(Twice(1)).RunAsync();

        Assert.Equal(2, _calls);
    }

    [Fact]
    public async Task What_changed_its_input_and_is_tried_again_is_not_given_for_the_input_that_it_began_with()
    {
        var settings = new NodeSettings { Reuse = true, Retry = new RetryPolicy { Count = 1 } };
        Dag Growing() => new Dag("d")
            .Add(new DagNode("list", MethodCode.From(() => new List<int> { 1 }), new NodeSettings { OutputType = typeof(List<int>) }))
            .Add(new DagNode("n", MethodCode.From(Grow), settings), ["list"]);
        await RunAsync(Growing());
        _calls = 1;

        var second = await RunAsync(Growing());

        Assert.Equal(2, second.Outputs["n"]);
    }

    private static int Grow(List<int> list)
    {
        list.Add(1);
        return ++_calls == 1 ? throw new InvalidOperationException("again") : list.Count;
    }

    private static int Double(int x)
    {
        Interlocked.Increment(ref _calls);
        return 2 * x;
    }

    private static Dag Twice(int x, NodeSettings? settings = null) => new Dag("d").Add(new DagNode(
        "n", MethodCode.From(Double), (settings ?? Reusing) with { Constants = new Dictionary<string, object?> { ["x"] = x } }));

    private static Dag Chain() => Twice(1).Add(new DagNode("z", MethodCode.From(Double), Reusing), ["n"]);

    private static Dag Map(int[] list) => Graphs.MapOver(list, Graphs.One("e", Double), Reusing);

    private static Dag Call() => new Dag("d")
        .Add(new DagNode("one", MethodCode.From(() => 1)))
        .Add(
            DagNode.Call("call", Graphs.One("a", Double).Add(new DagNode("b", MethodCode.From(Double)), ["a"]), Reusing), ["one"]);

    private static ManualClock Later()
    {
        var clock = new ManualClock();
        clock.Advance(TimeSpan.FromDays(36_500));
        return clock;
    }

    private Task<DagRunResult> RunAsync(Dag dag, DagRunOptions? options = null) => new DagRunner(dag, _store, options).RunAsync().Soon();
}
