using System.Diagnostics;
using System.Globalization;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Sqlite.Tests;

public sealed class OwnershipTests : IDisposable
{
    private static readonly DagDefinition Shape = new("d", "F", [new NodeDefinition("a", NodeKind.Method, true, true, "f")], []);

    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_of_a_living_process_is_owned_and_is_interrupted_as_soon_as_that_is_killed()
    {
        (await WithRun()).Dispose();
        using var store = new SqliteProvenance(_folder.Database);
        using var owner = Faults.ChildProcess.Start("restart", _folder.PathOf("other.db"));
        Give(owner.Id, ProcessStart.TimeOf(owner.Id)!.Value);

        Assert.Equal(DagRunStatus.Running, store.FindRun("owned")!.Status);
        Assert.Equal(DagErrorId.DagRunOwned, Assert.Throws<DagException>(() => store.ClaimRun("owned", Shape)).Id);
        Assert.Equal(0, store.RemoveRuns(["owned"]));

        owner.Kill();
        owner.WaitForExit();
        Assert.Equal(DagRunStatus.Interrupted, store.FindRun("owned")!.Status);
        Assert.Equal("owned", store.ClaimRun("owned", Shape).RunId);
    }

    [Fact]
    public async Task A_process_id_that_is_used_again_owns_nothing()
    {
        using var store = await WithRun();
        using var other = Faults.ChildProcess.Start("restart", _folder.PathOf("other.db"));
        Give(other.Id, ProcessStart.TimeOf(other.Id)!.Value - 1);

        Assert.Equal(DagRunStatus.Interrupted, store.FindRun("owned")!.Status);
        other.Kill();
    }

