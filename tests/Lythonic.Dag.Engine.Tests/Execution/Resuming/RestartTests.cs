using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Engine.Tests.Values;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Execution;

public sealed class RestartTests : IDisposable
{
    private readonly MemoryProvenance _store = new();
    private bool _broken = true;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_restart_of_a_failed_run_runs_only_what_had_not_completed()
    {
        var dag = new Dag("d").Add("a", () => 1).Add("b", Break, "a").Add("c", (int value) => value * 10, "b");
        var failed = await new DagRunner(dag, _store).RunAsync();

        _broken = false;
        var result = await new DagRunner(dag, _store).RestartAsync(failed.RunId);

        Assert.Equal(DagRunStatus.Completed, result.Status);
        Assert.Equal(failed.RunId, result.RunId);
        Assert.Equal(20, result.Outputs["c"]);
        Assert.Equal(["d:a", "d:b", "d:c"], _store.Completions);
        Assert.Equal(2, result.Nodes[1].Attempt);
    }

    [Fact]
    public async Task A_plan_says_what_a_restart_does_and_executes_just_that()
    {
        var dag = new Dag("d").Add("a", () => 1).Add("b", Break, "a").Add("c", (int value) => value * 10, "b");
        var failed = await new DagRunner(dag, _store).RunAsync();
        _broken = false;
        var plan = new DagRunner(dag, _store).PrepareRestart(failed.RunId);
        dag.Add("late", () => 1);

        var result = await plan.ExecuteAsync();

        Assert.Equal([PlannedAction.Reuse, PlannedAction.Run, PlannedAction.Run], plan.Nodes.Select(node => node.Action));
        Assert.Equal(["a", "b", "c"], result.Nodes.Select(node => node.Label));
        Assert.Equal(["d:a", "d:b", "d:c"], _store.Completions);
    }

    [Fact]
    public async Task A_plan_of_a_replay_is_executed_as_a_new_run()
    {
        var dag = new Dag("d").Add("a", () => 1).Add("b", Break, "a");
        var failed = await new DagRunner(dag, _store).RunAsync();
        _broken = false;
        var plan = new DagRunner(dag, _store).PrepareReplay(failed.RunId, ["b"]);

        var result = await plan.ExecuteAsync();

        Assert.Equal([NodeStatus.Skipped, NodeStatus.Completed], result.Nodes.Select(node => node.Status));
        Assert.NotEqual(failed.RunId, result.RunId);
    }

