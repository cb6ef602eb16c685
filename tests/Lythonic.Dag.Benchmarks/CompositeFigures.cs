using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Benchmarks;

/// <summary>What composite nodes cost.</summary>
internal static class CompositeFigures
{
    private const string Broken = "lythonic-dag-benchmarks-broken";

    private const string Define = """
        param($count, $nodes, $levels, $database, $runId)
        $sub = New-Dag sub {
            Add-DagNode n1 { param($x) if ([AppDomain]::CurrentDomain.GetData('lythonic-dag-benchmarks-broken') -and $x % 10000 -eq 0) {
            throw 'broken' }; $x } }
        for ($i = 2; $i -le $nodes; $i++) { $sub | Add-DagNode "n$i" { param($x) $x } -After "n$($i - 1)" }
        for ($i = 1; $i -le $levels; $i++) {
            $inner = $sub
            $sub = New-Dag "level$i"
            $sub | Add-DagNode pass { param($x) $x }
            $sub | Add-DagNode inside -Call $inner -After pass
        }
        $dag = New-Dag bench
        $dag | Add-DagNode list { param([int]$n) 1..$n } -OutputType ([int[]])
        $dag | Add-DagNode map -Map $sub -After list
        """;

    private const string Run = Define + """

        $run = $dag | Invoke-Dag -SourceInput @{ n = $count } -DatabasePath $database -ContinueOnFailure -ErrorAction Ignore
        if (-not [AppDomain]::CurrentDomain.GetData('lythonic-dag-benchmarks-broken') -and $run.Outputs['map'].Count -ne $count) {
            throw "The run is $($run.Status)." }
        $run.RunId
        """;

    private const string Restart = Define + """

        $run = Restart-DagRun $runId -Dag $dag -DatabasePath $database
        if ($run.Status -ne 'completed' -or $run.Outputs['map'].Count -ne $count) { throw "The run is $($run.Status)." }
        """;

    /// <summary>Every figure, in the order of the table.</summary>
    public static IEnumerable<Figure> All(ModuleRunspace module, Func<string> database)
    {
        string RunOf(int count, int nodes, int levels, string path) =>
            module.Run(Run, ("count", count), ("nodes", nodes), ("levels", levels), ("database", path), ("runId", "")).Single().ToString();
        Action Map(int count, int nodes, int levels = 0) => () => RunOf(count, nodes, levels, database());
        foreach (var nodes in new[] { 1, 3 })
        {
            foreach (var count in new[] { 10_000, 100_000 })
                yield return new($"map of {count:N0} elements with a sub-DAG of {nodes}, against 1,000", count, Map(count, nodes),
                    "1,000 elements", 1_000, Map(1_000, nodes));
        }

        yield return new("element of a sub-DAG of three nodes, in a map of 1,000, against one of one node", 1_000, Map(1_000, 3),
            "one node", 1_000, Map(1_000, 1));
        yield return new("five levels of calls in a map of 1,000 elements, per level, against one", 5_000, Map(1_000, 1, 5), "one level",
            1_000, Map(1_000, 1, 1));
        yield return RestartOfTen(module, database, RunOf);
    }

    private static Figure RestartOfTen(ModuleRunspace module, Func<string> database, Func<int, int, int, string, string> run)
    {
        const int Count = 100_000;
        var (whole, copy, runId) = (database(), "", "");
        return new(
            "restart of a map of 100,000 elements of which ten are left, against running them all",
            1,
            () => module.Run(Restart, ("count", Count), ("nodes", 1), ("levels", 0), ("database", copy), ("runId", runId)),
            "the whole run",
            1,
            () => run(Count, 1, 0, database()))
        {
            Prepare = () =>
            {
                if (runId.Length == 0)
                {
                    AppDomain.CurrentDomain.SetData(Broken, true);
                    runId = run(Count, 1, 0, whole);
                    AppDomain.CurrentDomain.SetData(Broken, null);
                }

                copy = database();
                using var connection = new SqliteConnection($"Data Source={whole};Pooling=False");
                connection.Open();
                using var command = connection.CreateCommand();
                command.CommandText = "VACUUM INTO $copy";
                command.Parameters.AddWithValue("$copy", copy);
                command.ExecuteNonQuery();
            },
        };
    }
}
