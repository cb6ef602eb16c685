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

    /// <summary>The name by which these figures alone can be asked for.</summary>
    public const string Name = "watched";

    // Elements as short as those that read a small file leave the processors time. Elements that do nothing fill all processors, so that
    // the watcher takes its time from the run.
    private static readonly (string Name, int Count, string Code)[] _maps =
    [
        ("map of 10,000 elements of a millisecond", 10_000, "[Threading.Thread]::Sleep(1); $x + 1"),
        ("map of 100,000 elements that do nothing", 100_000, "$x + 1"),
    ];

    private const string Map = """
        param($database, $count, $code)
        $run = New-Dag watched { Add-DagNode list { param([int]$n) 1..$n } -OutputType ([int[]]);
            Add-DagNode map -Map ([scriptblock]::Create("param(`$x) $code")) -After list } |
            Invoke-Dag -SourceInput @{ n = $count } -DatabasePath $database
        if ($run.Outputs['map'].Count -ne $count) { throw "The run is $($run.Status)." }
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

    /// <summary>Measures each map: lines of the table.</summary>
    public static IEnumerable<string> All(int rounds) => _maps.Select(map => Measure(rounds, map.Name, map.Count, map.Code));

    private static string Measure(int rounds, string name, int count, string code)
    {
        using var module = new ModuleRunspace();
        var database = Path.Combine(module.Folder, "watched.db");
        var wish = Path.Combine(module.Folder, "watch");
        void RunMap() => module.Run(Map, ("database", database), ("count", count), ("code", code));
        RunMap();
        var start = new ProcessStartInfo("dotnet", [typeof(WatchFigures).Assembly.Location, Child, module.Folder]);
        using var watcher = Process.Start(start)!;
        // The first run that the watcher watches warms it up.
        File.WriteAllText(wish, "");
        RunMap();
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
        return LineOf(name, Median(watched), Median(alone), Median(ratios), Median(shares));

        double Time(bool isWatched)
        {
            if (isWatched)
                File.WriteAllText(wish, "");
            else
                File.Delete(wish);
            watcher.Refresh();
            var before = watcher.TotalProcessorTime;
            var started = Stopwatch.GetTimestamp();
            RunMap();
            var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            watcher.Refresh();
            if (isWatched)
                used = watcher.TotalProcessorTime - before;
            return took;
        }
    }

    private static string LineOf(string name, double watched, double alone, double ratio, double share) => string.Create(
        CultureInfo.InvariantCulture,
        $"| a run that another process watches, {name} | {watched:N0} ms "
            + $"| not watched: {alone:N0} ms | {(ratio - 1) * 100:+0.0;-0.0} % | the watcher: {share * 100:0.0} % of one processor |");

    /// <summary>Is the watcher.</summary>
    public static void BeWatcher(string folder)
    {
        using var module = new ModuleRunspace();
        module.Run(Watch, ("folder", folder), ("database", Path.Combine(folder, "watched.db")));
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
