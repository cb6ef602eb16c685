using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Sqlite.Tests;

/// <summary>
/// Runs are found by the name of their DAG as labels are compared, whatever letters it has, and by the wildcards of PowerShell.
/// </summary>
public sealed class NameQueryTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("etl", "Etl")]
    [InlineData("ÜBER", "Über")]
    [InlineData("über", "Über")]
    [InlineData("ΣΊΣΥΦΟΣ", "Σίσυφος")]
    [InlineData("отчёт", "ОТЧЁТ")]
    [InlineData("*ber", "Über")]
    [InlineData("[üx]BER", "Über")]
    [InlineData("[[]1]", "")]
    [InlineData("what?", "what?,whats")]
    [InlineData("what`?", "what?")]
    [InlineData("a[1]", "a1,a[1]")]
    [InlineData("a`[1`]", "a[1]")]
    [InlineData("a[0-9]", "a1")]
    [InlineData("a[!]", "a[!]")]
    [InlineData("a[", "a[")]
    [InlineData("a.c", "")]
    [InlineData("100%", "100%")]
    [InlineData("a_c", "a_c")]
    [InlineData("a*c", "a*c,a_c,abc")]
    [InlineData("nobody", "")]
    public async Task A_name_finds_its_runs(string name, string found)
    {
        using var store = new SqliteProvenance(_folder.Database);
        foreach (var dag in (string[])[
            "Etl", "Über", "Σίσυφος", "ОТЧЁТ", "what?", "whats", "a1", "a[1]", "a[!]", "a[", "abc", "a_c", "a*c", "100%", "1000"])
            await new DagRunner(new Dag(dag).Add("n", () => 1), store).RunAsync();

        var names = store.FindRuns(new RunQuery { DagNames = [name] }).Select(run => run.DagName).Order(StringComparer.Ordinal);

        Assert.Equal(found, string.Join(',', names));
    }

    [Theory]
    [InlineData("ÜBER", 3)]
    [InlineData("über", 3)]
    [InlineData("Ü*", 3)]
    [InlineData("über/map", 0)]
    [InlineData("über/map`[0`]", 1)]
    public async Task A_name_finds_the_sub_runs_below_it_where_they_are_asked_for(string name, int runs)
    {
        using var store = new SqliteProvenance(_folder.Database);
        var dag = new Dag("Über").Add("list", () => new[] { 1, 2 });
        dag.Add(DagNode.Map("map", new SubDags(new Dag("e").Add("n", (int value) => value))), ["list"]);
        await new DagRunner(dag, store).RunAsync();

        Assert.Equal(runs, store.FindRuns(new RunQuery { DagNames = [name], IncludeSubRuns = true }).Count());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(0)]
    public void A_version_that_no_module_gives_is_refused_and_left_alone(int version)
    {
        using (var store = new SqliteProvenance(_folder.Database))
            store.EnsureWritable();
        _folder.Query($"PRAGMA user_version = {version}");
        using var again = new SqliteProvenance(_folder.Database);

        foreach (var use in (Action[])[() => again.FindRun("r"), again.EnsureWritable, () => again.RemoveRuns(["r"])])
        {
            var error = Assert.Throws<DagException>(use);
            Assert.Equal((DagErrorId.DagDatabaseInvalid, again.Location), (error.Id, error.Target));
            Assert.Contains($"version {version}", error.Message, StringComparison.Ordinal);
            Assert.NotNull(error.RecommendedAction);
        }

        Assert.Equal($"{version}", _folder.Query("PRAGMA user_version"));
    }
}
