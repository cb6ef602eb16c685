using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Sqlite.Tests.Faults;

/// <summary>Another process holds the file's lock.</summary>
public sealed class BusyTests : IDisposable
{
    private static readonly StoreEnvironment Impatient = new() { BusyTimeout = TimeSpan.FromMilliseconds(20) };

    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_lock_that_is_held_for_a_while_is_waited_for()
    {
        using var store = new SqliteProvenance(_folder.Database);
        var locked = new TaskCompletionSource<Microsoft.Data.Sqlite.SqliteConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
        int TakeLock()
        {
            locked.SetResult(_folder.Lock());
            return 1;
        }

        var run = Task.Run(() => new DagRunner(new Dag("d").Add("a", TakeLock).Add("b", (int a) => a + 1, "a"), store).RunAsync());

        using (await locked.Task.WaitAsync(TimeSpan.FromMinutes(5)))
        {
            while (store.Backlog == 0 && !run.IsCompleted)
                await Task.Yield();
            Assert.False(run.IsCompleted, $"{run.Exception}");
        }

        Assert.Equal(2, (await run.WaitAsync(TimeSpan.FromMinutes(5))).Outputs["b"]);
    }

    [Fact]
    public async Task A_lock_that_is_not_given_back_is_busy_and_nothing_is_half_written()
    {
        Microsoft.Data.Sqlite.SqliteConnection? held = null;
        var ran = new List<string>();
        T Ran<T>(T value, string label)
        {
            ran.Add(label);
            return value;
        }

        var dag = new Dag("d").Add("a", () => Ran(1, "a")).Add("b", (int a) =>
        {
            held ??= _folder.Lock();
            return Ran(a + 1, "b");
        }, "a").Add("c", (int b) => Ran(b + 1, "c"), "b");
        using var store = new SqliteProvenance(_folder.Database, false, Impatient);

        var error = await Assert.ThrowsAsync<DagException>(
            () => new DagRunner(dag, store, new DagRunOptions { RunId = "busy" }).RunAsync());
        held!.Dispose();

        Assert.Equal(DagErrorId.DagDatabaseBusy, error.Id);
        Assert.Contains("locked for longer than 20 ms. That ended the run busy of 'd'.", error.Message, StringComparison.Ordinal);
        Assert.Equal("Wait until the lock is gone, then restart the run busy.", error.RecommendedAction);
        Assert.Equal("completed", _folder.Query("SELECT group_concat(status) FROM node_executions WHERE node_label = 'a'"));
        Assert.Equal("0", _folder.Query("SELECT count(*) FROM node_executions WHERE node_label <> 'a' AND status <> 'running'"));
        using var again = new SqliteProvenance(_folder.Database);
        Assert.Equal(3, (await new DagRunner(dag, again).RestartAsync("busy")).Outputs["c"]);
        Assert.Equal(["a", "b", "b", "c"], ran);
    }

    [Fact]
    public async Task A_lock_from_before_the_run_is_in_the_file_names_no_run_and_asks_to_try_again()
    {
        using var store = new SqliteProvenance(_folder.Database, false, Impatient);
        store.EnsureWritable();
        DagException error;
        using (_folder.Lock())
            error = await Assert.ThrowsAsync<DagException>(() => new DagRunner(new Dag("d").Add("a", () => 1), store).RunAsync());

        Assert.EndsWith("locked for longer than 20 ms.", error.Message, StringComparison.Ordinal);
        Assert.Equal("Wait until the lock is gone, then try again, or name another file.", error.RecommendedAction);
        Assert.Empty(store.FindRuns(new RunQuery()));
    }

    [Fact]
    public async Task Every_other_write_is_busy_too_and_changes_nothing()
    {
        var dag = new Dag("d").Add("a", int () => throw new InvalidOperationException("no"));
        using var store = new SqliteProvenance(_folder.Database, false, Impatient);
        await new DagRunner(dag, store, new DagRunOptions { RunId = "busy" }).RunAsync();
        var live = store.CreateRun(new RunStart("live under a lock", "d", new DagDefinition("d", "F", [], []), DateTimeOffset.UtcNow));
        await store.FlushAsync();
        using (_folder.Lock())
        {
            AssertBusy(() => store.ClaimRun("busy", new DagDefinition("d", "F", [], [])));
            AssertBusy(() => store.RequestPause("live under a lock"));
            AssertBusy(() => store.RemoveRuns(["busy"]));
            Assert.Equal(DagRunStatus.Failed, store.FindRun("busy")!.Status);
        }

        store.EndRun(live, new RunEnd(DagRunStatus.Completed, DateTimeOffset.UtcNow));
        await store.FlushAsync();
        Assert.Equal(1, store.RemoveRuns(["busy"]));
    }

    [Fact]
    public async Task A_request_to_pause_that_cannot_be_answered_yet_is_heard_and_is_no_fault_of_the_store()
    {
        using var store = new SqliteProvenance(_folder.Database, false, Impatient);
        store.EnsureWritable();
        var run = store.CreateRun(new RunStart("r1", "d", new DagDefinition("d", "F", [], []), DateTimeOffset.UtcNow));
        Microsoft.Data.Sqlite.SqliteConnection? held = null;
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        run.PauseRequested += () =>
        {
            // This runs on the polling thread, after it has read the request and before it answers.
            held = _folder.Lock();
            heard.SetResult();
        };
        await store.FlushAsync();
        _folder.Query("UPDATE run SET pause_requested = 1 RETURNING 1");
        await heard.Task.WaitAsync(TimeSpan.FromMinutes(5));
        Assert.Equal("1", _folder.Query("SELECT pause_requested FROM run"));
        held!.Dispose();

        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        while (_folder.Query("SELECT pause_requested FROM run") != "2")
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        store.EndRun(run, new RunEnd(DagRunStatus.Paused, DateTimeOffset.UtcNow));
        await store.FlushAsync();
        Assert.Equal(DagRunStatus.Paused, store.FindRun("r1")!.Status);
    }

    [Fact]
    public async Task Many_stores_make_one_new_file_at_the_same_moment()
    {
        using var start = new Barrier(6);
        var runs = Enumerable.Range(0, 6).Select(_ => Task.Factory.StartNew(
            () =>
            {
                using var store = new SqliteProvenance(_folder.Database);
                start.SignalAndWait();
                store.EnsureWritable();
                return new DagRunner(new Dag("d").Add("a", () => 1), store).RunAsync().GetAwaiter().GetResult().Status;
            },
            TaskCreationOptions.LongRunning));

        Assert.All(await Task.WhenAll(runs), status => Assert.Equal(DagRunStatus.Completed, status));
        Assert.Equal("6", _folder.Query("SELECT count(*) FROM dag_runs"));
    }

    private static void AssertBusy(Action action) => Assert.Equal(DagErrorId.DagDatabaseBusy, Assert.Throws<DagException>(action).Id);
}
