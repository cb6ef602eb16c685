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
                $"SELECT json_array_length(v) || ' ' || length(v ->> '$[0][0]') || ' ' || (v ->> '$[0][1]') || ' ' || "
                + $"length(v ->> '$[1][0]') FROM (SELECT {column} AS v FROM node_executions WHERE run_id = $1 AND node_label = $2)",
                run.RunId, label));
        }
    }

    [Fact]
    public async Task A_restart_and_a_replay_read_the_list_back()
    {
        using var store = new SqliteProvenance(_folder.Database);
        var broken = new Dictionary<string, NodeCode> { ["lengths"] =
            MethodCode.From(long[] (object?[] outer) => throw new InvalidOperationException("no")) };
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

    [Fact]
    public async Task A_large_element_of_a_list_that_a_map_takes_apart_is_stored_once()
    {
        using var store = new SqliteProvenance(_folder.Database);
        var element = new Dag("element").Add("length", (string value) => value.Length);
        object[] texts = [new string('a', Size), "small \"],[{\\", "2", new string('"', Size / 2), "", 7.5, new string('b', Size)];
        var dag = new Dag("d").Add("list", object[] () => texts).Add(DagNode.Map("map", new SubDags(element)), ["list"]);
        var run = await new DagRunner(dag, store).RunAsync();

        Assert.Equal([.. texts.Select(text => (object)$"{text}".Length)], (object[])run.Outputs["map"]!);
        Assert.Equal($"{3 * (Size + 2)}", _folder.Query("SELECT sum(length(json)) FROM payload WHERE json <> ''"));
        Assert.Equal($"{texts.Length} small \"],[{{\\ {Size} 7.5", _folder.Query(
            "SELECT json_array_length(v) || ' ' || (v ->> '$[1]') || ' ' || length(v ->> '$[6]') || ' ' || (v ->> '$[5]') "
            + "FROM (SELECT input_json -> '$.$_' AS v FROM node_executions WHERE node_label = 'map')"));
        Assert.Equal($"{Size},12,1,{Size / 2},0,3,{Size}", _folder.Query(
            "SELECT group_concat(size) FROM (SELECT length(input_json ->> '$.value') "
            + "AS size FROM node_executions JOIN dag_runs USING (run_id) WHERE node_label = 'length' ORDER BY dag_nsref)"));
        Assert.Equal(Size.ToString(System.Globalization.CultureInfo.InvariantCulture),
            _folder.Query("SELECT length(source_inputs_json ->> '$.length.value') FROM dag_runs WHERE dag_nsref = 'd/map[0]'"));
    }

    [Fact]
    public async Task What_a_map_gives_to_another_map_and_a_call_to_its_sub_DAG_is_stored_once()
    {
        using var store = new SqliteProvenance(_folder.Database);
        var make = new Dag("make").Add("text", (int value) => new string('a', Size + value));
        var shorten = new Dag("shorten").Add("length", (string value) => value.Length);
        var count = new Dag("count").Add("n", (object[] value) => value.Length);
        var dag = new Dag("d").Add("list", () => new[] { 1, 2 }).Add(DagNode.Map("make", new SubDags(make)), ["list"])
            .Add(DagNode.Map("shorten", new SubDags(shorten)), ["make"]).Add(DagNode.Call("count", count), ["make"]);
        var run = await new DagRunner(dag, store).RunAsync();

        Assert.Equal(2, run.Outputs["count"]);
        Assert.Equal([Size + 1, Size + 2], (object[])run.Outputs["shorten"]!);
        Assert.InRange(int.Parse(_folder.Query("SELECT sum(length(json)) FROM payload"), System.Globalization.CultureInfo.InvariantCulture),
            2 * Size, (2 * Size) + 100);
        Assert.Equal("2", _folder.Query("SELECT json_array_length(input_json -> '$.value') FROM node_executions WHERE node_label = 'n'"));
    }

    [Fact]
    public async Task A_restart_finds_the_elements_that_are_left_and_nothing_is_left_when_the_run_is_removed()
    {
        using var store = new SqliteProvenance(_folder.Database);
        var element = new Dag("element")
            .Add("length", (string value) => value[0] == 'b' ? throw new InvalidOperationException("no") : value.Length);
        var dag = new Dag("d").Add("list", object[] () => [new string('a', Size), new string('b', Size)])
            .Add(DagNode.Map("map", new SubDags(element)), ["list"]);
        var failed = await new DagRunner(dag, store, new DagRunOptions { ThrottleLimit = 1 }).RunAsync();
        var mended = new Dag("d").Add("list", object[] () => [])
            .Add(DagNode.Map("map", new SubDags(new Dag("element").Add("length", (string value) => value.Length))), ["list"]);

        var restarted = await new DagRunner(mended, store, new DagRunOptions { Force = true }).RestartAsync(failed.RunId);
        Assert.Equal([Size, Size], (object[])restarted.Outputs["map"]!);
        store.RemoveRuns([failed.RunId]);

        Assert.Equal("0 0", _folder.Query("SELECT (SELECT count(*) FROM payload) || ' ' || (SELECT count(*) FROM payload_part)"));
    }

    private static Dag Nested()
    {
        var inner = new Dag("inner").Add("text", (int value) => value == 1 ? "b" : new string('a', Size));
        var middle = new Dag("middle").Add("count", (int value) => Enumerable.Range(0, 2 - value).ToArray())
            .Add(DagNode.Map("inner", new SubDags(inner)), ["count"]);
        return new Dag("outer").Add("list", () => new[] { 0, 1 }).Add(DagNode.Map("outer", new SubDags(middle)), ["list"])
            .Add("lengths", (object?[] outer) => Lengths([.. outer.Cast<object?[]>()]), "outer");
    }

    private static long[] Lengths(object?[][] lists) =>
        [lists.Sum(list => list.Sum(text => (long)((string)text!).Length)) + 2, lists.Length + 1, lists.Sum(list => list.Length)];
}
