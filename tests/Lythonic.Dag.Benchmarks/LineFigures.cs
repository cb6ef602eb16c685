using System.Diagnostics;
using System.Globalization;

namespace Lythonic.Dag.Benchmarks;

/// <summary>
/// What one line costs: <c>Invoke-DagMap</c> beside <c>ForEach-Object -Parallel</c>, in a session that has run both and in a new one.
/// </summary>
internal static class LineFigures
{
    /// <summary>The argument that makes this program a new process, whose next argument is what it measures.</summary>
    public const string Child = "--first-result";

    /// <summary>The lines of the table that <see cref="InNewProcess"/> makes are measured alone under this name.</summary>
    public const string NewSession = "new session";

    /// <summary>With how many objects the peer is measured at the most. It takes milliseconds for each, however many there are.</summary>
    public const int PeerCount = 300;

    private const string Peer = "ForEach-Object -Parallel";
    private const string FirstOfMap = "map";
    private const string FirstOfParallel = "parallel";
    private const string WholeMap = "whole-map";
    private const string WholeParallel = "whole-parallel";

    private const int NewCount = 5_000;
    private const int NewParallelCount = 500;

    private const string Line = """
        param($count, $database)
        $options = if ($database) { @{ DatabasePath = $database } } else { @{ NoProvenance = $true } }
        $all = 1..$count | Invoke-DagMap { $_ + 1 } @options
        if ($all.Count -ne $count) { throw 'lost' }
        """;

    private const string Parallel =
        "param($count) $all = 1..$count | ForEach-Object -Parallel { $_ + 1 }; if ($all.Count -ne $count) { throw 'lost' }";

    // The PowerShell engine alone has no Select-Object. A break stops the pipeline in the same way.
    private const string First = "param($database) do { 1..1000 | Invoke-DagMap { $_ + 1 } -DatabasePath $database | "
        + "& { process { $_; break } } } while ($false)";

    private const string ParallelFirst =
        "do { 1..1000 | ForEach-Object -Parallel { $_ + 1 } | & { process { $_; break } } } while ($false)";

    /// <summary>The peer's name in the table, with how many objects it got.</summary>
    public static string PeerOf(int count) => $"{Peer}, {count:N0} objects";

    /// <summary>Every figure of a session that has run both, in the order of the table.</summary>
    public static IEnumerable<Figure> All(ModuleRunspace module, Func<string> database)
    {
        // All rounds use one database: making it is done once, and has a figure of its own.
        var path = database();
        Action ParallelOf(int count) => () => module.Run(Parallel, ("count", count));
        Figure Of(int count, bool kept) => new(
            $"Invoke-DagMap of {count:N0} objects, {(kept ? "with" : "without")} provenance", count,
            () => module.Run(Line, ("count", count), ("database", kept ? path : "")),
            PeerOf(Math.Min(count, PeerCount)), Math.Min(count, PeerCount), ParallelOf(Math.Min(count, PeerCount)));
        foreach (var count in (int[])[100, 1_000, 10_000, 100_000])
            yield return Of(count, kept: true);
        yield return Of(10_000, kept: false);
        yield return new(
            "Invoke-DagMap, the first result of a thousand, and the stop", 1, () => module.Run(First, ("database", path)),
            Peer, 1, () => module.Run(ParallelFirst));
    }

    /// <summary>What a new process takes, its import included: lines of the table.</summary>
    public static IEnumerable<string> InNewProcess(int rounds)
    {
        double Median(string what) => Enumerable.Range(0, rounds).Select(_ => Start(what)).Order().ElementAt(rounds / 2);
        var (ours, peer) = (Median(FirstOfMap), Median(FirstOfParallel));
        yield return $"| Invoke-DagMap, the first result in a new session, import included | {ours:N0} ms | {Peer}: {peer:N0} ms | |";
        (ours, peer) = (Median(WholeMap) * 1_000 / NewCount, Median(WholeParallel) * 1_000 / NewParallelCount);
        yield return $"| Invoke-DagMap of {NewCount:N0} objects in a new session, import included | {ours:N1} µs each "
            + $"| {PeerOf(NewParallelCount)}: {peer:N1} µs | {peer / ours:N1} times faster | |";
    }

    /// <summary>Is the new process: writes how long it takes, in milliseconds.</summary>
    public static void Measure(string what)
    {
        var started = Stopwatch.GetTimestamp();
        using var module = new ModuleRunspace(imports: what is FirstOfMap or WholeMap);
        var database = Path.Combine(module.Folder, "first.db");
        switch (what)
        {
            case FirstOfMap:
                module.Run(First, ("database", database));
                break;
            case WholeMap:
                module.Run(Line, ("count", NewCount), ("database", database));
                break;
            case WholeParallel:
                module.Run(Parallel, ("count", NewParallelCount));
                break;
            default:
                module.Run(ParallelFirst);
                break;
        }

        Console.WriteLine(Stopwatch.GetElapsedTime(started).TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
    }

    private static double Start(string what)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(LineFigures).Assembly.Location, Child, what]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var line = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.Parse(line, CultureInfo.InvariantCulture);
    }
}