    [LinuxFact("zombies are seen in /proc")]
    public void A_dead_process_that_nobody_has_collected_is_gone()
    {
        // A shell that becomes a sleep does not collect its child, which ends with its input.
        var start = new ProcessStartInfo(
            "sh", ["-c", "exec 3<&0; cat <&3 & echo $!; exec sleep 600"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var parent = Process.Start(start)!;
        var child = int.Parse(parent.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
        Assert.True(SpinWait.SpinUntil(() => Stat(parent.Id).Contains("(sleep)", StringComparison.Ordinal), TimeSpan.FromMinutes(5)));
        Assert.NotNull(ProcessStart.TimeOf(child));

        parent.StandardInput.Close();
        Assert.True(SpinWait.SpinUntil(() => Stat(child).Contains(" Z ", StringComparison.Ordinal), TimeSpan.FromMinutes(5)));

        Assert.Null(ProcessStart.TimeOf(child));
        parent.Kill();
    }

    [Fact]
    public void This_process_is_alive_and_a_process_that_is_not_there_is_gone()
    {
        Assert.Equal(Owner.Current.StartedAt, ProcessStart.TimeOf(Environment.ProcessId));
        Assert.Null(ProcessStart.TimeOf(int.MaxValue));
    }

    [Fact]
    public async Task A_run_on_another_machine_is_owned()
    {
        using var store = await WithRun();
        _folder.Query("UPDATE run SET owner_machine = 'elsewhere', owner_process = 2147483647 RETURNING 1");

        Assert.Equal(DagRunStatus.Running, store.FindRun("owned")!.Status);
        var error = Assert.Throws<DagException>(() => store.ClaimRun("owned", Shape));
        Assert.Equal(DagErrorId.DagRunOwned, error.Id);
        Assert.Contains("process 2147483647 on elsewhere", error.Message, StringComparison.Ordinal);
        Assert.Contains("option Force", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_on_another_machine_is_taken_over_by_force()
    {
        using var store = await WithRun();
        _folder.Query("UPDATE run SET owner_machine = 'elsewhere', owner_process = 2147483647 RETURNING 1");

        var taken = store.ClaimRun("owned", Shape, force: true);
        store.EndRun(taken, new RunEnd(DagRunStatus.Completed, DateTimeOffset.UtcNow));
        await store.FlushAsync();

        Assert.Equal(DagRunStatus.Completed, store.FindRun("owned")!.Status);
    }

    [Fact]
    public async Task A_run_of_a_living_process_of_this_machine_is_not_taken_over_by_force()
    {
        using var store = await WithRun();

        Assert.Equal(DagErrorId.DagRunOwned, Assert.Throws<DagException>(() => store.ClaimRun("owned", Shape, force: true)).Id);
    }

    [Fact]
    public async Task A_node_that_was_in_flight_when_its_process_ended_is_shown_as_the_restart_will_record_it()
    {
        using var store = await WithRun();
        var live = store.CreateRun(new RunStart("left", "d", Shape, DateTimeOffset.UtcNow));
        store.StartNode(live, new NodeStart(0, 1, DateTimeOffset.UtcNow, null));
        await store.FlushAsync();
        Assert.Equal(NodeStatus.Running, store.GetNodeRuns(store.FindRun("left")!).Single().Status);

        _folder.Query("UPDATE run SET owner_started = 1 RETURNING 1");
        var shown = store.GetNodeRuns(store.FindRun("left")!).Single();
        store.ClaimRun("left", Shape);
        var recorded = store.GetNodeRuns(store.FindRun("left")!).Single();

        Assert.Equal((NodeStatus.Cancelled, "Its process ended while it ran."), (shown.Status, shown.Error));
        Assert.Equal(shown, recorded with { FinishedAt = null });
    }

    [Fact]
    public async Task A_run_whose_process_ended_is_idle_from_the_last_thing_that_is_known_of_it()
    {
        using var store = await WithRun();
        var began = DateTimeOffset.UtcNow.AddDays(-2);
        var live = store.CreateRun(new RunStart("left", "d", Shape, began));
        store.StartNode(live, new NodeStart(0, 1, began.AddMinutes(1), null));
        var inside = store.CreateRun(new RunStart("in", "d/a[0]", Shape, began) { Parent = live, ParentNode = "a" });
        store.StartNode(inside, new NodeStart(0, 1, began.AddMinutes(4), null));
        await store.FlushAsync();

        _folder.Query("UPDATE run SET owner_started = 1 RETURNING 1");
        var claimed = store.ClaimRun("left", Shape);
        store.ResumeRun(store.FindRun("in")!, claimed, Shape);
        await store.FlushAsync();

        var ran = DateTimeOffset.UtcNow - began - TimeSpan.FromMinutes(4);
        Assert.All(new[] { "left", "in" }, id => Assert.InRange(store.FindRun(id)!.Idle, ran - TimeSpan.FromMinutes(1), ran));
        var ended = store.GetNodeRuns(store.FindRun("left")!).Single().FinishedAt!.Value;
        Assert.Equal(4, Math.Round((ended - began).TotalMinutes));
    }

    [Fact]
    public async Task Who_started_a_run_is_said_of_its_sub_runs_too_and_stays_when_somebody_else_restarts_it()
    {
        using var store = await WithRun();
        var run = store.CreateRun(new RunStart("r", "d", Shape, DateTimeOffset.UtcNow));
        store.CreateRun(new RunStart("s", "d/a[0]", Shape, DateTimeOffset.UtcNow) { Parent = run, ParentNode = "a" });
        await store.FlushAsync();
        Assert.Equal((RunStarter.Name, Environment.ProcessId), (store.FindRun("r")!.StartedBy, store.FindRun("r")!.StartedIn));

        _folder.Query(
            "UPDATE run SET owner_started = 1, started_by = 'jane@elsewhere', started_process = 7 WHERE parent IS NULL RETURNING 1");
        store.ClaimRun("r", Shape);

        Assert.Equal(("jane@elsewhere", 7), (store.FindRun("s")!.StartedBy, store.FindRun("s")!.StartedIn));
        Assert.Equal("jane@elsewhere 7", _folder.Query("SELECT started_by || ' ' || started_process FROM dag_runs WHERE run_id = 'r'"));
    }

    [Theory]
    [InlineData("jane", "jane@vm")]
    [InlineData("", "vm")]
    public void Who_starts_a_run_is_named_by_the_machine_alone_where_the_user_has_no_name(string user, string name) =>
        Assert.Equal(name, RunStarter.NameOf(user, "vm"));

    [Fact]
    public async Task A_run_whose_store_was_closed_before_its_end_is_interrupted_in_its_own_process()
    {
        (await WithRun()).Dispose();

        using var store = new SqliteProvenance(_folder.Database);
        Assert.Equal(DagRunStatus.Interrupted, store.FindRun("owned")!.Status);
        store.ClaimRun("owned", Shape);
    }

    [Fact]
    public async Task An_interrupted_run_ran_at_least_until_the_last_thing_that_is_known_of_it()
    {
        var store = await WithRun();
        var begun = store.FindRun("owned")!;
        _folder.Query("UPDATE run SET idle = 2, started_at = started_at - 10 RETURNING 1");
        store.Dispose();

        using var other = new SqliteProvenance(_folder.Database);
        var run = other.FindRun("owned")!;
        Assert.Null(run.Ran(default));
        _folder.Query(
            "INSERT INTO node_run (run, definition, position, label, attempt, status, started_at) "
                + "SELECT id, definition, 0, 'a', 1, 'running', started_at + 7.5 FROM run RETURNING 1");

        run = other.FindRun("owned")!;
        Assert.Equal((DagRunStatus.Interrupted, null), (run.Status, run.FinishedAt));
        Assert.Equal(5.5, run.Ran(default)!.Value.TotalSeconds, 3);
    }

    [Fact]
    public async Task A_run_is_live_although_a_run_with_its_id_ends_in_another_file()
    {
        using var other = new SqliteProvenance(_folder.PathOf("other.db"));
        other.EnsureWritable();
        var run = other.CreateRun(new RunStart("owned", "d", Shape, DateTimeOffset.UtcNow));
        await other.FlushAsync();
        using var store = await WithRun();
        other.EndRun(run, new RunEnd(DagRunStatus.Completed, DateTimeOffset.UtcNow));
        await other.FlushAsync();

        Assert.Equal(DagRunStatus.Running, store.FindRun("owned")!.Status);
        Assert.Equal(0, store.RemoveRuns(["owned"]));
    }

    [Fact]
    public void What_an_owner_wrote_between_the_reading_of_its_row_and_its_end_is_read_too()
    {
        var gone = new Owner(Environment.MachineName, int.MaxValue, 1);
        var rows = new Queue<DagRunStatus>([DagRunStatus.Running, DagRunStatus.Completed]);

        var status = OwnerChecks.Settle(owners =>
            rows.Dequeue() is var read && read == DagRunStatus.Running && owners.HasLeft(gone, "r") ? DagRunStatus.Interrupted : read);

        Assert.Equal(DagRunStatus.Completed, status);
    }

    [Fact]
    public async Task Late_messages_of_a_run_that_has_ended_change_nothing()
    {
        using var store = new SqliteProvenance(_folder.Database);
        store.EnsureWritable();
        var run = store.CreateRun(new RunStart("owned", "d", Shape, DateTimeOffset.UtcNow));
        var sub = store.CreateRun(new RunStart("s", "d/a[0]", Shape, DateTimeOffset.UtcNow) { Parent = run, ParentNode = "a" });
        var node = store.StartNode(sub, new NodeStart(0, 1, DateTimeOffset.UtcNow, null));
        await store.FlushAsync();
        store.EndRun(run, new RunEnd(DagRunStatus.Failed, DateTimeOffset.UtcNow));
        await store.FlushAsync();
        var before = Everything();

        store.EndNode(node, new NodeEnd(NodeStatus.Completed, DateTimeOffset.UtcNow));
        store.StartNode(sub, new NodeStart(0, 2, DateTimeOffset.UtcNow, null));
        store.EndRun(sub, new RunEnd(DagRunStatus.Completed, DateTimeOffset.UtcNow));
        store.EndRun(run, new RunEnd(DagRunStatus.Completed, DateTimeOffset.UtcNow));
        store.CreateRun(new RunStart("t", "d/a[1]", Shape, DateTimeOffset.UtcNow) { Parent = run, ParentNode = "a" });
        await store.FlushAsync();

        Assert.Equal(before, Everything());
    }

    [Fact]
    public async Task A_process_that_was_taken_for_dead_cannot_write_into_a_run_that_another_has_taken_over()
    {
        using var store = await WithRun();
        var run = store.ClaimRun(await Ended(store), Shape);
        _folder.Query("UPDATE run SET owner_process = owner_process + 1 RETURNING 1");

        store.StartNode(run, new NodeStart(0, 7, DateTimeOffset.UtcNow, null));

        Assert.Equal(DagErrorId.DagRunOwned, (await Assert.ThrowsAsync<DagException>(() => store.FlushAsync().AsTask())).Id);
        Assert.Equal("0", _folder.Query("SELECT count(*) FROM node_executions"));
    }

    private static string Stat(int process) => File.ReadAllText($"/proc/{process}/stat");

    private static async Task<string> Ended(SqliteProvenance store)
    {
        store.EndRun(store.CreateRun(new RunStart("e", "d", Shape, DateTimeOffset.UtcNow)),
            new RunEnd(DagRunStatus.Failed, DateTimeOffset.UtcNow));
        await store.FlushAsync();
        return "e";
    }

    private async Task<SqliteProvenance> WithRun()
    {
        var store = new SqliteProvenance(_folder.Database);
        store.EnsureWritable();
        store.CreateRun(new RunStart("owned", "d", Shape, DateTimeOffset.UtcNow));
        await store.FlushAsync();
        return store;
    }

    private void Give(int process, long started) =>
        _folder.Query("UPDATE run SET owner_process = $1, owner_started = $2 RETURNING 1", process, started);

    private string Everything() => _folder.Query("""
        SELECT (SELECT group_concat(run_id || status || coalesce(finished_at, '')) FROM dag_runs)
            || (SELECT group_concat(run_id || node_label || attempt || status) FROM node_executions)
        """);
}
