using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Tests.Contract;

/// <summary>What every store that keeps runs does with turns: runs that begin only while no other of their name is live.</summary>
public abstract class TurnContract
{
    private static readonly DateTimeOffset At = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly DagDefinition Shape = new("d", "F", [new NodeDefinition("a", NodeKind.Method, true, true, "fa")], []);

    protected abstract DagProvenance Store { get; }

    [Fact]
    public async Task A_run_with_a_turn_begins_where_none_is_live_and_is_durable_at_once()
    {
        using var turn = Store.AskTurn("d", waits: false);
        var run = Begin("r1", turn);

        Assert.Equal(DagRunStatus.Running, Store.FindRun("r1")!.Status);
        await EndAsync(run, DagRunStatus.Completed);
        Assert.Equal(DagRunStatus.Completed, Store.FindRun("r1")!.Status);
    }

    [Theory]
    [InlineData("d")]
    [InlineData("D")]
    public async Task Where_a_run_of_the_name_is_live_it_is_named_and_nothing_is_stored(string name)
    {
        var live = Begin("live", null);
        await Store.FlushAsync();
        using var turn = Store.AskTurn(name, waits: false);

        var error = Assert.Throws<DagException>(() => Begin("r1", turn, name));

        Assert.Equal((DagErrorId.DagRunOverlaps, "live"), (error.Id, error.Target));
        Assert.Contains("live", error.Message, StringComparison.Ordinal);
        Assert.Equal(["live"], Store.FindRuns(new RunQuery()).Select(run => run.RunId));
        await EndAsync(live, DagRunStatus.Completed);
    }

    [Theory]
    [InlineData(DagRunStatus.Completed)]
    [InlineData(DagRunStatus.Failed)]
    [InlineData(DagRunStatus.Paused)]
    [InlineData(DagRunStatus.Cancelled)]
    public async Task A_run_that_has_ended_is_not_live(DagRunStatus status)
    {
        await EndAsync(Begin("r1", null), status);
        using var turn = Store.AskTurn("d", waits: false);

        await EndAsync(Begin("r2", turn), DagRunStatus.Completed);
    }

    [Fact]
    public async Task Sub_runs_and_runs_of_other_names_are_not_looked_at()
    {
        var other = Begin("r1", null, "dd");
        Store.CreateRun(new RunStart("s", "d", Shape, At) { Parent = other, ParentNode = "a" });
        await Store.FlushAsync();
        using var turn = Store.AskTurn("d", waits: false);

        await EndAsync(Begin("r2", turn), DagRunStatus.Completed);
        await EndAsync(other, DagRunStatus.Completed);
    }

    [Fact]
    public async Task A_restarted_run_counts_and_is_not_held_back()
    {
        await EndAsync(Begin("r1", null), DagRunStatus.Failed);
        await EndAsync(Begin("r2", null), DagRunStatus.Failed);
        var one = Store.ClaimRun("r1", Shape);
        var two = Store.ClaimRun("r2", Shape);
        using var turn = Store.AskTurn("d", waits: false);

        Assert.Equal(DagErrorId.DagRunOverlaps, Assert.Throws<DagException>(() => Begin("r3", turn)).Id);
        await EndAsync(one, DagRunStatus.Completed);
        await EndAsync(two, DagRunStatus.Completed);
    }

    [Fact]
    public async Task A_run_is_taken_over_in_its_turn_alone()
    {
        await EndAsync(Begin("r1", null), DagRunStatus.Failed);
        var live = Begin("r2", null);
        await Store.FlushAsync();
        using var turn = Store.AskTurn("d", waits: false);

        Assert.Equal(DagErrorId.DagRunOverlaps, Assert.Throws<DagException>(() => Store.ClaimRun("r1", Shape, turn: turn)).Id);
        Assert.Equal(DagRunStatus.Failed, Store.FindRun("r1")!.Status);

        await EndAsync(live, DagRunStatus.Completed);
        await EndAsync(Store.ClaimRun("r1", Shape, turn: turn), DagRunStatus.Completed);
    }

    [Fact]
    public async Task Turns_that_wait_come_in_the_order_of_asking()
    {
        var live = Begin("live", null);
        await Store.FlushAsync();
        using var first = Store.AskTurn("d", waits: true);
        using var second = Store.AskTurn("D", waits: true);
        Assert.Throws<DagException>(() => Begin("r1", first));
        Assert.Throws<DagException>(() => Begin("r2", second));
        var (one, two) = (first.WaitAsync(default), second.WaitAsync(default));
        Assert.False(one.IsCompleted || two.IsCompleted);

        await EndAsync(live, DagRunStatus.Completed);
        await one;
        Assert.Equal(DagErrorId.DagRunOverlaps, Assert.Throws<DagException>(() => Begin("r2", second)).Id);
        Assert.False(two.IsCompleted);
        await EndAsync(Begin("r1", first), DagRunStatus.Failed);
        await two;
        await EndAsync(Begin("r2", second), DagRunStatus.Completed);
    }

    [Fact]
    public async Task Who_asks_while_another_waits_does_not_get_in_before()
    {
        var live = Begin("live", null);
        await Store.FlushAsync();
        using var first = Store.AskTurn("d", waits: true);
        Assert.Throws<DagException>(() => Begin("r1", first));
        await EndAsync(live, DagRunStatus.Completed);
        using var late = Store.AskTurn("d", waits: true);

        Assert.Equal(DagErrorId.DagRunOverlaps, Assert.Throws<DagException>(() => Begin("r2", late)).Id);
        await first.WaitAsync(default);
        await EndAsync(Begin("r1", first), DagRunStatus.Completed);
        await late.WaitAsync(default);
    }

    [Fact]
    public async Task A_turn_that_is_given_up_is_passed_over()
    {
        var live = Begin("live", null);
        await Store.FlushAsync();
        var first = Store.AskTurn("d", waits: true);
        using var second = Store.AskTurn("d", waits: true);
        Assert.Throws<DagException>(() => Begin("r1", first));
        Assert.Throws<DagException>(() => Begin("r2", second));

        first.Dispose();
        await EndAsync(live, DagRunStatus.Completed);
        await second.WaitAsync(default);
        await EndAsync(Begin("r2", second), DagRunStatus.Completed);

        Assert.Null(Store.FindRun("r1"));
    }

    [Fact]
    public async Task A_wait_for_a_turn_can_be_cancelled()
    {
        var live = Begin("live", null);
        await Store.FlushAsync();
        using var turn = Store.AskTurn("d", waits: true);
        Assert.Throws<DagException>(() => Begin("r1", turn));
        using var stop = new CancellationTokenSource();
        var wait = turn.WaitAsync(stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        await EndAsync(live, DagRunStatus.Completed);
    }

    private RunHandle Begin(string runId, RunTurn? turn, string name = "d")
    {
        Store.EnsureWritable();
        return Store.CreateRun(new RunStart(runId, name, Shape, At) { Turn = turn });
    }

    private async Task EndAsync(RunHandle run, DagRunStatus status)
    {
        Store.EndRun(run, new RunEnd(status, At));
        await Store.FlushAsync();
    }
}
