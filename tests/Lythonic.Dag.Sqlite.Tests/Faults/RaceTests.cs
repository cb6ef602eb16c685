using System.Diagnostics;

namespace Lythonic.Dag.Sqlite.Tests.Faults;

public sealed class RaceTests : IDisposable
{
    private const int Rounds = 100;

    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Of_two_processes_that_restart_a_run_at_the_same_moment_one_runs_it_and_one_is_refused()
    {
        await PrepareAsync();
        using var one = ChildProcess.Start("restart", _folder.Database);
        using var two = ChildProcess.Start("restart", _folder.Database);
        for (var round = 0; round < Rounds; round++)
            await RaceAsync($"run{round}", one, two);
        one.StandardInput.Close();
        two.StandardInput.Close();
        await Task.WhenAll(one.WaitForExitAsync(), two.WaitForExitAsync());

        Assert.Equal($"{Rounds} 2",
            _folder.Query("SELECT count(*) || ' ' || max(attempt) FROM node_executions WHERE status = 'completed'"));
        Assert.Equal($"{2 * Rounds}", _folder.Query("SELECT count(*) FROM node_executions"));
        StoreFolder.AssertShapesAreNoted(_folder.Database);
    }

    // Half of the runs have failed. The other half are running in the file, but their process is gone.
    private async Task PrepareAsync()
    {
        using var store = new SqliteProvenance(_folder.Database);
        for (var round = 0; round < Rounds; round++)
            await new DagRunner(ChildProcess.OneNode(() => throw new InvalidOperationException("no")), store,
                new DagRunOptions { RunId = $"run{round}" }).RunAsync();
        _folder.Query("UPDATE run SET status = 'running', owner_started = 1 WHERE id % 2 = 0 RETURNING 1");
    }

    private static async Task RaceAsync(string runId, Process one, Process two)
    {
        one.StandardInput.WriteLine(runId);
        two.StandardInput.WriteLine(runId);
        var answers = await Task.WhenAll(one.StandardOutput.ReadLineAsync(), two.StandardOutput.ReadLineAsync());

        Assert.Equal([nameof(DagErrorId.DagRunOwned), "started"], answers.Order(StringComparer.Ordinal));

        var winner = answers[0] == "started" ? one : two;
        winner.StandardInput.WriteLine("finish");
        Assert.Equal("completed", await winner.StandardOutput.ReadLineAsync());
    }
}
