using System.Diagnostics;
using System.Runtime;

namespace Lythonic.Dag.Benchmarks;

/// <summary>What several processes cost that use one database at once: lines of the table.</summary>
internal static class SharedFigures
{
    /// <summary>The argument that makes this program one of the processes; the database and the durability follow.</summary>
    public const string Child = "--shares-database";

    /// <summary>The argument that makes this program one of the processes that make bare commits.</summary>
    public const string FloorChild = "--shares-floor";

    private const int Processes = 16;
    private const int Runs = 50;

    // A run of one node commits twice: before its node starts, and when it has ended.
    private const int CommitsOfRun = 2;

    // How many methods are compiled in a round of a process that is warm.
    private const int Few = 20;

    private const string Loop = """
        param($count, $database, $durability)
        $dag = New-Dag one { Add-DagNode a { 1 } }
        for ($i = 0; $i -lt $count; $i++) {
            $run = Invoke-Dag $dag -DatabasePath $database -Durability $durability
            if ($run.Status -ne 'completed') { throw "The run is $($run.Status)." }
        }
        """;

    /// <summary>Measures the runs of all processes together, for each durability, against what one disk's commits allow.</summary>
    /// <param name="folder">Where databases go.</param>
    /// <param name="floor">Makes a file of transactions of one row each: the path, how many, and SQLite's name of the durability.</param>
    public static IEnumerable<string> All(string folder, Action<string, int, string> floor)
    {
        foreach (var (durability, synchronous) in ((string, string)[])[("Normal", "NORMAL"), ("Full", "FULL")])
        {
            var ours = Measure(Child, Path.Combine(folder, $"shared-{durability}.db"), durability);
            var shared = Path.Combine(folder, $"shared-floor-{durability}.db");
            floor(shared, 1, synchronous);
            var allowed = Measure(FloorChild, shared, synchronous);
            var started = Stopwatch.GetTimestamp();
            floor(Path.Combine(folder, $"floor-{durability}.db"), Processes * Runs * CommitsOfRun, synchronous);
            var alone = Stopwatch.GetElapsedTime(started).TotalSeconds;
            yield return $"| {Processes} processes, {Runs} runs each, one database, -Durability {durability} | "
                + $"{Processes * Runs / ours:N0} runs a second | as many as bare commits of {Processes} processes allow: "
                + $"{Processes * Runs / allowed:N0}; of one process: {Processes * Runs / alone:N0} "
                + $"| {allowed / ours:P0}; {alone / ours:P0} | |";
        }
    }

    /// <summary>Is one of the processes that make bare commits of one row each.</summary>
    public static void Commit(string database, string synchronous)
    {
        WarmUp(() => Figures.Commits($"{database}-{Environment.ProcessId}", Runs * CommitsOfRun, synchronous));
        Console.WriteLine("ready");
        if (Console.ReadLine() is null)
            return;
        Figures.Commits(database, Runs * CommitsOfRun, synchronous);
        Console.WriteLine("done");
    }

    /// <summary>Is one of the processes: says when it is ready, and runs when it is told to.</summary>
    public static void Run(string database, string durability)
    {
        using var module = new ModuleRunspace();
        WarmUp(() => module.Run(Loop, ("count", 100), ("database", Path.Combine(module.Folder, "first.db")), ("durability", durability)));
        Console.WriteLine("ready");
        // There is no line if the measuring process has ended.
        if (Console.ReadLine() is null)
            return;
        module.Run(Loop, ("count", Runs), ("database", database), ("durability", durability));
        // Say so here, so that the end of the process is not measured with the runs.
        Console.WriteLine("done");
    }

    // The runtime compiles once more what is called often, on a thread of its own, and begins to count calls only after a pause. With 16
    // processes that have just begun, it takes three quarters of two cores, and a figure of the shared file would be one of the compiler.
    private static void WarmUp(Action run)
    {
        for (long before = -Few, now; (now = CompiledAfter(run)) >= before + Few; before = now)
        {
        }
    }

    private static long CompiledAfter(Action run)
    {
        run();
        for (long before = -1, now; (now = JitInfo.GetCompiledMethodCount()) != before; before = now)
            Thread.Sleep(TimeSpan.FromMilliseconds(500));
        return JitInfo.GetCompiledMethodCount();
    }

    // The seconds from the start signal to the end of the last run of the last process. An error in any process is thrown here.
    private static double Measure(string child, string database, string durability)
    {
        var all = Enumerable.Range(0, Processes).Select(_ => Start(child, database, durability)).ToList();
        all.ForEach(process => process.StandardOutput.ReadLine());
        var started = Stopwatch.GetTimestamp();
        all.ForEach(process => process.StandardInput.WriteLine("go"));
        all.ForEach(process => process.StandardOutput.ReadLine());
        var time = Stopwatch.GetElapsedTime(started).TotalSeconds;
        all.ForEach(process => process.WaitForExit());
        var failed = all.Count(process => process.ExitCode != 0);
        all.ForEach(process => process.Dispose());
        return failed == 0 ? time : throw new InvalidOperationException($"{failed} of the processes failed.");
    }

    private static Process Start(string child, string database, string durability) =>
        Process.Start(new ProcessStartInfo("dotnet", [typeof(SharedFigures).Assembly.Location, child, database, durability])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
}
