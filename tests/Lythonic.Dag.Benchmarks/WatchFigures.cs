using System.Diagnostics;
using System.Globalization;

namespace Lythonic.Dag.Benchmarks;

/// <summary>
/// What a watcher in another process costs the run that it watches. It is there in each round, and asked to watch in every second run: the
/// runs with it and without it are compared in pairs.
/// </summary>
internal static class WatchFigures
{
    /// <summary>The argument that makes this program the watcher, whose next argument is the folder of the database.</summary>
    public const string Child = "--watcher";

    /// <summary>The name by which this figure alone can be asked for.</summary>
    public const string Name = "watched";

    // The elements are as short as elements that read a small file.
    private const string Map = """
        param($database)
        $run = New-Dag watched { Add-DagNode list { 1..10000 } -OutputType ([int[]]);
            Add-DagNode map -Map { param($x) [Threading.Thread]::Sleep(1); $x + 1 } -After list } | Invoke-Dag -DatabasePath $database
        if ($run.Outputs['map'].Count -ne 10000) { throw "The run is $($run.Status)." }
        """;

    private const string Watch = """
        param($folder, $database)
        $wish = [IO.Path]::Combine($folder, 'watch')
        while (-not [IO.File]::Exists([IO.Path]::Combine($folder, 'end'))) {
            if ([IO.File]::Exists($wish) -and ($run = Get-DagRun -Status running -First 1 -DatabasePath $database)) {
                Watch-DagRun $run.RunId -DatabasePath $database -Plain 6>$null
            }
            [Threading.Thread]::Sleep(10)
        }
        """;

    /// <summary>Measures, and returns the line of the table.</summary>
    public static string Measure(int rounds)
    {
        using var module = new ModuleRunspace();
        var database = Path.Combine(module.Folder, "watched.db");
        var wish = Path.Combine(module.Folder, "watch");
        module.Run(Map, ("database", database));
        var start = new ProcessStartInfo("dotnet", [typeof(WatchFigures).Assembly.Location, Child, module.Folder]);
        using var watcher = Process.Start(start)!;
        // The first run that the watcher watches warms it up.
        File.WriteAllText(wish, "");
        module.Run(Map, ("database", database));
        var (watched, alone, ratios, shares) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var used = TimeSpan.Zero;
        for (var pair = 0; pair < rounds; pair++)
        {
            // The two take turns in being first in a pair, because the database grows.
            var isWatchedFirst = pair % 2 == 0;
            var one = Time(isWatchedFirst);
            var other = Time(!isWatchedFirst);
            watched.Add(isWatchedFirst ? one : other);
            alone.Add(isWatchedFirst ? other : one);
            ratios.Add(watched[^1] / alone[^1]);
            shares.Add(used.TotalMilliseconds / watched[^1]);
        }

        File.WriteAllText(Path.Combine(module.Folder, "end"), "");
        watcher.WaitForExit();
        return LineOf(Median(watched), Median(alone), Median(ratios), Median(shares));

        double Time(bool isWatched)
        {
            if (isWatched)
                File.WriteAllText(wish, "");
            else
                File.Delete(wish);
            watcher.Refresh();
            var before = watcher.TotalProcessorTime;
            var started = Stopwatch.GetTimestamp();
            module.Run(Map, ("database", database));
            var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            watcher.Refresh();
            if (isWatched)
                used = watcher.TotalProcessorTime - before;
            return took;
        }
    }

    private static string LineOf(double watched, double alone, double ratio, double share) => string.Create(
        CultureInfo.InvariantCulture,
        $"| a run that another process watches, map of 10,000 elements of a millisecond | {watched:N0} ms "
            + $"| not watched: {alone:N0} ms | {(ratio - 1) * 100:+0.0;-0.0} % | the watcher: {share * 100:0.0} % of one processor |");

    /// <summary>Is the watcher.</summary>
    public static void BeWatcher(string folder)
    {
        using var module = new ModuleRunspace();
        module.Run(Watch, ("folder", folder), ("database", Path.Combine(folder, "watched.db")));
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
