using System.Diagnostics;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Tests.Contract;

namespace Lythonic.Dag.Sqlite.Tests;

/// <summary>Turns in a file, and in several processes.</summary>
public sealed class SqliteTurnTests : TurnContract, IDisposable
{
    private static readonly DagDefinition Shape = new("d", "F", [new NodeDefinition("a", NodeKind.Method, true, true, "fa")], []);

    private readonly StoreFolder _folder = new();

    public SqliteTurnTests() => Store = new SqliteProvenance(_folder.Database);

    protected override DagProvenance Store { get; }

    public void Dispose()
    {
        Store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_run_whose_process_has_died_is_not_live()
    {
        Begin("left", null);
        await Store.FlushAsync();
        _folder.Query("UPDATE run SET owner_process = 2147483647 RETURNING 1");
        using var turn = Store.AskTurn("d", waits: false);

        Begin("r1", turn);

        Assert.Equal(DagRunStatus.Running, Store.FindRun("r1")!.Status);
    }

    [Fact]
    public async Task A_run_on_another_machine_is_live_as_nobody_can_tell()
    {
        Begin("far", null);
        await Store.FlushAsync();
        _folder.Query("UPDATE run SET owner_machine = 'elsewhere' RETURNING 1");
        using var turn = Store.AskTurn("d", waits: false);

        var error = Assert.Throws<DagException>(() => Begin("r1", turn));

        Assert.Contains("on elsewhere", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_waited_in_a_process_that_has_died_is_passed_over_and_forgotten()
    {
        Store.EnsureWritable();
        _folder.Query(
            "INSERT INTO run_turn (name, owner_machine, owner_process, owner_started) VALUES ('d', $1, 2147483647, 1) RETURNING 1",
            Environment.MachineName);
        using var turn = Store.AskTurn("d", waits: true);

        Begin("r1", turn);

        Assert.Equal("0", _folder.Query("SELECT count(*) FROM run_turn"));
    }

    [Fact]
    public async Task A_turn_that_waited_leaves_no_row()
    {
        var live = Begin("live", null);
        await Store.FlushAsync();
        using (var given = Store.AskTurn("d", waits: true))
            Assert.Throws<DagException>(() => Begin("r1", given));
        Assert.Equal("0", _folder.Query("SELECT count(*) FROM run_turn"));
        using var turn = Store.AskTurn("d", waits: true);
        Assert.Throws<DagException>(() => Begin("r2", turn));
        Store.EndRun(live, new RunEnd(DagRunStatus.Completed, DateTimeOffset.UtcNow));
        await Store.FlushAsync();
        await turn.WaitAsync(default);

        Begin("r2", turn);

        Assert.Equal("0 live r2", _folder.Query("SELECT (SELECT count(*) FROM run_turn) || ' ' || group_concat(run_id, ' ') FROM run"));
    }

    private RunHandle Begin(string runId, RunTurn? turn) =>
        Store.CreateRun(new RunStart(runId, "d", Shape, DateTimeOffset.UtcNow) { Turn = turn });
}
