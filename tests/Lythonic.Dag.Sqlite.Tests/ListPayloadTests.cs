namespace Lythonic.Dag.Sqlite.Tests;

/// <summary>The result of a map whose elements are large is not stored beside them, and reads as if it were.</summary>
public sealed class ListPayloadTests : IDisposable
{
    private const int Size = 100_000;

    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Large_elements_are_stored_once_and_every_relation_shows_the_list()
    {
        using var store = new SqliteProvenance(_folder.Database);
        var run = await new DagRunner(Nested(), store).RunAsync();

        Assert.Equal([2L * Size + 3, 3, 3], (long[])run.Outputs["lengths"]!);
        Assert.Equal($"{(2 * Size) + 4}", _folder.Query("SELECT sum(length(json)) FROM payload WHERE json <> ''"));
        foreach (var (column, label) in ((string, string)[])[("output_json", "outer"), ("input_json -> '$.outer'", "lengths")])
        {
            Assert.Equal($"2 {Size} b {Size}", _folder.Query(
                $"SELECT json_array_length(v) || ' ' || length(v ->> '$[0][0]') || ' ' || (v ->> '$[0][1]') || ' ' || length(v ->> '$[1][0]') FROM (SELECT {column} AS v FROM node_executions WHERE run_id = $1 AND node_label = $2)",
                run.RunId, label));
        }
    }

    [Fact]
    public async Task A_restart_and_a_replay_read_the_list_back()
    {
        using var store = new SqliteProvenance(_folder.Database);
        var broken = new Dictionary<string, NodeCode> { ["lengths"] = MethodCode.From(long[] (object?[] outer) => throw new InvalidOperationException("no")) };
        var failed = await new DagRunner(Nested(), store, new DagRunOptions { Overrides = broken }).RunAsync();

        var restarted = await new DagRunner(Nested(), store).RestartAsync(failed.RunId);
        var replayed = await new DagRunner(Nested(), store).ReplayAsync(failed.RunId, ["lengths"]);
        store.RemoveRuns([failed.RunId]);
        var again = await new DagRunner(Nested(), store).ReplayAsync(replayed.RunId, ["lengths"]);

        foreach (var run in (DagRunResult[])[restarted, replayed, again])
            Assert.Equal([2L * Size + 3, 3, 3], (long[])run.Outputs["lengths"]!);
    }

    [Fact]
    public async Task Nothing_of_the_list_is_left_when_its_last_run_is_removed()
    {
        using var store = new SqliteProvenance(_folder.Database);
        var first = await new DagRunner(Nested(), store).RunAsync();
        var second = await new DagRunner(Nested(), store).ReplayAsync(first.RunId, ["lengths"]);

        store.RemoveRuns([first.RunId]);
        Assert.NotEqual("0", _folder.Query("SELECT count(*) FROM payload_part"));
        store.RemoveRuns([second.RunId]);

        Assert.Equal("0 0", _folder.Query("SELECT (SELECT count(*) FROM payload) || ' ' || (SELECT count(*) FROM payload_part)"));
    }

    private static Dag Nested()
    {
        var inner = new Dag("inner").Add("text", (int value) => value == 1 ? "b" : new string('a', Size));
        var middle = new Dag("middle").Add("count", (int value) => Enumerable.Range(0, 2 - value).ToArray()).Add(DagNode.Map("inner", new SubDags(inner)), ["count"]);
        return new Dag("outer").Add("list", () => new[] { 0, 1 }).Add(DagNode.Map("outer", new SubDags(middle)), ["list"])
            .Add("lengths", (object?[] outer) => Lengths([.. outer.Cast<object?[]>()]), "outer");
    }

    private static long[] Lengths(object?[][] lists) =>
        [lists.Sum(list => list.Sum(text => (long)((string)text!).Length)) + 2, lists.Length + 1, lists.Sum(list => list.Length)];
}
