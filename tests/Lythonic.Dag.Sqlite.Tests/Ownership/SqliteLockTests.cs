using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite.Tests;

/// <summary>Locks in a file, for several processes.</summary>
public sealed class SqliteLockTests : IDisposable
{
    private readonly StoreFolder _folder = new();
    private readonly SqliteProvenance _store;

    public SqliteLockTests() => _store = new SqliteProvenance(_folder.Database);

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_lock_is_had_at_once_where_nobody_has_it_and_leaves_nothing()
    {
        using (var claim = _store.AskLocks(["A", "B"]))
            Assert.True(claim.TryTake());

        Assert.Equal("0", Rows());
    }

    [Fact]
    public async Task Who_asks_later_gets_a_lock_when_it_is_given_back_all_at_once_and_in_order()
    {
        var first = _store.AskLocks(["A"]);
        using var second = _store.AskLocks(["B", "A"]);
        using var third = _store.AskLocks(["B"]);
        Assert.True(first.TryTake());
        Assert.False(second.TryTake());
        Assert.False(third.TryTake());

        first.Dispose();
        await second.WaitAsync(default);
        Assert.False(third.TryTake());
        second.Dispose();
        await third.WaitAsync(default);
    }

    [Fact]
    public async Task Who_gives_up_is_passed_over()
    {
        var first = _store.AskLocks(["A"]);
        var second = _store.AskLocks(["A"]);
        using var third = _store.AskLocks(["A"]);
        Assert.True(first.TryTake());
        Assert.False(second.TryTake());
        Assert.False(third.TryTake());

        second.Dispose();
        first.Dispose();
        await third.WaitAsync(default);

        Assert.Equal("2", Rows());
    }

    [Fact]
    public void A_lock_of_a_process_that_has_died_is_free_at_once_and_forgotten()
    {
        _store.EnsureWritable();
        Hold("A", Environment.MachineName, int.MaxValue, 1);
        using var claim = _store.AskLocks(["A"]);

        Assert.True(claim.TryTake());
        Assert.Equal("2", Rows());
    }

    [Fact]
    public async Task A_lock_of_a_living_process_is_free_as_soon_as_that_is_killed()
    {
        _store.EnsureWritable();
        using var owner = Faults.ChildProcess.Start("restart", _folder.PathOf("other.db"));
        Hold("A", Environment.MachineName, owner.Id, ProcessStart.TimeOf(owner.Id)!.Value);
        using var claim = _store.AskLocks(["A"]);
        Assert.False(claim.TryTake());

        owner.Kill();
        await owner.WaitForExitAsync();

        await claim.WaitAsync(default);
    }

    [Fact]
    public void A_lock_of_another_machine_is_held_as_nobody_can_tell()
    {
        _store.EnsureWritable();
        Hold("A", "elsewhere", int.MaxValue, 1);
        using var claim = _store.AskLocks(["A"]);

        Assert.False(claim.TryTake());
    }

    [Fact]
    public async Task A_map_that_waits_is_waiting_in_the_file_and_keeps_its_input()
    {
        using var holder = _store.AskLocks(["A"]);
        Assert.True(holder.TryTake());
        var dag = new Dag("d").Add("list", () => new[] { 1, 2 });
        dag.Add(
            DagNode.Map("map", new SubDags(new Dag("e").Add("x", (int value) => value)), new NodeSettings { Locks = ["a"] }), ["list"]);
        var run = new DagRunner(dag, _store).RunAsync();
        const string Row = "SELECT status || ' ' || (input_json LIKE '%[1,2]%') || ' ' || coalesce(error, '') "
            + "FROM node_executions WHERE node_label = 'map'";
        Assert.True(SpinWait.SpinUntil(() => _folder.Query(Row).StartsWith("waiting", StringComparison.Ordinal), TimeSpan.FromMinutes(5)));
        Assert.Equal("waiting 1 Waits for the lock 'a'.", _folder.Query(Row));

        holder.Dispose();

        Assert.Equal(DagRunStatus.Completed, (await run).Status);
        Assert.Equal("completed 1 ", _folder.Query(Row));
    }

    [Fact]
    public async Task Who_waits_goes_on_waiting_while_the_database_is_kept_locked()
    {
        var locked = 0;
        void KeepLocked(StoreCommit what, bool isDone)
        {
            if (what == StoreCommit.Lock && !isDone && Interlocked.Decrement(ref locked) >= 0)
                throw new SqliteException("database is locked", SQLitePCL.raw.SQLITE_BUSY);
        }

        using var other = new SqliteProvenance(_folder.Database, false, new StoreEnvironment { Failpoint = KeepLocked });
        var holder = _store.AskLocks(["A"]);
        Assert.True(holder.TryTake());
        using var claim = other.AskLocks(["A"]);
        Assert.False(claim.TryTake());
        Volatile.Write(ref locked, 3);

        holder.Dispose();
        await claim.WaitAsync(default);

        Assert.Equal(-1, locked);
    }

    [Fact]
    public async Task Nodes_that_are_reused_inside_elements_give_their_lock_to_the_next_one()
    {
        var element = new Dag("e").Add(new DagNode("x", MethodCode.From(Same), new NodeSettings { Locks = ["A"], Reuse = true }));
        var dag = new Dag("d").Add("list", () => new[] { 1, 2, 3 }).Add(DagNode.Map("map", new SubDags(element)), ["list"]);
        await new DagRunner(dag, _store).RunAsync();

        var result = await new DagRunner(dag, _store).RunAsync().WaitAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(DagRunStatus.Completed, result.Status);
        Assert.Equal("0", Rows());
    }

    [Fact]
    public async Task A_node_that_is_reused_gives_its_lock_back()
    {
        var dag = new Dag("d").Add(
            new DagNode("a", MethodCode.From(One), new NodeSettings { Locks = ["A"], Reuse = true }));
        await new DagRunner(dag, _store).RunAsync();

        var result = await new DagRunner(dag, _store).RunAsync();

        Assert.Equal(NodeStatus.Skipped, result.Nodes[0].Status);
        Assert.Equal("0", Rows());
    }

    // A method of an object with fields is not reused, so this is static.
    private static int One() => 1;

    private static int Same(int value) => value;

    private void Hold(string name, string machine, int process, long started)
    {
        _folder.Query(
            "INSERT INTO lock_claim (owner_machine, owner_process, owner_started) VALUES ($1, $2, $3) RETURNING 1",
            machine, process, started);
        _folder.Query("INSERT INTO lock_name SELECT $1, max(id) FROM lock_claim RETURNING 1", name);
    }

    // A claim of one name has two rows.
    private string Rows() => _folder.Query("SELECT (SELECT count(*) FROM lock_claim) + (SELECT count(*) FROM lock_name)");
}
