using System.Diagnostics;
using Xunit.Abstractions;

namespace Lythonic.Dag.Sqlite.Tests.Faults;

public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const int Killed = 128 + 9;
    private const int MostDeaths = 60;

    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_process_that_is_killed_at_any_moment_and_started_again_brings_the_run_to_its_end() => KillAndGoOn("work", Check);

    [Fact]
    public void A_process_that_is_killed_inside_branches_in_a_map_in_a_call_goes_on_there() => KillAndGoOn("nest", CheckNested);

    private void KillAndGoOn(string work, Action<string> check)
    {
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("LYTHONIC_KILL_ROUNDS"), out var given) ? given : 6;
        var seed = int.TryParse(Environment.GetEnvironmentVariable("LYTHONIC_KILL_SEED"), out given) ? given : Random.Shared.Next();
        output.WriteLine($"LYTHONIC_KILL_SEED={seed}");
        var random = new Random(seed);
        for (var (round, runs) = (0, 0); round < rounds; runs++)
        {
            var folder = Directory.CreateDirectory(_folder.PathOf($"{runs}")).FullName;
            while (round < rounds && !Work(work, folder, random.Next(0, 20), random.Next(0, 3_000)))
                round++;
            while (!Work(work, folder, int.MaxValue, 0))
            {
            }

            check(folder);
            StoreFolder.AssertShapesAreNoted(Path.Combine(folder, "runs.db"));
        }
    }

    [Fact]
    public void A_node_that_asks_for_its_attempt_and_takes_the_process_down_is_told_another_number_after_the_restart()
    {
        var deaths = 0;
        while (deaths < MostDeaths && !EndsAlive(ChildProcess.Start("suicide", _folder.Database, _folder.PathOf("log"))))
            deaths++;

        var said = File.ReadAllLines(_folder.PathOf("log"));
        Assert.Equal(said.Length, said.Distinct().Count());
        Assert.InRange(deaths, ChildProcess.DoomedChain + 1, MostDeaths - 1);
        Assert.Equal("0", _folder.Query("SELECT count(*) FROM node_executions WHERE attempt = 1 AND status = 'running'"));
    }

    private static bool EndsAlive(Process process)
    {
        using (process)
        {
            process.WaitForExit();
            Assert.Contains(process.ExitCode, (int[])[0, Killed]);
            return process.ExitCode == 0;
        }
    }

    // Kills the process a moment after that many nodes have started, unless it ends before.
    private static bool Work(string work, string folder, int nodes, int microseconds)
    {
        using var process = ChildProcess.Start(work, Path.Combine(folder, "runs.db"), Path.Combine(folder, "log"));
        for (var seen = 0; seen < nodes && process.StandardOutput.ReadLine() is not null; seen++)
        {
        }

        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started).TotalMicroseconds < microseconds)
            Thread.SpinWait(10);
        if (nodes < int.MaxValue)
            process.Kill();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Contains(process.ExitCode, nodes == int.MaxValue ? (int[])[0] : [0, Killed]);
        return process.ExitCode == 0;
    }

    private static void CheckNested(string folder)
    {
        NestedWorkload.AssertOrder(File.ReadAllLines(Path.Combine(folder, "log")));
        using var store = new SqliteProvenance(Path.Combine(folder, "runs.db"));
        var run = store.FindRun(ChildProcess.RunId)!;
        Assert.Equal($"{NestedWorkload.Total}", store.GetText(store.GetOutput(store.GetNodeRuns(run)[^1])!));
        var runs = store.FindRuns(new Provenance.RunQuery { IncludeSubRuns = true }).ToList();
        Assert.All(runs, found => Assert.Equal(DagRunStatus.Completed, found.Status));
        Assert.Equal(["nested", "nested/inner[call]", .. Enumerable.Range(0, 6).Select(key => $"nested/inner[call]/each[{key}]")],
            runs.Select(found => found.Path).Order(StringComparer.Ordinal));
    }

    private static void Check(string folder)
    {
        Workload.AssertOrder(File.ReadAllLines(Path.Combine(folder, "log")));
        using var store = new SqliteProvenance(Path.Combine(folder, "runs.db"));
        var run = store.FindRun(ChildProcess.RunId)!;
        Assert.Equal(DagRunStatus.Completed, run.Status);
        var nodes = store.GetNodeRuns(run);
        Assert.Equal($"{Workload.Total}", store.GetText(store.GetOutput(nodes.Single(node => node.Label == "total"))!));
        Assert.All(nodes, node => Assert.Equal(node.Label == "mourn" ? NodeStatus.Omitted : NodeStatus.Completed, node.Status));
        var elements = store.GetSubRuns(run, "map").ToList();
        Assert.Equal(Enumerable.Range(0, 8), elements.Select(element => element.Ordinal));
        Assert.All(elements, element => Assert.Equal(DagRunStatus.Completed, element.Status));
    }
}
