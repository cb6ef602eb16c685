using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>Closing nodes when a run is paused, restarted or replayed.</summary>
public sealed class ClosingResumingTests : ClosingScenario
{
    [Fact]
    public async Task A_pause_of_the_run_starts_no_closing_node_and_the_restart_runs_them()
    {
        DagRunner? runner = null;
        var dag = new Dag("d").Add("a", () => runner!.Pause()).Add(Node("c", Say, NodeWhen.Always), ["a"]);
        runner = new DagRunner(dag, Store);
        var paused = await runner.RunAsync().Soon();
        Assert.Empty(Ran);

        var result = await RestartAsync(dag, paused);

        Assert.Equal((DagRunStatus.Paused, DagRunStatus.Completed), (paused.Status, result.Status));
        Assert.Equal(["c: a completed"], Ran);
    }

    [Fact]
    public async Task A_pause_beside_a_failure_starts_no_closing_node_either()
    {
        var dag = new Dag("d").Add("a", int () => throw new DagPauseException("wait")).Add("b", Break);
        dag.Add(Node("c", Say, NodeWhen.Always), ["b"]);

        var result = await new DagRunner(dag, Store, new DagRunOptions { ThrottleLimit = 1, ContinueOnFailure = true }).RunAsync().Soon();

        Assert.Equal(DagRunStatus.Paused, result.Status);
        Assert.Empty(Ran);
    }

    [Fact]
    public async Task A_restart_runs_a_closing_node_again_when_one_of_its_upstreams_runs_again_and_omits_one_that_is_for_a_failure()
    {
        var dag = new Dag("d").Add("a", () => 1).Add("b", Break, "a").Add(Node("always", Say, NodeWhen.Always), ["b"])
            .Add(Node("failed", Say, NodeWhen.Failed), ["b"]).Add(Node("early", Say, NodeWhen.Always), ["a"]);
        var failed = await RunAsync(dag);
        Assert.Equal(["always: b failed no", "early: a completed", "failed: b failed no"], Ran.Order());
        Ran.Clear();
        Broken = false;

        var plan = new DagRunner(dag, Store).PrepareRestart(failed.RunId);
        var result = await plan.ExecuteAsync().Soon();

        Assert.Equal(["always: b completed"], Ran);
        Assert.Equal(DagRunStatus.Completed, result.Status);
        Assert.Equal([NodeStatus.Completed, NodeStatus.Omitted], Store.NodeRuns("failed").Select(run => run.Status));
        Assert.Equal(
            [PlannedAction.Reuse, PlannedAction.Run, PlannedAction.Run, PlannedAction.Run, PlannedAction.Reuse],
            plan.Nodes.Select(node => node.Action));
    }

    [Fact]
    public async Task A_restart_runs_the_sub_runs_of_a_closing_node_again_whose_upstream_runs_again()
    {
        var dag = new Dag("d").Add("b", Break).Add(DagNode.Call("call", Graphs.One("x", () => Ran.Enqueue("x")), Always), ["b"]);
        var failed = await RunAsync(dag);

        await RestartAsync(dag, failed);

        Assert.Equal(["x", "x"], Ran);
    }

    [Fact]
    public async Task A_restart_runs_a_closing_node_that_failed_and_nothing_else()
    {
        var dag = new Dag("d").Add("a", () => Ran.Enqueue("a")).Add(Node("c", Break, NodeWhen.Always), ["a"]);
        var failed = await RunAsync(dag);
        Broken = false;

        var result = await RestartAsync(dag, failed);

        Assert.Equal((DagRunStatus.Completed, 1), (result.Status, Ran.Count));
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
            Ran.Enqueue("c");
        }, NodeWhen.Always), ["a"]);
        var crashed = await new DagRunner(dag, store).RunAsync().Soon();

        var result = await new DagRunner(dag, store).RestartAsync(crashed.RunId).Soon();

        Assert.Equal((DagRunStatus.Completed, 2), (result.Status, Ran.Count));
    }

    [Fact]
    public async Task A_replay_takes_over_closing_nodes_as_any_others()
    {
        Broken = false;
        var dag = new Dag("d").Add("a", Break).Add(Node("c", Say, NodeWhen.Always), ["a"]).Add(Node("f", Say, NodeWhen.Failed), ["a"]);
        var first = await RunAsync(dag);

        var result = await new DagRunner(dag, Store).ReplayAsync(first.RunId, ["a"]).Soon();

        Assert.Equal([NodeStatus.Completed, NodeStatus.Skipped, NodeStatus.Omitted], result.Nodes.Select(node => node.Status));
    }

    [Fact]
    public async Task A_replay_runs_closing_nodes_that_are_downstream_where_it_includes_them()
    {
        Broken = false;
        var dag = new Dag("d").Add("a", Break).Add(Node("c", Say, NodeWhen.Always), ["a"]).Add(Node("f", Say, NodeWhen.Failed), ["a"]);
        var first = await RunAsync(dag);
        (Broken, var options) = (true, new DagRunOptions { IncludeDownstream = true });
        Ran.Clear();

        var result = await new DagRunner(dag, Store, options).ReplayAsync(first.RunId, ["a"]).Soon();

        Assert.Equal(["c: a failed no", "f: a failed no"], Ran.Order());
        Assert.Equal(DagRunStatus.Failed, result.Status);
    }
}
