using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Sqlite.Tests;

public sealed class RemovalTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Space_goes_back_to_the_file_system()
    {
        using var store = new SqliteProvenance(_folder.Database);
        var run = await new DagRunner(new Dag("large").Add("a", () => new string('x', 20_000_000)), store).RunAsync();
        var kept = await new DagRunner(new Dag("small").Add("a", () => 1), store).RunAsync();
        Assert.InRange(new FileInfo(_folder.Database).Length + Length("-wal"), 20_000_000, long.MaxValue);

        Assert.Equal(1, store.RemoveRuns([run.RunId]));

        Assert.InRange(new FileInfo(_folder.Database).Length + Length("-wal"), 0, 500_000);
        Assert.NotNull(store.FindRun(kept.RunId));
    }

    [Fact]
    public async Task A_value_of_a_run_that_was_removed_meanwhile_says_so()
    {
        using var store = new SqliteProvenance(_folder.Database);
        var run = await new DagRunner(new Dag("large").Add("a", () => new string('x', 200_000)), store).RunAsync();
        var node = store.GetNodeRuns(store.FindRun(run.RunId)!).First(node => node.Label == "a");
        var output = store.GetOutput(node)!;
        store.RemoveRuns([run.RunId]);

        var error = Assert.Throws<DagException>(() => store.GetText(output));

        Assert.EndsWith($"is no longer in {_folder.Database}: its run was removed meanwhile.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_of_a_removed_run_is_left_in_any_table()
    {
        using var store = new SqliteProvenance(_folder.Database);
        var run = await new DagRunner(Nested(30, 5), store).RunAsync();

        Assert.Equal(1, store.RemoveRuns([run.RunId]));

        foreach (var table in (string[])[
            "run", "node_run", "node_input", "payload", "payload_part",
            "definition", "definition_node", "definition_edge", "definition_use", "removal"])
            Assert.Equal($"{table} 0", _folder.Query($"SELECT '{table} ' || count(*) FROM {table}"));
    }

    [Fact]
    public async Task A_run_after_a_removal_in_the_same_store_is_kept_whole()
    {
        using var store = new SqliteProvenance(_folder.Database);
        var dag = Nested(3, 2);
        var first = await new DagRunner(dag, store).RunAsync();
        store.RemoveRuns([first.RunId]);

        var second = await new DagRunner(dag, store).RunAsync();

        Assert.NotNull(store.FindRun(second.RunId));
        Assert.Equal("10", _folder.Query("SELECT count(*) FROM dag_runs"));
        Assert.Equal("6", _folder.Query("SELECT count(*) FROM node_executions WHERE node_label = 'leaf'"));
    }

    [Fact]
    public async Task Removing_many_rows_lets_others_write_in_between()
    {
        using var store = new SqliteProvenance(_folder.Database);
        var run = await new DagRunner(Nested(40, 100), store).RunAsync();
        var commits = 0;
        var impatient = new StoreEnvironment { BusyTimeout = TimeSpan.FromMilliseconds(20) };
        var between = new StoreEnvironment
        {
            Failpoint = (commit, isDone) =>
            {
                // The lock is free between two transactions: somebody who does not wait gets it.
                if (commit != StoreCommit.Removal || !isDone)
                    return;
                commits++;
                using var other = new SqliteProvenance(_folder.Database, false, impatient);
                other.EndRun(other.CreateRun(
                    new RunStart($"other{commits}", "o", new DagDefinition("o", "O", [], []), DateTimeOffset.UtcNow)),
                    new RunEnd(DagRunStatus.Completed, DateTimeOffset.UtcNow));
                other.FlushAsync().AsTask().GetAwaiter().GetResult();
            },
        };

        using (var removing = new SqliteProvenance(_folder.Database, false, between))
            Assert.Equal(1, removing.RemoveRuns([run.RunId]));

        Assert.InRange(commits, 8, int.MaxValue);
        Assert.Equal($"{commits}", _folder.Query("SELECT count(*) FROM dag_runs"));
    }

    [Fact]
    public async Task A_run_that_is_being_removed_can_be_neither_seen_nor_restarted()
    {
        var dag = new Dag("d").Add("a", int () => throw new InvalidOperationException("no"));
        using var store = new SqliteProvenance(_folder.Database);
        await new DagRunner(dag, store, new DagRunOptions { RunId = "removed" }).RunAsync();
        var seen = 0;
        var looking = new StoreEnvironment
        {
            Failpoint = (commit, isDone) =>
            {
                if (commit != StoreCommit.Doom || !isDone)
                    return;
                seen++;
                Assert.Null(store.FindRun("removed"));
                Assert.Empty(store.FindRuns(new RunQuery { IncludeSubRuns = true }));
                Assert.Equal("0 0", _folder.Query(
                    "SELECT (SELECT count(*) FROM dag_runs) || ' ' || (SELECT count(*) FROM node_executions)"));
                Assert.Equal(DagErrorId.DagRunNotFound,
                    Assert.Throws<DagException>(() => store.ClaimRun("removed", new DagDefinition("d", "F", [], []))).Id);
            },
        };
        using var removing = new SqliteProvenance(_folder.Database, false, looking);

        Assert.Equal(1, removing.RemoveRuns(["removed"]));
        Assert.Equal(1, seen);
    }

    [Fact]
    public async Task Old_runs_that_a_new_one_replaces_leave_their_place_to_the_next_unless_it_is_much()
    {
        var length = 100;
        var dag = new Dag("d") { KeepLast = 1 }.Add("a", () => new string('x', length));
        using var store = new SqliteProvenance(_folder.Database);
        Task RunAsync() => new DagRunner(dag, store).RunAsync();
        string FreePages() => _folder.Query("PRAGMA freelist_count");
        await RunAsync();
        length = 400_000;
        await RunAsync();
        length = 100;
        await RunAsync();

        Assert.NotEqual("0", FreePages());

        length = 40_000_000;
        await RunAsync();
        length = 100;
        await RunAsync();

        Assert.Equal("0", FreePages());
        Assert.Equal("1", _folder.Query("SELECT count(*) FROM dag_runs"));
    }

    [Fact]
    public async Task A_live_run_stays_and_counts_for_nothing()
    {
        using var store = new SqliteProvenance(_folder.Database);
        store.EnsureWritable();
        var live = store.CreateRun(new RunStart("live elsewhere", "d", new DagDefinition("d", "F", [], []), DateTimeOffset.UtcNow));
        await store.FlushAsync();
        using var other = new SqliteProvenance(_folder.Database);

        Assert.Equal(0, other.RemoveRuns(["live elsewhere", "nobody"]));
        Assert.Equal(DagRunStatus.Running, other.FindRun("live elsewhere")!.Status);

        store.EndRun(live, new RunEnd(DagRunStatus.Completed, DateTimeOffset.UtcNow));
        await store.FlushAsync();
        Assert.Equal(1, other.RemoveRuns(["live elsewhere"]));
    }

    [Fact]
    public async Task A_shape_stays_until_no_run_of_any_kind_and_of_no_process_uses_it()
    {
        using var store = new SqliteProvenance(_folder.Database);
        var whole = await new DagRunner(Nested(3, 2), store).RunAsync();
        var replay = await new DagRunner(Nested(3, 2), store).ReplayAsync(whole.RunId, ["outer"]);
        using var other = new SqliteProvenance(_folder.Database);
        var part = await new DagRunner(Leaf(), other).RunAsync(new Dictionary<string, object?> { ["value"] = 1 });
        StoreFolder.AssertShapesAreNoted(_folder.Database);

        string[] runs = [whole.RunId, part.RunId, replay.RunId];
        foreach (var (run, left) in runs.Zip(["outer middle leaf", "outer middle leaf", ""]))
        {
            Assert.Equal(1, store.RemoveRuns([run]));
            Assert.Equal(left, _folder.Query("SELECT group_concat(dag_name, ' ') FROM (SELECT dag_name FROM definition ORDER BY id)"));
            StoreFolder.AssertShapesAreNoted(_folder.Database);
        }
    }

    [Fact]
    public async Task A_shape_that_only_the_node_runs_before_a_restart_have_stays_for_them()
    {
        var before = new Dag("d").Add("a", () => 1).Add("b", int (int a) => throw new InvalidOperationException("no"), "a");
        var after = new Dag("d").Add("a", () => 1).Add("b", (int a) => a + 1, "a").Add("c", (int b) => b, "b");
        using var store = new SqliteProvenance(_folder.Database);
        await new DagRunner(before, store, new DagRunOptions { RunId = "restarted" }).RunAsync();
        await new DagRunner(before, store, new DagRunOptions { RunId = "removed" }).RunAsync();
        await new DagRunner(after, store, new DagRunOptions { Force = true }).RestartAsync("restarted");

        Assert.Equal(1, store.RemoveRuns(["removed"]));

        Assert.Equal("a 1, b 1, b 2, c 1", _folder.Query(
            "SELECT group_concat(x, ', ') FROM (SELECT node_label || ' ' || attempt AS x FROM node_executions ORDER BY 1)"));
        Assert.Equal(1, store.RemoveRuns(["restarted"]));
        Assert.Equal("0", _folder.Query("SELECT (SELECT count(*) FROM definition) + (SELECT count(*) FROM definition_use)"));
    }

    private static Dag Leaf() => new Dag("leaf").Add("leaf", (int value) => value + 1);

    private static Dag Nested(int outer, int inner)
    {
        var middle = new Dag("middle").Add("numbers", (int value) => Enumerable.Range(0, inner).ToArray())
            .Add(DagNode.Map("inner", new SubDags(Leaf())), ["numbers"]);
        return new Dag("outer").Add("list", () => Enumerable.Range(0, outer).ToArray())
            .Add(DagNode.Map("outer", new SubDags(middle)), ["list"])
            .Add("large", () => new string('x', 10_000)).Add("same", (string text) => text, "large");
    }

    private long Length(string suffix) => new FileInfo(_folder.Database + suffix) is { Exists: true } file ? file.Length : 0;
}
