using Lythonic.Dag.Provenance;
using Lythonic.Dag.Tests.Contract;

namespace Lythonic.Dag.Sqlite.Tests;

/// <summary>Outputs that may be reused, in a SQLite file.</summary>
public sealed class SqliteReuseTests : ReuseContract, IDisposable
{
    private static readonly DateTimeOffset At = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly StoreFolder _folder = new();

    public SqliteReuseTests() => Store = new SqliteProvenance(_folder.Database);

    protected override DagProvenance Store { get; }

    public void Dispose()
    {
        Store.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_large_output_that_was_found_is_kept_also_where_the_run_that_had_it_is_removed_before_it_is_taken(bool isBefore)
    {
        var text = $"\"{new string('x', 100_000)}\"";
        await KeepAsync("r1", "K", text, At);
        var found = Store.FindReuse("K")!;
        if (isBefore)
            Store.RemoveRuns(["r1"]);
        var run = Store.CreateRun(new RunStart(
            "r2", "d", new DagDefinition("d", "G", [new NodeDefinition("a", NodeKind.ScriptBlock, true, true, "f")], []), At));
        Store.EndNode(Store.StartNode(run, new NodeStart(0, 1, At, null)), new NodeEnd(NodeStatus.Skipped, At, found.Output));
        Store.EndRun(run, new RunEnd(DagRunStatus.Completed, At));
        await Store.FlushAsync();
        if (!isBefore)
            Store.RemoveRuns(["r1"]);

        var kept = Store.GetOutput(Store.GetNodeRuns(Store.FindRun("r2")!)[0])!;
        Assert.Equal(text, Store.GetText(kept));
    }
}
