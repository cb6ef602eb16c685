using Lythonic.Dag.Provenance;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite.Tests.Faults;

/// <summary>A disk that is full, broken, read-only or somewhere else, and files that are no databases.</summary>
public sealed class DiskTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_full_disk_ends_the_run_with_a_clear_error_and_what_was_committed_stays()
    {
        var firsts = 0;
        var dag = new Dag("d").Add("first", () => ++firsts).Add("large", (int first) => new string('x', 400_000 * first), "first")
            .Add("last", (string text) => text.Length, "large");
        using var full = new SqliteProvenance(_folder.Database, false, new StoreEnvironment { Opened = LimitTo(60) });

        var error = await Assert.ThrowsAsync<DagException>(() => new DagRunner(dag, full, new DagRunOptions { RunId = "disk" }).RunAsync());

        Assert.Equal(DagErrorId.DagDatabaseInvalid, error.Id);
        Assert.Contains("full", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("That ended the run disk of 'd'.", error.Message, StringComparison.Ordinal);
        Assert.Equal("Free space, then restart the run disk.", error.RecommendedAction);
        Assert.Equal("ok", _folder.Query("PRAGMA integrity_check"));
        Assert.Equal("completed", _folder.Query("SELECT status FROM node_executions WHERE node_label = 'first'"));
        Assert.Equal(DagRunStatus.Interrupted, full.FindRun("disk")!.Status);

        // The same process goes on, once there is space.
        using var again = new SqliteProvenance(_folder.Database);
        Assert.Equal(400_000, (await new DagRunner(dag, again).RestartAsync("disk")).Outputs["last"]);
        Assert.Equal(1, firsts);
    }

    [Fact]
    public async Task A_store_that_has_failed_stops_a_wide_run_before_all_its_nodes_have_run()
    {
        var ran = 0;
        var dag = new Dag("d").Add("start", () => 1);
        for (var index = 0; index < 10_000; index++)
            dag.Add($"n{index}", (int start) => Interlocked.Increment(ref ran), "start");
        var commits = 0;
        using var store = new SqliteProvenance(_folder.Database, false, new StoreEnvironment
        {
            Failpoint = (commit, isDone) => Fail(commit == StoreCommit.Records && !isDone && ++commits == 2),
        });

        var error = await Assert.ThrowsAsync<DagException>(() => new DagRunner(dag, store).RunAsync());

        Assert.Equal(DagErrorId.DagDatabaseInvalid, error.Id);
        Assert.InRange(ran, 0, 9_000);
    }

    [Fact]
    public async Task A_disk_that_fails_ends_the_run_with_a_clear_error()
    {
        using var store = new SqliteProvenance(
            _folder.Database, false, new StoreEnvironment { Failpoint = (commit, _) => Fail(commit == StoreCommit.Records) });

        var error = await Assert.ThrowsAsync<DagException>(() => new DagRunner(new Dag("d").Add("a", () => 1), store).RunAsync());

        Assert.Equal(DagErrorId.DagDatabaseInvalid, error.Id);
        Assert.Contains("disk I/O error", error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Database, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_cannot_be_written_is_refused_before_anything_runs_and_can_still_be_read()
    {
        using (var store = new SqliteProvenance(_folder.Database))
            await new DagRunner(new Dag("d").Add("a", () => 1), store, new DagRunOptions { RunId = "disk" }).RunAsync();
        var ran = false;
        using var readOnly = new SqliteProvenance(_folder.Database, false, new StoreEnvironment { WriteMode = SqliteOpenMode.ReadOnly });

        var error = await Assert.ThrowsAsync<DagException>(
            () => new DagRunner(new Dag("d").Add("a", () => ran = true), readOnly).RunAsync());

        Assert.Equal(DagErrorId.DagDatabaseInvalid, error.Id);
        Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
        Assert.False(ran);
        Assert.Equal(DagRunStatus.Completed, readOnly.FindRun("disk")!.Status);
    }

    [Fact]
    public void A_folder_in_the_place_of_the_database_is_invalid()
    {
        Directory.CreateDirectory(_folder.Database);
        using var store = new SqliteProvenance(_folder.Database);

        foreach (var use in new Action[] { store.EnsureWritable, () => store.FindRun("disk") })
        {
            AssertInvalid(use);
            var error = Assert.Throws<DagException>(use);
            Assert.EndsWith("is a folder, and a database is a file.", error.Message, StringComparison.Ordinal);
            Assert.Equal($"Name a file in it, such as {Path.Combine(_folder.Database, "runs.db")}.", error.RecommendedAction);
        }
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_a_clear_error()
    {
        File.WriteAllText(_folder.PathOf("file"), "");
        using var store = new SqliteProvenance(Path.Combine(_folder.PathOf("file"), "new", "runs.db"));

        AssertInvalid(store.EnsureWritable);
        Assert.Null(store.FindRun("disk"));
    }

    [Fact]
    public void An_empty_file_becomes_a_database()
    {
        File.WriteAllText(_folder.Database, "");
        using var store = new SqliteProvenance(_folder.Database);

        Assert.Empty(store.FindRuns(new RunQuery()));
        store.EnsureWritable();
        Assert.Equal("0", _folder.Query("SELECT count(*) FROM dag_runs"));
    }

    [Fact]
    public async Task A_database_that_was_torn_is_a_clear_error()
    {
        using (var store = new SqliteProvenance(_folder.Database))
            await new DagRunner(new Dag("d").Add("a", () => new string('x', 100_000)), store).RunAsync();
        using (var file = File.OpenWrite(_folder.Database))
        {
            file.Position = 4_096;
            file.Write(new byte[file.Length - file.Position]);
        }

        using var torn = new SqliteProvenance(_folder.Database);
        AssertInvalid(() => Assert.Empty(torn.FindRuns(new RunQuery())));
    }

    [Fact]
    public async Task On_a_network_file_system_runs_are_kept_without_WAL()
    {
        using (var local = new SqliteProvenance(_folder.Database))
            await new DagRunner(new Workload(_ => { }).Dag(), local).RunAsync();
        // Without WAL the three wait for each other, on a busy machine for long.
        var environment = new StoreEnvironment { IsOnNetwork = path => path == _folder.Database, BusyTimeout = TimeSpan.FromMinutes(2) };

        var runs = Enumerable.Range(0, 3).Select(async _ =>
        {
            using var store = new SqliteProvenance(_folder.Database, false, environment);
            return (await new DagRunner(new Workload(_ => { }).Dag(), store).RunAsync()).Outputs["total"];
        });

        Assert.All(await Task.WhenAll(runs), total => Assert.Equal(Workload.Total, total));
        Assert.False(File.Exists(_folder.Database + "-wal"));
        Assert.NotEqual("wal", _folder.Query("PRAGMA journal_mode"));
        Assert.Equal("4", _folder.Query("SELECT count(*) FROM dag_runs WHERE status = 'completed' AND parent_run_id IS NULL"));
    }

    [Theory]
    [InlineData("nfs4", true)]
    [InlineData("CIFS", true)]
    [InlineData("fuse.sshfs", true)]
    [InlineData("9p", true)]
    [InlineData("ext4", false)]
    [InlineData("tmpfs", false)]
    [InlineData("apfs", false)]
    [InlineData("fuse.fuse-overlayfs", false)]
    public void File_systems_of_other_machines_are_known_by_name(string name, bool expected) =>
        Assert.Equal(expected, FileSystems.IsNetworkName(name));

    [Fact]
    public void The_file_system_of_a_local_path_is_none_of_the_network() => Assert.False(FileSystems.IsNetwork(_folder.PathOf("")));

    private static Action<SqliteConnection> LimitTo(int pages) => connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA max_page_count = {pages}";
        command.ExecuteScalar();
    };

    private static void Fail(bool now)
    {
        if (now)
            throw new SqliteException("disk I/O error", 10);
    }

    private static void AssertInvalid(Action action) => Assert.Equal(DagErrorId.DagDatabaseInvalid, Assert.Throws<DagException>(action).Id);
}
