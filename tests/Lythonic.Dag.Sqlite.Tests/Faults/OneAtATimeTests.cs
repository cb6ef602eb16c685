using System.Diagnostics;
using Lythonic.Dag.Provenance;
using Xunit.Abstractions;

namespace Lythonic.Dag.Sqlite.Tests.Faults;

/// <summary>Processes that race for one DAG or one lock, and are killed while they have it or wait for it.</summary>
public sealed class OneAtATimeTests(ITestOutputHelper output) : IDisposable
{
    private static readonly int Rounds =
        int.TryParse(Environment.GetEnvironmentVariable("LYTHONIC_RACE_ROUNDS"), out var given) ? given : 3;

    private readonly StoreFolder _folder = new();
    private readonly Random _random = new();
    private int _killed;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public async Task Of_processes_that_refuse_to_overlap_one_runs_and_the_others_are_told_which(int processes)
    {
        using var racers = new Racers(_folder.Database, nameof(DagOverlap.Refuse), processes);
        for (var round = 0; round < Rounds; round++)
        {
            racers.Tell("go");
            Process? winner = null;
            for (var heard = 0; heard < processes; heard++)
            {
                var (from, line) = await racers.NextAsync();
                Assert.True(line is "started" or "DagRunOverlaps", line);
                Assert.False(line == "started" && winner is not null, "Two runs are live.");
                winner = line == "started" ? from : winner;
            }

            await EndAsync(racers, winner!);
        }

        output.WriteLine($"{Rounds} rounds, {_killed} killed");
    }

    [Theory]
    [InlineData(2, nameof(DagOverlap.Wait))]
    [InlineData(8, nameof(DagOverlap.Wait))]
    [InlineData(2, "lock")]
    [InlineData(8, "lock")]
    public async Task Processes_that_wait_for_each_other_have_their_turns_one_after_another_whoever_is_killed(int processes, string mode)
    {
        using var racers = new Racers(_folder.Database, mode, processes);
        using var store = new SqliteProvenance(_folder.Database);
        for (var round = 0; round < Rounds; round++)
        {
            racers.Tell("go");
            var open = racers.All.ToHashSet();
            while (open.Count > 0)
            {
                var (from, line) = await racers.NextAsync();
                if (line == "completed")
                {
                    open.Remove(from);
                    continue;
                }

                Assert.Equal("started", line);
                Assert.Equal(1, InFlight(store));
                // The waiting process that is killed is passed over.
                if (open.Count > 1 && _random.Next(8) == 0)
                    await KillAsync(racers, open, open.First(other => other != from));
                if (_random.Next(4) == 0)
                    await KillAsync(racers, open, from);
                else
                    from.StandardInput.WriteLine("finish");
            }
        }

        output.WriteLine($"{Rounds} rounds, {_killed} killed");
    }

    private static int InFlight(SqliteProvenance store) => store.FindRuns(new RunQuery { Statuses = [DagRunStatus.Running] })
        .Sum(run => store.GetNodeRuns(run).Count(node => node.Status == NodeStatus.Running));

    private async Task KillAsync(Racers racers, HashSet<Process> open, Process victim)
    {
        open.Remove(victim);
        _killed++;
        await racers.KillAsync(victim);
        racers.Add();
    }

    private async Task EndAsync(Racers racers, Process winner)
    {
        if (_random.Next(4) == 0)
        {
            await KillAsync(racers, [], winner);
            return;
        }

        winner.StandardInput.WriteLine("finish");
        Assert.Equal((winner, "completed"), await racers.NextAsync());
    }
}
