namespace Lythonic.Dag.Benchmarks;

/// <summary>What reusing the outputs of elements costs, compared with running the elements, which do next to nothing.</summary>
internal static class ReuseFigures
{
    private const int Count = 10_000;

    private const string Line = """
        param($count, $extra, $database)
        $all = @(1..$count; $extra) | Invoke-DagMap { $_ + 1 } -Reuse -DatabasePath $database
        if ($all.Count -ne $count + 1) { throw 'lost' }
        """;

    private const string Map = """
        param($count, $extra, $database)
        $dag = New-Dag bench { Add-DagNode list { param([int]$n, [int]$extra) 1..$n; $extra } -OutputType ([int[]]);
            Add-DagNode map -Map { param($x) $x + 1 } -After list -Reuse }
        $run = $dag | Invoke-Dag -SourceInput @{ n = $count; extra = $extra } -DatabasePath $database
        if ($run.Status -ne 'completed' -or $run.Outputs['map'].Count -ne $count + 1) { throw "The run is $($run.Status)." }
        """;

    private static int _extra = 2 * Count;

    /// <summary>Every figure, in the order of the table.</summary>
    public static IEnumerable<Figure> All(ModuleRunspace module, Func<string> database)
    {
        yield return Of("an Invoke-DagMap", Line, module, database);
        yield return Of("a map", Map, module, database);
    }

    private static Figure Of(string what, string script, ModuleRunspace module, Func<string> database)
    {
        var (full, next) = ("", "");
        void Run(string path) => module.Run(script, ("count", Count), ("extra", _extra++), ("database", path));
        return new(
            $"10,000 of 10,001 elements of {what} reused, against running them", Count, () => Run(full), "running", Count, () => Run(next))
        {
            Prepare = () =>
            {
                next = database();
                if (full.Length > 0)
                    return;
                full = database();
                Run(full);
            },
        };
    }
}
