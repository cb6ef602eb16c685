using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>A node that waits for its next attempt is waiting: a row of that attempt, beside those of the attempts before it.</summary>
public sealed class WaitingTests : IDisposable
{
    private static readonly RetryPolicy Once = new() { Count = 1, Delay = TimeSpan.FromHours(1) };

    private readonly MemoryProvenance _store = new() { IsBuffered = true };
    private readonly ManualClock _clock = new();
    private int _tries;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_node_that_waits_for_its_next_attempt_is_waiting_and_has_not_started()
    {
        var run = new DagRunner(Flaky(), _store, Options()).RunAsync();
        await _clock.WaitAsync();
        await _store.FlushAsync();

        var rows = _store.NodeRuns("flaky");
        Assert.Equal([(1, NodeStatus.Failed), (2, NodeStatus.Waiting)], rows.Select(row => (row.Attempt, row.Status)));
        Assert.Equal((null, null, "Attempt 1 failed: no"), (rows[1].StartedAt, rows[1].FinishedAt, rows[1].Error));

        _clock.Advance(TimeSpan.FromHours(1));
        await run.Soon();
        Assert.Equal([(1, NodeStatus.Failed), (2, NodeStatus.Completed)],
            _store.NodeRuns("flaky").Select(row => (row.Attempt, row.Status)));
        Assert.Equal(TimeSpan.FromHours(1), _store.NodeRuns("flaky")[1].StartedAt - _store.NodeRuns("flaky")[0].FinishedAt);
        Assert.Null(_store.NodeRuns("flaky")[1].Error);
    }

    [Fact]
    public async Task The_node_at_which_a_sub_run_is_tried_again_is_waiting()
    {
        var element = new Dag("e").Add("first", (int value) => value).Add("second", (int value) => Fail(value), "first");
        var run = new DagRunner(Graphs.MapOver(new[] { 1 }, element, new NodeSettings { Retry = Once }), _store, Options()).RunAsync();
        await _clock.WaitAsync();
        await _store.FlushAsync();

        Assert.Equal(NodeStatus.Completed, Assert.Single(_store.NodeRuns("first")).Status);
        Assert.Equal([NodeStatus.Failed, NodeStatus.Waiting], _store.NodeRuns("second").Select(row => row.Status));

        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(DagRunStatus.Completed, (await run.Soon()).Status);
        Assert.Equal([NodeStatus.Failed, NodeStatus.Completed], _store.NodeRuns("second").Select(row => row.Status));
    }

    [Fact]
    public async Task A_composite_node_inside_of_a_sub_run_that_is_tried_again_waits_too()
    {
        var inner = new Dag("i").Add("list", (int value) => new[] { value });
        inner.Add(DagNode.Map("deep", new SubDags(Graphs.One("in", (int value) => Fail(value)))), ["list"]);
        var run = new DagRunner(Graphs.MapOver(new[] { 1 }, inner, new NodeSettings { Retry = Once }), _store, Options()).RunAsync();
        await _clock.WaitAsync();
        await _store.FlushAsync();

        Assert.Equal([NodeStatus.Failed, NodeStatus.Waiting], _store.NodeRuns("deep").Select(row => row.Status));

        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(DagRunStatus.Completed, (await run.Soon()).Status);
        Assert.Equal([NodeStatus.Failed, NodeStatus.Completed], _store.NodeRuns("deep").Select(row => row.Status));
        Assert.Equal([NodeStatus.Failed, NodeStatus.Completed], _store.NodeRuns("in").Select(row => row.Status));
    }

    [Fact]
    public async Task A_run_that_ends_while_a_node_waits_leaves_the_attempt_that_failed()
    {
        var runner = new DagRunner(Flaky(), _store, Options());
        var run = runner.RunAsync();
        await _clock.WaitAsync();
        runner.Pause();
        var paused = await run.Soon();

        Assert.Equal((1, NodeStatus.Failed), (Assert.Single(_store.NodeRuns("flaky")).Attempt, _store.NodeRuns("flaky")[0].Status));

        await runner.RestartAsync(paused.RunId).Soon();
        Assert.Equal([(1, NodeStatus.Failed), (2, NodeStatus.Completed)],
            _store.NodeRuns("flaky").Select(row => (row.Attempt, row.Status)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_process_that_ends_while_a_node_waits_leaves_a_run_that_a_restart_goes_on_with(bool inElement)
    {
        var dag = inElement ? Graphs.MapOver(
            new[] { 1 }, Graphs.One("flaky", (int value) => Fail(value)), new NodeSettings { Retry = Once }) : Flaky();
        _ = new DagRunner(dag, _store, Options()).RunAsync();
        await _clock.WaitAsync();
        await _store.FlushAsync();
        var run = _store.FindRuns(new RunQuery()).Single();
        _store.Crash();

        var interrupted = _store.FindRuns(new RunQuery { IncludeSubRuns = true }).First();
        Assert.Equal((DagRunStatus.Interrupted, NodeStatus.Failed), (interrupted.Status, _store.GetNodeRuns(interrupted)[^1].Status));
        var result = await new DagRunner(dag, _store).RestartAsync(run.RunId).Soon();

        Assert.Equal(DagRunStatus.Completed, result.Status);
        Assert.Equal([(1, NodeStatus.Failed), (2, NodeStatus.Completed)],
            _store.NodeRuns("flaky").Select(row => (row.Attempt, row.Status)));
    }

    private int Fail(int value) => ++_tries == 1 ? throw new InvalidOperationException("no") : value;

    private Dag Flaky() => new Dag("d").Add(new DagNode("flaky", MethodCode.From(() => Fail(1)), new NodeSettings { Retry = Once }));

    private DagRunOptions Options() => new() { ThrottleLimit = 1, Clock = _clock };
}
