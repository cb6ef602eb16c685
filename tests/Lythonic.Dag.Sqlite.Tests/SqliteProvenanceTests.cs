using Lythonic.Dag.Provenance;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite.Tests;

public sealed class SqliteProvenanceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lythonic-dag-store-").FullName;

    private string FilePath => Path.Combine(_folder, "new", "runs.db");

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public async Task A_run_its_nodes_and_its_edges_are_rows_of_the_three_relations()
    {
        using var store = new SqliteProvenance(FilePath);
        var result = await new DagRunner(Chain(), store).RunAsync();

        Assert.Equal("d|completed|{\"b\":2}",
            Query("SELECT dag_nsref || '|' || status || '|' || sink_outputs_json FROM dag_runs WHERE run_id = $1", result.RunId));
        Assert.Equal("a source completed 1 {} 1,b sink completed 1 {\"value\":1} 2", Query(
            "SELECT group_concat(node_label || ' ' || node_type || ' ' || status || ' ' || attempt || ' ' || input_json || ' ' || "
            + "output_json) FROM node_executions WHERE run_id = $1", result.RunId));
        Assert.Equal("a>b", Query("SELECT upstream_label || '>' || downstream_label FROM edge_traversals WHERE run_id = $1", result.RunId));
    }

    [Fact]
    public async Task The_shape_that_the_dag_of_a_run_had_is_read_back()
    {
        RunQuery all = new();
        using (var store = new SqliteProvenance(FilePath))
            await new DagRunner(Chain(), store).RunAsync();

        using var again = new SqliteProvenance(FilePath);
        var shape = again.GetDefinition(again.FindRuns(all).Single());

        Assert.NotNull(shape);
        Assert.Equal(("d", "a,b"), (shape.DagName, string.Join(',', shape.Nodes.Select(node => node.Label))));
        Assert.Equal([("a", "b")], shape.Edges);
        Assert.Equal([(true, false), (false, true)], shape.Nodes.Select(node => (node.IsSource, node.IsSink)));
    }

    [Fact]
    public async Task A_store_that_was_closed_reads_nothing_as_it_would_open_the_file_for_each_read()
    {
        var store = new SqliteProvenance(FilePath);
        var result = await new DagRunner(Chain(), store).RunAsync();
        store.Dispose();

        Assert.Throws<ObjectDisposedException>(() => store.FindRun(result.RunId));
    }

    [Fact]
    public async Task A_large_value_that_travels_is_stored_once_and_reads_as_it_is()
    {
        using var store = new SqliteProvenance(FilePath);
        var dag = new Dag("d").Add("a", () => new string('x', 500_000));
        foreach (var index in Enumerable.Range(0, 5))
            dag.Add($"n{index}", (string text) => text.Length, "a");

        var result = await new DagRunner(dag, store).RunAsync();

        Assert.Equal("1", Query("SELECT count(*) FROM payload"));
        Assert.Equal("500000",
            Query("SELECT length(json_extract(input_json, '$.text')) FROM node_executions WHERE run_id = $1 AND node_label = 'n3'",
                result.RunId));
        Assert.Equal("500000", Query(
            "SELECT length(json_extract(output_json, '$')) FROM node_executions WHERE run_id = $1 AND node_label = 'a'", result.RunId));
    }

    [Fact]
    public async Task A_restart_in_a_store_that_was_opened_anew_keeps_earlier_attempts()
    {
        var broken = true;
        var dag = new Dag("d").Add("a", () => 1)
            .Add("b", (int value) => broken ? throw new InvalidOperationException("no") : value + 1, "a");
        DagRunResult failed;
        using (var store = new SqliteProvenance(FilePath))
            failed = await new DagRunner(dag, store).RunAsync();

        broken = false;
        using var again = new SqliteProvenance(FilePath);
        var result = await new DagRunner(dag, again).RestartAsync(failed.RunId);

        Assert.Equal(DagRunStatus.Completed, result.Status);
        Assert.Equal("a 1 completed,b 1 failed,b 2 completed", Query(
            "SELECT group_concat(said) FROM (SELECT node_label || ' ' || attempt || ' ' || "
            + "status AS said FROM node_executions WHERE run_id = $1 ORDER BY node_label, attempt)", failed.RunId));
    }

    [Fact]
    public async Task A_map_restart_reuses_completed_sub_runs()
    {
        var (broken, runs) = (true, 0);
        var element = new Dag("e").Add("x", (int value) =>
        {
            Interlocked.Increment(ref runs);
            return broken && value == 7 ? throw new InvalidOperationException("seven") : value;
        });
        var dag = new Dag("d").Add("list", () => Enumerable.Range(0, 10).ToArray());
        dag.Add(DagNode.Map("map", new SubDags(element)), ["list"]);
        using var store = new SqliteProvenance(FilePath);
        var failed = await new DagRunner(dag, store, new DagRunOptions { ThrottleLimit = 1 }).RunAsync();

        (broken, runs) = (false, 0);
        var result = await new DagRunner(dag, store).RestartAsync(failed.RunId);

        Assert.Equal(3, runs);
        Assert.Equal(Enumerable.Range(0, 10).Cast<object>(), (object[])result.Outputs["map"]!);
        Assert.Equal("10", Query("SELECT count(*) FROM dag_runs WHERE parent_run_id = $1", failed.RunId));
        Assert.Equal("d/map[7]",
            Query("SELECT dag_nsref FROM dag_runs WHERE parent_run_id = $1 AND sink_outputs_json = '{\"x\":7}'", failed.RunId));
    }

    [Fact]
    public async Task A_second_restart_of_a_run_that_is_running_is_owned()
    {
        using var store = new SqliteProvenance(FilePath);
        var failing = new Dag("d").Add("a", int () => throw new InvalidOperationException("no"));
        var failed = await new DagRunner(failing, store).RunAsync();
        using var other = new SqliteProvenance(FilePath);
        other.ClaimRun(failed.RunId, Definition());

        var error = Assert.Throws<DagException>(() => store.ClaimRun(failed.RunId, Definition()));

        Assert.Equal(DagErrorId.DagRunOwned, error.Id);
    }

    [Fact]
    public async Task A_late_end_changes_nothing_of_a_run_that_has_ended()
    {
        using var store = new SqliteProvenance(FilePath);
        store.EnsureWritable();
        var run = store.CreateRun(new RunStart("r1", "d", Definition(), DateTimeOffset.UtcNow));
        store.EndRun(run, new RunEnd(DagRunStatus.Completed, DateTimeOffset.UtcNow));
        await store.FlushAsync();
        store.EndRun(run, new RunEnd(DagRunStatus.Failed, DateTimeOffset.UtcNow));
        await store.FlushAsync();

        Assert.Equal(DagRunStatus.Completed, store.FindRun("r1")!.Status);
    }

    [Fact]
    public async Task A_run_whose_owner_is_gone_is_interrupted()
    {
        using var store = new SqliteProvenance(FilePath);
        store.EnsureWritable();
        store.CreateRun(new RunStart("r1", "d", Definition(), DateTimeOffset.UtcNow));
        await store.FlushAsync();
        Query("UPDATE run SET owner_started = 1 RETURNING 1");

        Assert.Equal(DagRunStatus.Interrupted, store.FindRun("r1")!.Status);
        Assert.Single(store.FindRuns(new RunQuery { Statuses = [DagRunStatus.Interrupted] }));
        Assert.Empty(store.FindRuns(new RunQuery { Statuses = [DagRunStatus.Running] }));
    }

    [Fact]
    public async Task A_request_to_pause_reaches_a_run_through_the_file()
    {
        using var store = new SqliteProvenance(FilePath);
        store.EnsureWritable();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var run = store.CreateRun(new RunStart("r1", "d", Definition(), DateTimeOffset.UtcNow));
        run.PauseRequested += asked.SetResult;
        await store.FlushAsync();
        using (var other = new SqliteProvenance(FilePath))
            other.RequestPause("r1");

        await asked.Task.WaitAsync(TimeSpan.FromMinutes(5));

        store.EndRun(run, new RunEnd(DagRunStatus.Paused, DateTimeOffset.UtcNow));
        await store.FlushAsync();
    }

    [Fact]
    public void Reading_makes_no_file()
    {
        using var store = new SqliteProvenance(FilePath);

        Assert.Null(store.FindRun("x"));
        Assert.Empty(store.FindRuns(new RunQuery()));
        Assert.False(Directory.Exists(Path.GetDirectoryName(FilePath)));
    }

    [Fact]
    public void Reading_leaves_an_empty_file_empty()
    {
        var path = Path.Combine(_folder, "empty.db");
        File.WriteAllBytes(path, []);
        using (var store = new SqliteProvenance(path))
        {
            Assert.Null(store.FindRun("x"));
            Assert.Equal(0, store.RemoveRuns([]));
        }

        Assert.Empty(File.ReadAllBytes(path));
    }

    [Fact]
    public void The_file_is_readable_by_its_owner_alone()
    {
        using var store = new SqliteProvenance(FilePath);
        store.EnsureWritable();

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
    }

    [Fact]
    public void A_file_that_is_not_a_database_is_invalid()
    {
        var path = Path.Combine(_folder, "text.db");
        File.WriteAllText(path, new string('x', 5_000));
        using var store = new SqliteProvenance(path);

        Assert.Equal(DagErrorId.DagDatabaseInvalid, Assert.Throws<DagException>(store.EnsureWritable).Id);
        Assert.Equal(DagErrorId.DagDatabaseInvalid, Assert.Throws<DagException>(() => store.FindRun("x")).Id);
    }

    [Fact]
    public void A_database_of_another_program_is_invalid_and_stays_as_it_is()
    {
        var path = Path.Combine(_folder, "other.db");
        Query("CREATE TABLE t (a)", path: path);
        using var store = new SqliteProvenance(path);

        Assert.Equal(DagErrorId.DagDatabaseInvalid, Assert.Throws<DagException>(store.EnsureWritable).Id);
        Assert.Equal("1", Query("SELECT count(*) FROM sqlite_schema", path: path));
    }

    [Fact]
    public void A_file_of_a_newer_version_is_refused()
    {
        using (var store = new SqliteProvenance(FilePath))
            store.EnsureWritable();
        Query("PRAGMA user_version = 99");
        using var again = new SqliteProvenance(FilePath);

        Assert.Equal(DagErrorId.DagDatabaseNewer, Assert.Throws<DagException>(again.EnsureWritable).Id);
    }

    [Fact]
    public async Task A_prefix_that_fits_several_runs_names_them()
    {
        using var store = new SqliteProvenance(FilePath);
        store.EnsureWritable();
        foreach (var id in (string[])["ab1", "ab2", "b"])
            store.EndRun(store.CreateRun(new RunStart(id, "d", Definition(), DateTimeOffset.UtcNow)),
                new RunEnd(DagRunStatus.Completed, DateTimeOffset.UtcNow));
        await store.FlushAsync();

        Assert.Equal("ab1", store.FindRun("ab1")!.RunId);
        Assert.Equal("b", store.FindRun("b")!.RunId);
        Assert.Contains("ab2", Assert.Throws<DagException>(() => store.FindRun("ab")).Message, StringComparison.Ordinal);
        Assert.Null(store.FindRun("zz"));
    }

    [Fact]
    public async Task Removing_a_run_removes_its_sub_runs_and_payloads_but_not_those_that_others_use()
    {
        using var store = new SqliteProvenance(FilePath);
        var dag = new Dag("d").Add("a", () => new[] { new string('x', 9_000) });
        dag.Add(DagNode.Map("m", new SubDags(new Dag("s").Add("s", (string text) => text.Length))), ["a"]);
        var first = await new DagRunner(dag, store).RunAsync();
        var second = await new DagRunner(dag, store).ReplayAsync(first.RunId, ["m"]);

        Assert.Equal(1, store.RemoveRuns([first.RunId]));

        Assert.Equal("2", Query("SELECT count(*) FROM dag_runs"));
        Assert.Equal("9000",
            Query("SELECT length(json_extract(output_json, '$.value[0]')) FROM node_executions WHERE run_id = $1 AND node_label = 'a'",
                second.RunId));
    }

    [Fact]
    public async Task Two_stores_write_one_file_at_the_same_time()
    {
        var runs = Enumerable.Range(0, 4).Select(async _ =>
        {
            using var store = new SqliteProvenance(FilePath);
            for (var index = 0; index < 20; index++)
                Assert.Equal(DagRunStatus.Completed, (await new DagRunner(Chain(), store).RunAsync()).Status);
        });

        await Task.WhenAll(runs);

        Assert.Equal("80 160",
            Query("SELECT (SELECT count(*) FROM dag_runs WHERE status = 'completed') || ' ' || (SELECT count(*) FROM node_executions)"));
    }

    private static Dag Chain() => new Dag("d").Add("a", () => 1).Add("b", (int value) => value + 1, "a");

    private static DagDefinition Definition() => new("d", "F", [new NodeDefinition("a", NodeKind.Method, true, true, "f")], []);

    private string Query(string sql, string? runId = null, string? path = null)
    {
        using var connection = new SqliteConnection($"Data Source={path ?? FilePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        if (runId is not null)
            command.Parameters.AddWithValue("$1", runId);
        return Convert.ToString(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture) ?? "";
    }
}
