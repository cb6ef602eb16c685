using Lythonic.Dag.Provenance;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite.Tests;

/// <summary>
/// Files of older versions, as SQL. A new version of the schema adds a file of the one before it, and nothing else here changes.
/// </summary>
public sealed class MigrationTests : IDisposable
{
    private const string Run = "00000000-0000-4000-8000-00000000000";

    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<int> OlderVersions => [.. Enumerable.Range(1, Schema.Migrations.Count - 1)];

    [Theory]
    [MemberData(nameof(OlderVersions))]
    public void Reading_a_file_of_an_older_version_migrates_it_and_finds_its_runs(int version)
    {
        Load(version);
        using var store = new SqliteProvenance(_folder.Database);
        store.EnsureWritable();
        StoreFolder.AssertShapesAreNoted(_folder.Database);

        Assert.Equal(["completed", "failed", "failed", "interrupted"],
            store.FindRuns(new RunQuery()).OrderBy(run => run.RunId).Select(run => run.Status.ToName()));
        var chain = store.FindRun(Run + 1)!;
        Assert.Equal(["nightly"], chain.Tags);
        Assert.Equal(["42", "\"42\""], store.GetNodeRuns(chain).Select(node => store.GetText(store.GetOutput(node)!)));
        Assert.Equal("{\"value\":-42}", store.GetSourceInput(chain));
        Assert.Equal((null, null), (chain.StartedBy, chain.StartedIn));
        Assert.Equal($"{Schema.Migrations.Count}", _folder.Query("PRAGMA user_version"));
        Assert.Equal("ok", _folder.Query("PRAGMA integrity_check"));
    }

    [Theory]
    [MemberData(nameof(OlderVersions))]
    public void A_migrated_file_has_the_tables_of_a_new_one(int version)
    {
        // Line breaks in the SQL make no difference to a table.
        const string Everything =
            "SELECT group_concat(type || ' ' || name || ' ' || coalesce(sql, ''), char(10)) "
            + "FROM (SELECT * FROM sqlite_schema ORDER BY type, name)";
        Load(version);
        using (var store = new SqliteProvenance(_folder.Database))
            store.EnsureWritable();
        var migrated = OnOneLine(_folder.Query(Everything));
        File.Delete(_folder.Database);
        using (var store = new SqliteProvenance(_folder.Database))
            store.EnsureWritable();

        Assert.Equal(OnOneLine(_folder.Query(Everything)), migrated);
    }

    [Theory]
    [MemberData(nameof(OlderVersions))]
    public async Task The_runs_of_an_older_version_go_on_where_they_were(int version)
    {
        Load(version);
        var called = new List<string>();
        using var store = new SqliteProvenance(_folder.Database);
        var chain = await new DagRunner(Chain(), store).RestartAsync(Run + 2);
        var map = await new DagRunner(Map(text => called.Add(text)), store, new DagRunOptions { Force = true, ThrottleLimit = 1 })
            .RestartAsync(Run + 3);

        Assert.Equal("7", chain.Outputs["text"]);
        Assert.Equal([1, 2, 1, 5_000], (object[])map.Outputs["numbers"]!);
        Assert.Equal(["x", new string('9', 5_000)], called);
        StoreFolder.AssertShapesAreNoted(_folder.Database);
        Assert.Equal(3, store.RemoveRuns([Run + 1, Run + 2, Run + 3]));
        StoreFolder.AssertShapesAreNoted(_folder.Database);
        Assert.Equal("0", _folder.Query(
            "SELECT count(*) FROM definition WHERE id NOT IN (SELECT definition FROM run UNION SELECT definition FROM node_run)"));
        Assert.Equal("1", _folder.Query("SELECT count(*) FROM dag_runs"));
    }

