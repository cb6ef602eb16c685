using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>Runs that are to be the only ones of their name.</summary>
public sealed class OverlapTests : IDisposable
{
    private readonly MemoryProvenance _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_run_that_refuses_to_overlap_names_the_live_one_and_leaves_nothing()
    {
        var node = new Gate();
        var live = Runner(node.Hold, DagOverlap.Allow).RunAsync();
        await node.Reached;

        var error = await Assert.ThrowsAsync<DagException>(() => Runner(() => 1, DagOverlap.Refuse).RunAsync());

        Assert.Equal(DagErrorId.DagRunOverlaps, error.Id);
        Assert.Equal(1, _store.RunCount);
        node.Open();
        Assert.Equal((await live).RunId, error.Target);
    }

    [Fact]
    public async Task A_run_that_waits_begins_when_the_live_one_has_ended_and_its_time_counts_from_then()
    {
        var clock = new ManualClock();
        var node = new Gate();
        var live = Runner(node.Hold, DagOverlap.Allow).RunAsync();
        await node.Reached;
        var waits = new TaskCompletionSource();
        _store.Turns.Waits = waits.SetResult;
        var asked = clock.GetUtcNow();
        var waiting = Runner(() => 1, DagOverlap.Wait, new DagRunOptions { Clock = clock }).RunAsync();
        await waits.Task.Soon();
        Assert.Equal(1, _store.RunCount);

        clock.Advance(TimeSpan.FromMinutes(1));
        node.Open();
        await live.Soon();
        var result = await waiting.Soon();

        Assert.Equal((DagRunStatus.Completed, asked.AddMinutes(1)), (result.Status, result.StartedAt));
        Assert.Equal(asked.AddMinutes(1), _store.FindRun(result.RunId)!.StartedAt);
        Assert.Equal(0, _store.Turns.Waiting);
    }

    [Fact]
    public async Task A_start_that_is_cancelled_while_it_waits_leaves_nothing()
    {
        var node = new Gate();
        var live = Runner(node.Hold, DagOverlap.Allow).RunAsync();
        await node.Reached;
        using var stop = new CancellationTokenSource();
        var waits = new TaskCompletionSource();
        _store.Turns.Waits = waits.SetResult;
        var waiting = Runner(() => 1, DagOverlap.Wait).RunAsync(null, null, stop.Token);
        await waits.Task.Soon();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Soon());
        Assert.Equal((1, 0), (_store.RunCount, _store.Turns.Waiting));
        node.Open();
        await live;
    }

    [Fact]
    public async Task A_run_of_a_process_that_has_died_keeps_nobody_waiting()
    {
        var node = new Gate();
        var left = Runner(node.Hold, DagOverlap.Allow).RunAsync();
        await node.Reached;
        _store.Crash();

        var result = await Runner(() => 1, DagOverlap.Refuse).RunAsync();

        Assert.Equal(DagRunStatus.Completed, result.Status);
        node.Open();
        await left;
    }

    [Fact]
    public async Task Restarts_and_replays_are_not_held_back()
    {
        var failed = await Runner(() => throw new InvalidOperationException("no"), DagOverlap.Allow).RunAsync();
        var node = new Gate();
        var live = Runner(node.Hold, DagOverlap.Allow).RunAsync();
        await node.Reached;

        var restarted = await Runner(() => 1, DagOverlap.Refuse).RestartAsync(failed.RunId);
        var replayed = await Runner(() => 1, DagOverlap.Refuse).ReplayAsync(failed.RunId, ["a"]);

        Assert.Equal((DagRunStatus.Completed, DagRunStatus.Completed), (restarted.Status, replayed.Status));
        node.Open();
        await live;
    }

    [Fact]
    public async Task A_replay_that_is_live_counts()
    {
        var first = await Runner(() => 1, DagOverlap.Allow).RunAsync();
        var node = new Gate();
        var live = Runner(node.Hold, DagOverlap.Allow).ReplayAsync(first.RunId, ["a"]);
        await node.Reached;

        var error = await Assert.ThrowsAsync<DagException>(() => Runner(() => 1, DagOverlap.Refuse).RunAsync());

        Assert.Equal(DagErrorId.DagRunOverlaps, error.Id);
        node.Open();
        Assert.Equal((await live).RunId, error.Target);
    }

    [Theory]
    [InlineData(DagOverlap.Refuse)]
    [InlineData(DagOverlap.Wait)]
    public async Task Without_a_store_nobody_knows_which_runs_are_live(DagOverlap overlap)
    {
        var runner = new DagRunner(new Dag("d").Add("a", () => 1), null, new DagRunOptions { Overlap = overlap });

        Assert.Equal(DagErrorId.DagProvenanceRequired, (await Assert.ThrowsAsync<DagException>(() => runner.RunAsync())).Id);
    }

    private DagRunner Runner(Func<int> node, DagOverlap overlap, DagRunOptions? options = null) =>
        new(new Dag("d").Add("a", node), _store, (options ?? new DagRunOptions()) with { Overlap = overlap });
}
