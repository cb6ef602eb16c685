using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>A run with targets.</summary>
public sealed class TargetTests : IDisposable
{
    private readonly MemoryProvenance _store = new();
    private bool _broken;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task The_targets_run_with_all_upstream_of_them_and_the_others_are_omitted()
    {
        var result = await RunAsync("c");

        Assert.Equal(["a", "b", "c"], Ran(result));
        Assert.Equal(["d", "other"], result.Nodes.Where(node => node.Status == NodeStatus.Omitted).Select(node => node.Label));
        Assert.Equal((DagRunStatus.Completed, NodeStatus.Omitted), (result.Status, _store.Statuses()["d:d"]));
    }

    [Fact]
    public async Task Outputs_have_the_targets_also_those_that_are_no_sinks()
    {
        var result = await RunAsync("c", "A");

        Assert.Equal(["a", "c"], result.Outputs.Keys.Cast<string>());
        Assert.Equal(["a", "c"], _store.FindRun(result.RunId)!.SinkLabels);
        Assert.Equal(["c", "a"], _store.FindRun(result.RunId)!.Targets);
    }

    [Fact]
    public async Task The_inputs_of_the_others_are_not_checked()
    {
        var dag = Shape().Add("needs", (int nobodyGives) => nobodyGives);

        var result = await new DagRunner(dag, _store, new DagRunOptions { Targets = ["a"] }).RunAsync().Soon();

        Assert.Equal(DagRunStatus.Completed, result.Status);
        Assert.Equal(["a"], Ran(result));
    }

    [Fact]
    public async Task A_target_that_is_not_there_is_an_error_and_stores_nothing()
    {
        var error = await Assert.ThrowsAsync<DagException>(() => RunAsync("none"));

        Assert.Equal((DagErrorId.DagNodeNotFound, 0), (error.Id, _store.RunCount));
    }

    [Fact]
    public async Task Closing_nodes_run_whose_upstreams_all_run_and_no_others()
    {
        var dag = Shape().Add(Closing("with"), ["a", "b"]).Add(Closing("after"), ["with"]).Add(Closing("without"), ["a", "d"]);

        var result = await new DagRunner(dag, _store, new DagRunOptions { Targets = ["b"] }).RunAsync().Soon();

        Assert.Equal(["a", "b", "with", "after"], Ran(result));
        Assert.Equal(["b"], result.Outputs.Keys.Cast<string>());
    }

    [Fact]
    public async Task A_closing_node_may_be_a_target()
    {
        var dag = Shape().Add(Closing("close"), ["b"]);

        var result = await new DagRunner(dag, _store, new DagRunOptions { Targets = ["close"] }).RunAsync().Soon();

        Assert.Equal(["a", "b", "close"], Ran(result));
        Assert.Equal(["close"], result.Outputs.Keys.Cast<string>());
    }

    [Fact]
    public async Task A_restart_keeps_the_targets()
    {
        _broken = true;
        var failed = await RunAsync("c");
        _broken = false;

        var result = await new DagRunner(Shape(), _store).RestartAsync(failed.RunId).Soon();

        Assert.Equal((DagRunStatus.Failed, DagRunStatus.Completed), (failed.Status, result.Status));
        Assert.Equal(["a", "b", "c"], Ran(result));
        Assert.Equal(["c"], result.Outputs.Keys.Cast<string>());
    }

    [Fact]
    public async Task A_replay_keeps_the_targets_also_of_what_is_downstream()
    {
        var first = await RunAsync("c");

        var options = new DagRunOptions { IncludeDownstream = true };
        var result = await new DagRunner(Shape(), _store, options).ReplayAsync(first.RunId, ["a"]).Soon();

        Assert.Equal(["a", "b", "c"], Ran(result));
        Assert.Equal(["c"], _store.FindRun(result.RunId)!.Targets);
    }

    [Fact]
    public async Task A_replay_runs_a_node_that_is_named_also_where_the_targets_did_not_need_it()
    {
        var first = await RunAsync("c");

        var result = await new DagRunner(Shape(), _store).ReplayAsync(first.RunId, ["d"]).Soon();

        Assert.Equal(["d"], Ran(result));
        Assert.Equal(["c", "d"], result.Outputs.Keys.Cast<string>());
    }

    [Fact]
    public void The_plan_says_which_nodes_the_targets_do_not_need()
    {
        var plan = new DagRunner(Shape(), _store, new DagRunOptions { Targets = ["a"] }).PrepareRun();

        Assert.Equal(
            [PlannedAction.Run, PlannedAction.Skip, PlannedAction.Skip, PlannedAction.Skip, PlannedAction.Skip],
            plan.Nodes.Select(node => node.Action));
    }

    private static IEnumerable<string> Ran(DagRunResult result) =>
        result.Nodes.Where(node => node.Status == NodeStatus.Completed).Select(node => node.Label);

    private static DagNode Closing(string label) => new(label, MethodCode.From(() => 1), new NodeSettings { When = NodeWhen.Always });

    private Dag Shape() => new Dag("d").Add("a", () => 1).Add("b", Break, "a").Add("c", (int value) => value * 10, "b")
        .Add("d", () => 4, "c").Add("other", () => 5);

    private int Break(int value) => _broken ? throw new InvalidOperationException("no") : value + 1;

    private Task<DagRunResult> RunAsync(params string[] targets) =>
        new DagRunner(Shape(), _store, new DagRunOptions { Targets = targets }).RunAsync().Soon();
}
