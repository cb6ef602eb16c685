using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite.Tests;

/// <summary>The queries of docs/provenance.md, run as they stand there.</summary>
public sealed partial class DocumentedQueryTests : IDisposable
{
    private const string Chain = """
        CREATE TEMP TABLE position AS WITH RECURSIVE p(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM p WHERE n < $nodes) SELECT n FROM p;
        INSERT INTO definition VALUES (1, 'chain', 'f');
        INSERT INTO definition_node SELECT 1, n - 1, 'n' || n, 1, n = 1, 0, 'f' FROM position;
        INSERT INTO definition_edge (definition, upstream, downstream) SELECT 1, 'n' || (n - 1), 'n' || n FROM position WHERE n > 1;
        INSERT INTO run (id, run_id, path, definition, status, started_at) VALUES (1, 'r', 'chain', 1, 'completed', 1);
        INSERT INTO node_run (run, definition, position, label, attempt, status, started_at, output_json)
            SELECT 1, 1, n - 1, 'n' || n, 1, 'completed', 1, '1' FROM position;
        """;

    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_query_of_the_documentation_answers()
    {
        var broken = true;
        var element = new Dag("element")
            .Add("check", (int value) => value == 2 && broken ? throw new InvalidOperationException("two") : value);
        var dag = new Dag("etl").Add("list", () => new[] { 1, 2, 42 }).Add("answer", (int[] list) => list[2], "list")
            .Add(DagNode.Map("map", new SubDags(element)), ["list"]);
        using var store = new SqliteProvenance(_folder.Database);
        var old = await new DagRunner(dag, store, new DagRunOptions { ContinueOnFailure = true }).RunAsync();
        var oneMayFail = new NodeSettings { AllowedFailure = AllowedFailure.OfCount(1) };
        var lossy = new Dag("lossy").Add("list", () => new[] { 1, 2 }).Add(DagNode.Map("map", new SubDags(element), oneMayFail), ["list"]);
        await new DagRunner(lossy, store).RunAsync();
        broken = false;
        var now = await new DagRunner(dag, store).RunAsync();
        await new DagRunner(dag, store).RestartAsync(old.RunId);
        var queries = Queries().Matches(File.ReadAllText(DocumentPath())).Select(match => match.Groups[1].Value).ToList();

        Assert.InRange(queries.Count, 6, 20);
        Assert.All(queries, query =>
            Assert.True(Rows(query, now.RunId, old.RunId) > 0 || query.Contains(":old", StringComparison.Ordinal), query));
    }

    [Fact]
    public void All_the_way_up_a_long_chain_is_walked_edge_by_edge()
    {
        const int Nodes = 10_000;
        using (var store = new SqliteProvenance(_folder.Database))
            store.EnsureWritable();
        using var connection = _folder.Open();
        using var chain = connection.CreateCommand();
        chain.CommandText = Chain;
        chain.Parameters.AddWithValue("$nodes", Nodes);
        chain.ExecuteNonQuery();

        using var query = connection.CreateCommand();
        query.CommandText = Queries().Matches(File.ReadAllText(DocumentPath())).Select(match => match.Groups[1].Value)
            .Single(sql => sql.Contains("RECURSIVE", StringComparison.Ordinal));
        query.Parameters.AddWithValue(":run", "r");
        query.Parameters.AddWithValue(":label", $"n{Nodes}");
        var thousands = 0;
        SQLitePCL.raw.sqlite3_progress_handler(connection.Handle, 1_000, _ => ++thousands > Nodes ? 1 : 0, null);
        using var row = query.ExecuteReader();
        var found = 0;
        while (row.Read())
            found++;

        // A thousand steps of SQLite's virtual machine for each node are many. A scan of all nodes for each node takes ten times as many.
        Assert.Equal(Nodes, found);
        Assert.InRange(thousands, 1, Nodes / 2);
    }

    [GeneratedRegex("```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Queries();

    private int Rows(string sql, string run, string old)
    {
        using var connection = _folder.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        var failed = sql.Contains("'failed'", StringComparison.Ordinal);
        foreach (var (name, value) in ((string, string)[])[
            (":run", failed ? old : run), (":old", old), (":new", run), (":dag", "etl"), (":label", "answer")])
        {
            if (sql.Contains(name, StringComparison.Ordinal))
                command.Parameters.AddWithValue(name, value);
        }

        using var row = command.ExecuteReader();
        var count = 0;
        while (row.Read())
            count++;
        return count;
    }

    private static string DocumentPath()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "docs", "provenance.md")))
            folder = folder.Parent ?? throw new FileNotFoundException("docs/provenance.md");
        return Path.Combine(folder.FullName, "docs", "provenance.md");
    }
}
