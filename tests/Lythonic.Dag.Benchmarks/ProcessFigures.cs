using System.Diagnostics;
using System.Globalization;
using System.Management.Automation.Runspaces;

namespace Lythonic.Dag.Benchmarks;

/// <summary>What can only be measured in a process of its own: import, the first run, and memory. Lines of the table.</summary>
internal static class ProcessFigures
{
    /// <summary>The argument that makes this program the measured process.</summary>
    public const string Child = "--measured-process";

    private const string First = "param($database) $null = New-Dag first { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath $database";

    private const string Map = """
        param($database)
        $run = New-Dag bench { Add-DagNode list { 1..100000 } -OutputType ([int[]]);
            Add-DagNode map -Map { param($x) $x + 1 } -After list } | Invoke-Dag -DatabasePath $database
        if ($run.Outputs['map'].Count -ne 100000) { throw "The run is $($run.Status)." }
        """;

    /// <summary>Measures a process for each round.</summary>
    public static IEnumerable<string> All(int rounds)
    {
        var measured = Enumerable.Range(0, rounds).Select(_ => Start()).ToList();
        double Median(int column) => measured.Select(row => row[column]).Order().ElementAt(rounds / 2);
        yield return $"| import, in a session that has run something | {Median(0):N0} ms | | | |";
        yield return $"| first run, the database made | {Median(1):N0} ms | the second run: {Median(2):N0} ms | | |";
        yield return $"| memory at the most, map of 100,000 small elements, over the session before | {Median(3):N0} MB | | | |";
    }

    /// <summary>Is the measured process: writes import, first run, second run (ms) and memory (MB).</summary>
    public static void Measure()
    {
        using var state = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        state.Open();
        using (var shell = System.Management.Automation.PowerShell.Create(state))
            shell.AddScript("1..100 | ForEach-Object { $_ } | Where-Object { $_ -gt 50 }").Invoke();
        var import = Stopwatch.GetTimestamp();
        using var module = new ModuleRunspace();
        var imported = Stopwatch.GetElapsedTime(import);
        var first = Time(() => module.Run(First, ("database", Path.Combine(module.Folder, "first.db"))));
        var second = Time(() => module.Run(First, ("database", Path.Combine(module.Folder, "first.db"))));
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var before = process.WorkingSet64;
        module.Run(Map, ("database", Path.Combine(module.Folder, "map.db")));
        process.Refresh();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{imported.TotalMilliseconds} {first} {second} {(process.PeakWorkingSet64 - before) / 1048576.0}"));
    }

    private static double Time(Action body)
    {
        var started = Stopwatch.GetTimestamp();
        body();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static double[] Start()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ProcessFigures).Assembly.Location, Child]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var line = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return [.. line.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
    }
}
