namespace Lythonic.Dag.Sqlite.Tests;

/// <summary>Runs that follow one another in one store, and what may happen to the file between them.</summary>
public sealed class SeveralRunsTests : IDisposable
{
    private const string OnWindows = "an open file can be neither removed nor replaced on Windows";

    private readonly StoreFolder _folder = new();
    private readonly SqliteProvenance _store;

    public SeveralRunsTests() => _store = new SqliteProvenance(_folder.Database);

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [LinuxFact(OnWindows)]
    public async Task A_run_after_the_file_was_removed_is_kept_in_a_new_one_and_read_from_it()
    {
        await RunAsync();
        foreach (var end in new[] { "", "-wal", "-shm" })
            File.Delete(_folder.Database + end);

        var run = await RunAsync();

        Assert.Equal(run, _folder.Query("SELECT group_concat(run_id) FROM dag_runs"));
        Assert.NotNull(_store.FindRun(run));
    }

    [LinuxFact(OnWindows)]
    public async Task A_run_after_the_file_was_replaced_is_kept_in_the_new_one_and_read_from_it()
    {
        var other = await OtherDatabaseAsync();
        var before = await RunAsync();
        foreach (var end in new[] { "-wal", "-shm" })
            File.Delete(_folder.Database + end);
        File.Move(other.Path, _folder.Database, overwrite: true);

        var run = await RunAsync();

        Assert.Equal("2", _folder.Query("SELECT count(*) FROM dag_runs"));
        Assert.Equal((true, true, false), (Has(other.Run), Has(run), Has(before)));
    }

    private bool Has(string run) => _store.FindRun(run) is not null;

    private async Task<string> RunAsync() => (await new DagRunner(new Dag("d").Add("a", () => 1), _store).RunAsync()).RunId;

    private async Task<(string Path, string Run)> OtherDatabaseAsync()
    {
        var path = _folder.PathOf("other.db");
        using var store = new SqliteProvenance(path);
        return (path, (await new DagRunner(new Dag("d").Add("a", () => 1), store).RunAsync()).RunId);
    }
}
