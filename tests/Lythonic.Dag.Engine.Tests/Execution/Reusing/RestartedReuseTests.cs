using System.Collections.Concurrent;
using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>Elements of a map with reuse in a run that goes on.</summary>
public sealed class RestartedReuseTests : IDisposable
{
    private static readonly NodeSettings Reusing = new() { Reuse = true };

    // A method of an object with fields is not reused, so these are static.
    private static readonly ConcurrentQueue<int> _ran = [];
    private static bool _broken;

    private readonly MemoryProvenance _store = new();

    public RestartedReuseTests()
    {
        _ran.Clear();
        _broken = true;
    }

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_element_that_another_run_completed_meanwhile_is_taken_over_and_its_attempt_that_failed_stays(bool isOne)
    {
        var failed = await RunAsync(isOne);
        _broken = false;
        var other = await RunAsync(isOne);
        _ran.Clear();

        var result = await new DagRunner(Map(isOne), _store).RestartAsync(failed.RunId).Soon();

        Assert.Equal([10, 20], result.Numbers());
        Assert.Empty(_ran);
        var inside = _store.GetSubRuns(_store.FindRun(result.RunId)!, "map").ToList();
        Assert.Equal([DagRunStatus.Completed, DagRunStatus.Completed], inside.Select(run => run.Status));
        var sink = _store.GetNodeRuns(inside[1], allAttempts: true).Where(node => node.Label == "y").ToList();
        Assert.Equal([NodeStatus.Failed, NodeStatus.Skipped], sink.Select(node => node.Status));
        Assert.Equal(_store.GetSubRuns(_store.FindRun(other.RunId)!, "map").Last().RunId, sink[1].ReusedFrom);
    }

    [Fact]
    public async Task An_element_that_ran_whole_after_a_restart_is_reused_by_later_runs()
    {
        var failed = await RunAsync(isOne: true);
        _broken = false;
        await new DagRunner(Map(isOne: true), _store).RestartAsync(failed.RunId).Soon();
        _ran.Clear();

        var later = await RunAsync(isOne: true);

        Assert.Equal([10, 20], later.Numbers());
        Assert.Empty(_ran);
    }

    [Fact]
    public async Task The_plan_of_a_restart_tells_completed_elements_from_reused_ones()
    {
        var failed = await RunAsync(isOne: false);
        _broken = false;
        await RunAsync(isOne: false);

        var plan = new DagRunner(Map(isOne: false), _store).PrepareRestart(failed.RunId);

        Assert.Equal(
            (PlannedAction.Reuse, "1 of its 2 elements is completed, 1 is reused, 0 run"), (plan.Nodes[1].Action, plan.Nodes[1].Reason));
    }

    private Task<DagRunResult> RunAsync(bool isOne) =>
        new DagRunner(Map(isOne), _store, new DagRunOptions { ContinueOnFailure = true }).RunAsync().Soon();

    private static int Last(int x)
    {
        _ran.Enqueue(x);
        return x == 2 && _broken ? throw new InvalidOperationException("no") : x * 10;
    }

    private static int First(int value) => value;

    private static Dag Map(bool isOne) => Graphs.MapOver(
        new[] { 1, 2 }, isOne ? new Dag("e").Add("y", Last) : new Dag("e").Add("x", First).Add("y", Last, "x"), Reusing);
}