    [Theory]
    [InlineData("DROP TABLE reuse_code; SELECT 1", "lacks the table 'reuse_code'")]
    [InlineData("DROP TABLE payload_part; SELECT 1", "lacks the table 'payload_part'")]
    [InlineData(
        "PRAGMA writable_schema=1; UPDATE sqlite_schema SET sql = replace(sql, 'targets', 'other') WHERE name = 'run'; SELECT 1",
        "lacks the column 'targets' of the table 'run'")]
    public void A_file_of_this_version_that_lacks_a_part_is_an_error_that_names_it_when_it_is_opened(string without, string says)
    {
        using (var made = new SqliteProvenance(_folder.Database))
            made.EnsureWritable();
        _folder.Query(without);
        using var store = new SqliteProvenance(_folder.Database);

        foreach (var use in new Action[] { store.EnsureWritable, () => store.FindRun(Run + 1) })
        {
            var error = Assert.Throws<DagException>(use);
            Assert.Equal(DagErrorId.DagDatabaseInvalid, error.Id);
            Assert.Contains(says, error.Message, StringComparison.Ordinal);
            Assert.EndsWith("Its runs cannot be read by this version.", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("CREATE TABLE one (a) STRICT; nonsense;")]
    [InlineData("CREATE TABLE one (a INT) STRICT; INSERT INTO run (id) VALUES (1);")]
    public void A_migration_that_fails_leaves_the_file_as_it_was(string migration)
    {
        Load(1);
        using (var failing =
            new SqliteProvenance(_folder.Database, false, new StoreEnvironment { Migrations = [.. Schema.Migrations, migration] }))
            Assert.Equal(DagErrorId.DagDatabaseInvalid, Assert.Throws<DagException>(failing.EnsureWritable).Id);

        Assert.Equal("1 0", _folder.Query(
            "SELECT (SELECT user_version FROM pragma_user_version) || ' ' || (SELECT count(*) FROM sqlite_schema WHERE name IN ('one', "
            + "'removal'))"));
    }

    [Fact]
    public void An_older_module_refuses_what_a_newer_one_has_migrated()
    {
        using (var newer = new SqliteProvenance(
            _folder.Database, false, new StoreEnvironment { Migrations = [.. Schema.Migrations, "CREATE TABLE later (a INT) STRICT;"] }))
            newer.EnsureWritable();
        using var store = new SqliteProvenance(_folder.Database);

        Assert.Equal(DagErrorId.DagDatabaseNewer, Assert.Throws<DagException>(() => store.FindRun("r")).Id);
        Assert.Equal(DagErrorId.DagDatabaseNewer, Assert.Throws<DagException>(store.EnsureWritable).Id);
        Assert.Equal(DagErrorId.DagDatabaseNewer, Assert.Throws<DagException>(() => store.RemoveRuns(["r"])).Id);
    }

    private static Dag Chain() => new Dag("chain")
        .Add(new DagNode("start", MethodCode.From(typeof(Math).GetMethod("Abs", [typeof(int)])!)))
        .Add(new DagNode("text", MethodCode.From(typeof(Convert).GetMethod("ToString", [typeof(int)])!)), ["start"]);

    private static Dag Map(Action<string> called) => new Dag("map")
        .Add(new DagNode("list", MethodCode.From(typeof(File).GetMethod("ReadAllLines", [typeof(string)])!)))
        .Add(
            DagNode.Map("numbers", new SubDags(new Dag("number").Add("parse", (string s) =>
            {
                called(s);
                return s.Length;
            }))),
            ["list"]);

    private static string OnOneLine(string sql) => string.Join(' ', sql.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string ScriptOf(int version) => Path.Combine(AppContext.BaseDirectory, "File", "Schemas", $"v{version}.sql");

    private void Load(int version)
    {
        using var connection = _folder.Open();
        using var command = connection.CreateCommand();
        command.CommandText = File.ReadAllText(ScriptOf(version)).Replace("@machine", Environment.MachineName, StringComparison.Ordinal);
        command.ExecuteNonQuery();
    }
}