    [Fact]
    public async Task A_completed_run_is_not_restartable()
    {
        var dag = new Dag("d").Add("a", () => 1);
        var done = await new DagRunner(dag, _store).RunAsync();

        var error = await Assert.ThrowsAsync<DagException>(() => new DagRunner(dag, _store).RestartAsync(done.RunId));

        Assert.Equal(DagErrorId.DagRunNotRestartable, error.Id);
        Assert.Contains("completed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_completed_node_that_changed_is_refused_by_name_unless_it_is_forced()
    {
        var dag = new Dag("d").Add("a", () => 1).Add("b", Break, "a");
        var failed = await new DagRunner(dag, _store).RunAsync();
        _broken = false;
        var changed = new Dag("d").Add("a", () => 5).Add("b", Break, "a");

        var error = await Assert.ThrowsAsync<DagException>(() => new DagRunner(changed, _store).RestartAsync(failed.RunId));
        var forced = await new DagRunner(changed, _store, new DagRunOptions { Force = true }).RestartAsync(failed.RunId);

        Assert.Equal(DagErrorId.DagDefinitionChanged, error.Id);
        Assert.Contains("'a'", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, forced.Outputs["b"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_that_cannot_take_a_part_of_a_stored_output_names_the_node_that_made_it(bool isMap)
    {
        var dag = new Dag("d").Add("maker", () => new[] { new Outcome(new InvalidOperationException("kept as a snapshot")) });
        if (isMap)
            dag.Add(DagNode.Map("taker", new SubDags(Graphs.One("e", (Outcome _) => Break(1)))), ["maker"]);
        else
            dag.Add("taker", (Outcome[] _) => Break(1), "maker");
        var failed = await new DagRunner(dag, _store).RunAsync();

        _broken = false;
        var result = await new DagRunner(dag, _store).RestartAsync(failed.RunId);

        Assert.Equal(DagRunStatus.Failed, result.Status);
        Assert.Contains("The stored output of node 'maker' cannot be what node 'taker' takes", result.Error, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException was a live object", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replay_runs_the_named_nodes_and_reuses_the_rest()
    {
        var runs = 0;
        var dag = new Dag("d").Add("a", () => 1).Add("b", (int value) => value + ++runs, "a").Add("c", (int value) => value, "b");
        var first = await new DagRunner(dag, _store).RunAsync();

        var replayed = await new DagRunner(dag, _store).ReplayAsync(first.RunId, ["b"]);
        var whole = await new DagRunner(dag, _store, new DagRunOptions { IncludeDownstream = true }).ReplayAsync(first.RunId, ["B"]);

        Assert.NotEqual(first.RunId, replayed.RunId);
        Assert.Equal([NodeStatus.Skipped, NodeStatus.Completed, NodeStatus.Skipped], replayed.Nodes.Select(node => node.Status));
        Assert.Equal(2, replayed.Outputs["c"]);
        Assert.Equal(4, whole.Outputs["c"]);
    }

    [Fact]
    public async Task A_map_restart_runs_only_the_elements_that_had_not_completed()
    {
        var tried = 0;
        var element = new Dag("e").Add("first", (int value) => value).Add("second", (int value) =>
        {
            Interlocked.Increment(ref tried);
            return _broken && value == 3 ? throw new InvalidOperationException("three") : value * 2;
        }, "first");
        var dag = new Dag("d").Add("list", () => new[] { 0, 1, 2, 3, 4 });
        dag.Add(DagNode.Map("map", new SubDags(element)), ["list"]);
        var options = new DagRunOptions { ThrottleLimit = 1 };
        var failed = await new DagRunner(dag, _store, options).RunAsync();
        Assert.Contains("[3]", failed.Error, StringComparison.Ordinal);
        Assert.Contains("/second", failed.Error, StringComparison.Ordinal);

        (_broken, tried) = (false, 0);
        var result = await new DagRunner(dag, _store, options).RestartAsync(failed.RunId);

        Assert.Equal([0, 2, 4, 6, 8], ((object[])result.Outputs["map"]!).Select(value => Convert.ToInt32(value, null)));
        Assert.Equal(2, tried);
        Assert.Equal(5, _store.Attempts("first"));
        Assert.Equal(6, _store.RunCount);
    }

    [Fact]
    public async Task A_map_restart_counts_results_that_are_null_and_keeps_identical_elements_apart_and_in_order()
    {
        var element = Graphs.One(
            "e", (int value) => value == 0 && _broken ? throw new InvalidOperationException("no") : value == 7 ? null : (object)value);
        var dag = Graphs.MapOver(new[] { 7, 3, 0, 7, 3 }, element);
        dag.Add("count", (object?[] all) => all.Length, "map");
        var failed = await new DagRunner(dag, _store, new DagRunOptions { ContinueOnFailure = true }).RunAsync();
        Assert.Equal(5, _store.NodeRuns("e").Count);

        _broken = false;
        var result = await new DagRunner(dag, _store).RestartAsync(failed.RunId);

        var stored = new JsonValueCodec().Decode(_store.GetOutput(_store.NodeRuns("map")[^1])!.Json!);
        Assert.Equal(5, result.Outputs["count"]);
        Assert.Equal([null, 3, 0, null, 3],
            ((object?[])stored!).Select(value => value is null ? (int?)null : Convert.ToInt32(value, null)));
        Assert.Equal(6, _store.NodeRuns("e").Count);
    }

    [Fact]
    public async Task A_pause_inside_a_sub_dag_pauses_the_whole_run_and_a_restart_goes_on_inside()
    {
        var inner = new Dag("inner").Add("before", (int value) => value)
            .Add("gate", (int value) => _broken ? throw new DagPauseException("wait") : value + 1, "before");
        var dag = new Dag("d").Add("start", () => 1);
        dag.Add(DagNode.Call("call", inner), ["start"]);
        var paused = await new DagRunner(dag, _store).RunAsync();
        Assert.Equal(DagRunStatus.Paused, paused.Status);

        _broken = false;
        var result = await new DagRunner(dag, _store).RestartAsync(paused.RunId);

        Assert.Equal(2, Convert.ToInt32(result.Outputs["call"], null));
        Assert.Equal(1, _store.Attempts("before"));
        Assert.Equal(2, _store.Attempts("gate"));
        Assert.Contains("d/call[call]:gate", _store.Completions);
    }

    [Fact]
    public async Task With_ContinueOnFailure_all_that_is_not_downstream_of_a_failure_runs()
    {
        var dag = new Dag("d").Add("a", () => 1).Add("bad", Break, "a").Add("after", (int value) => value, "bad")
            .Add("good", (int value) => value + 6, "a");

        var result = await new DagRunner(dag, _store, new DagRunOptions { ContinueOnFailure = true, ThrottleLimit = 1 }).RunAsync();

        Assert.Equal(DagRunStatus.Failed, result.Status);
        Assert.Equal(7, result.Outputs["good"]);
        Assert.Equal(NodeStatus.UpstreamFailed, result.Nodes[2].Status);
        Assert.Equal("Not run: its upstream 'bad' failed.", Assert.Single(_store.NodeRuns("after")).Error);
    }

    [Fact]
    public async Task Allowed_failures_leave_the_map_completed_with_the_results_of_the_others()
    {
        var element = new Dag("e").Add("odd", (int value) => value % 4 == 1 ? throw new InvalidOperationException("no") : value);
        var dag = new Dag("d").Add("list", () => new[] { 0, 1, 2, 3, 4, 5 });
        dag.Add(DagNode.Map("map", new SubDags(element), new NodeSettings { AllowedFailure = AllowedFailure.OfCount(2) }), ["list"]);

        var result = await new DagRunner(dag, _store).RunAsync();

        Assert.Equal(DagRunStatus.Completed, result.Status);
        Assert.Equal([0, 2, 3, 4], (object[])result.Outputs["map"]!);
    }

    [Fact]
    public async Task A_node_tries_again_as_often_as_it_may()
    {
        var tries = 0;
        var dag = new Dag("d");
        var code = MethodCode.From(() => ++tries < 3 ? throw new InvalidOperationException("not yet") : tries);
        dag.Add(new DagNode("flaky", code, new NodeSettings { Retry = new RetryPolicy { Count = 2 } }));

        var result = await new DagRunner(dag, _store).RunAsync();

        Assert.Equal(3, result.Outputs["flaky"]);
        Assert.Equal(3, _store.Attempts("flaky"));
    }

    [Fact]
    public async Task A_timeout_fails_the_node_and_says_so()
    {
        var dag = new Dag("d");
        var code = MethodCode.From(async (CancellationToken token) => { await Task.Delay(Timeout.Infinite, token); return 1; });
        dag.Add(new DagNode("slow", code, new NodeSettings { Timeout = TimeSpan.FromMilliseconds(20) }));

        var result = await new DagRunner(dag, _store).RunAsync();

        Assert.Equal(DagRunStatus.Failed, result.Status);
        Assert.Contains("timed out", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_provenance_there_is_no_restart()
    {
        var error = await Assert.ThrowsAsync<DagException>(() => new DagRunner(new Dag("d").Add("a", () => 1)).RestartAsync("x"));

        Assert.Equal(DagErrorId.DagProvenanceRequired, error.Id);
    }

    private int Break(int value) => _broken ? throw new InvalidOperationException("broken") : value + 1;
}
