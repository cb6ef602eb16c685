using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite.Tests;

/// <summary>The queries of docs/provenance.md, run as they stand there.</summary>
public sealed partial class DocumentedQueryTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_query_of_the_documentation_answers()
    {
        var broken = true;
        var element = new Dag("element").Add("check", (int value) => value == 2 && broken ? throw new InvalidOperationException("two") : value);
        var dag = new Dag("etl").Add("list", () => new[] { 1, 2, 42 }).Add("answer", (int[] list) => list[2], "list").Add(DagNode.Map("map", new SubDags(element)), ["list"]);
        using var store = new SqliteProvenance(_folder.Database);
        var old = await new DagRunner(dag, store, new DagRunOptions { ContinueOnFailure = true }).RunAsync();
        broken = false;
        var now = await new DagRunner(dag, store).RunAsync();
        await new DagRunner(dag, store).RestartAsync(old.RunId);
        var queries = Queries().Matches(File.ReadAllText(DocumentPath())).Select(match => match.Groups[1].Value).ToList();

        Assert.InRange(queries.Count, 6, 20);
        Assert.All(queries, query => Assert.True(Rows(query, now.RunId, old.RunId) > 0 || query.Contains(":old", StringComparison.Ordinal), query));
    }

    [GeneratedRegex("```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Queries();

    private int Rows(string sql, string run, string old)
    {
        using var connection = _folder.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        var failed = sql.Contains("'failed'", StringComparison.Ordinal);
        foreach (var (name, value) in ((string, string)[])[(":run", failed ? old : run), (":old", old), (":new", run), (":dag", "etl"), (":label", "answer")])
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
