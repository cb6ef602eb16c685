using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite.Tests.Faults;

/// <summary>The store stops before or after each of its commits, as if the process had died there.</summary>
public sealed class CrashPointTests : IDisposable
{
    private const string RunId = "crash";

    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_that_stops_at_any_commit_goes_on_and_repeats_nothing_that_was_built_on(bool afterCommit)
    {
        var crashes = 0;
        for (var at = 1; await CrashAndGoOn(at, afterCommit); at++)
            crashes++;

        Assert.True(crashes > 2, $"{crashes} commits are too few for this run.");
    }

    [Theory]
    [InlineData(false, DagRunStatus.Failed)]
    [InlineData(true, DagRunStatus.Interrupted)]
    public async Task A_claim_that_stops_at_its_commit_can_be_made_again(bool afterCommit, DagRunStatus expected)
    {
        var dag = new Dag("d").Add("a", int () => throw new InvalidOperationException("no"));
        var works = new Dictionary<string, NodeCode> { ["a"] = MethodCode.From(() => 1) };
        using (var store = new SqliteProvenance(_folder.Database))
            await new DagRunner(dag, store, new DagRunOptions { RunId = RunId }).RunAsync();
        using (var crashing = Crashing(StoreCommit.Claim, 1, afterCommit))
            await Assert.ThrowsAsync<DagException>(() => new DagRunner(dag, crashing).RestartAsync(RunId));

        using var again = new SqliteProvenance(_folder.Database);
        Assert.Equal(expected, again.FindRun(RunId)!.Status);
        Assert.Equal(DagRunStatus.Completed,
            (await new DagRunner(dag, again, new DagRunOptions { Overrides = works }).RestartAsync(RunId)).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_whose_making_stops_is_made_by_the_next(bool afterCommit)
    {
        using (var crashing = Crashing(StoreCommit.Migration, 1, afterCommit))
            Assert.Throws<DagException>(crashing.EnsureWritable);

        using var store = new SqliteProvenance(_folder.Database);
        store.EnsureWritable();

        Assert.Equal("0", _folder.Query("SELECT count(*) FROM dag_runs"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_removal_that_stops_at_any_commit_shows_no_half_run_and_is_finished_by_the_next(bool afterCommit)
    {
        var kept = await Run("kept");
        for (var at = 1; await RemoveAndFinish(at, afterCommit, kept); at++)
        {
        }

        using var store = new SqliteProvenance(_folder.Database);
        Assert.Equal(Workload.Total,
            (await new DagRunner(new Workload(_ => { }).Dag(), store).ReplayAsync(kept, ["total"])).Outputs["total"]);
    }

    [Fact]
    public async Task What_a_removal_left_behind_goes_with_the_next_even_where_that_has_no_run_to_remove()
    {
        var doomed = await Run("doomed");
        using (var crashing = Crashing(StoreCommit.Doom, 1, afterCommit: true))
            Assert.Throws<DagException>(() => crashing.RemoveRuns([doomed]));
        Assert.Equal("1", _folder.Query("SELECT count(*) FROM removal"));

        using var store = new SqliteProvenance(_folder.Database);
        store.RemoveRuns([]);

        Assert.Equal("0", _folder.Query("SELECT (SELECT count(*) FROM removal) + (SELECT count(*) FROM node_run)"));
    }

    private async Task<bool> CrashAndGoOn(int at, bool afterCommit)
    {
        var id = $"{RunId}{at}";
        var said = new List<string>();
        var dag = new Workload(label =>
        {
            lock (said)
                said.Add(label);
        }).Dag();
        using (var crashing = Crashing(StoreCommit.Records, at, afterCommit))
        {
            try
            {
                await new DagRunner(dag, crashing, new DagRunOptions { RunId = id }).RunAsync();
                return false;
            }
            catch (DagException error)
            {
                Assert.Equal(DagErrorId.DagDatabaseInvalid, error.Id);
            }
        }

        StoreFolder.AssertShapesAreNoted(_folder.Database);
        using var store = new SqliteProvenance(_folder.Database);
        if (store.FindRun(id) is not { } found)
            return true;
        // After the last commit the run has ended, although the caller got no result.
        if (found.Status == DagRunStatus.Interrupted)
            Assert.Equal(Workload.Total, (await new DagRunner(dag, store).RestartAsync(id)).Outputs["total"]);
        // The store makes a node fail, and closing nodes run after that failure too.
        Workload.AssertOrder(said.Where(label => label is not ("close" or "mourn")).ToList());
        Assert.Equal("{\"total\":170}",
            _folder.Query("SELECT sink_outputs_json FROM dag_runs WHERE run_id = $1 AND status = 'completed'", id));
        return true;
    }

    private async Task<bool> RemoveAndFinish(int at, bool afterCommit, string kept)
    {
        var doomed = await Run($"doomed{at}");
        // Nothing else has its shape.
        var other = await Run($"other{at}", new Dag($"other{at}").Add("a", () => 1));
        var stopped = false;
        var crashing = new StoreEnvironment { Failpoint =
            Failpoint([StoreCommit.Doom, StoreCommit.Removal, StoreCommit.Definitions], at, afterCommit, () => stopped = true) };
        using (var store = new SqliteProvenance(_folder.Database, false, crashing))
        {
            try
            {
                store.RemoveRuns([doomed, other]);
            }
            catch (DagException)
            {
                Assert.True(stopped);
            }

            Assert.Contains(_folder.Query("SELECT count(*) FROM dag_runs WHERE dag_nsref LIKE 'workload%'"), (string[])["9", "18"]);
            StoreFolder.AssertShapesAreNoted(_folder.Database);
        }

        using var again = new SqliteProvenance(_folder.Database);
        again.RemoveRuns([doomed, other, "nobody"]);
        Assert.Null(again.FindRun(doomed));
        Assert.NotNull(again.FindRun(kept));
        Assert.Equal("9 26 0", _folder.Query(
            "SELECT (SELECT count(*) FROM run) || ' ' || (SELECT count(*) FROM node_run) || ' ' || (SELECT count(*) FROM removal)"));
        Assert.Equal("0", _folder.Query("SELECT count(*) FROM definition WHERE id NOT IN (SELECT definition FROM definition_use)"));
        return stopped;
    }

    private async Task<string> Run(string id, Dag? dag = null)
    {
        using var store = new SqliteProvenance(_folder.Database);
        return (await new DagRunner(dag ?? new Workload(_ => { }).Dag(), store, new DagRunOptions { RunId = id }).RunAsync()).RunId;
    }

    private SqliteProvenance Crashing(StoreCommit commit, int at, bool afterCommit) =>
        new(_folder.Database, false, new StoreEnvironment { Failpoint = Failpoint([commit], at, afterCommit, () => { }) });

    private static Action<StoreCommit, bool> Failpoint(StoreCommit[] commits, int at, bool afterCommit, Action stopped)
    {
        var seen = 0;
        return (commit, isDone) =>
        {
            if (!commits.Contains(commit) || isDone != afterCommit || ++seen != at)
                return;
            stopped();
            throw new SqliteException("disk I/O error", 10);
        };
    }
}
