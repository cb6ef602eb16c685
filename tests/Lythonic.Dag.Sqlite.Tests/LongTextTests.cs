namespace Lythonic.Dag.Sqlite.Tests;

/// <summary>A text longer than a piece is written in pieces, and reads as if it were one.</summary>
public sealed class LongTextTests : IDisposable
{
    // Characters of one, two, three and four bytes, and one that is escaped, so that pieces end in all of them.
    private static readonly string Text = string.Concat(Enumerable.Repeat("a\"é€\U0001F600\n", 400_000));

    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_comes_back_as_an_output_and_as_an_input()
    {
        using var store = new SqliteProvenance(_folder.Database);
        var dag = new Dag("d").Add("a", () => Text).Add("b", (string a) => a, "a").Add("c", (string b) => b.Length, "b");
        var run = await new DagRunner(dag, store).RunAsync();

        var stored = store.FindRun(run.RunId)!;
        var nodes = store.GetNodeRuns(stored);
        var codec = new Values.JsonValueCodec();
        Assert.Equal(Text, codec.Restore(store.GetUtf8(store.GetOutput(nodes[0])!)).Value);
        Assert.Equal(Text, codec.Decode(store.GetText(store.GetOutput(nodes[1])!)));
        Assert.Equal($"{Text.EnumerateRunes().Count()} {Text.EnumerateRunes().Count()}", _folder.Query(
            "SELECT length(output_json ->> '$') || ' ' || length(input_json ->> '$.a') FROM node_executions WHERE node_label = 'b'"));
        Assert.Equal(
            Text, System.Text.Json.JsonDocument.Parse(store.GetInputUtf8(nodes[1])!.Value).RootElement.GetProperty("a").GetString());
    }

    [Fact]
    public async Task It_is_written_in_pieces_that_are_whole_texts()
    {
        using var store = new SqliteProvenance(_folder.Database);
        await new DagRunner(new Dag("d").Add("a", () => Text), store).RunAsync();

        Assert.Equal("1", _folder.Query("SELECT max(octet_length(json)) <= 1048576 AND count(*) > 3 FROM payload_part"));
        Assert.Equal("0", _folder.Query("SELECT count(*) FROM payload_part WHERE json LIKE '%' || char(65533) || '%'"));
    }

    [Fact]
    public async Task It_is_stored_once_where_it_is_an_element_of_lists_in_each_other()
    {
        using var store = new SqliteProvenance(_folder.Database);
        var inner = new Dag("inner").Add("text", (int value) => value == 1 ? "b" : Text);
        var middle = new Dag("middle")
            .Add("numbers", (int value) => new[] { value, 1 }).Add(DagNode.Map("inner", new SubDags(inner)), ["numbers"]);
        var dag = new Dag("d").Add("list", () => new[] { 0, 1 }).Add(DagNode.Map("outer", new SubDags(middle)), ["list"])
            .Add("first", (object[] outer) => ((object[])outer[0])[0], "outer");
        var broken = new Dictionary<string, NodeCode>
        {
            ["first"] = MethodCode.From(string (object[] outer) => throw new InvalidOperationException("no")),
        };
        var failed = await new DagRunner(dag, store, new DagRunOptions { Overrides = broken }).RunAsync();
        var size = new Values.JsonValueCodec().Encode(Text).Length;

        Assert.InRange(long.Parse(_folder.Query("SELECT sum(octet_length(json)) FROM payload_part"),
            System.Globalization.CultureInfo.InvariantCulture), size, size + 100);
        Assert.Equal($"{Text.EnumerateRunes().Count()}",
            _folder.Query("SELECT length(output_json ->> '$[0][0]') FROM node_executions WHERE node_label = 'outer'"));
        var restarted = await new DagRunner(dag, store).RestartAsync(failed.RunId);
        Assert.Equal(Text, restarted.Outputs["first"]);

        store.RemoveRuns([failed.RunId]);
        Assert.Equal("0 0", _folder.Query("SELECT (SELECT count(*) FROM payload) || ' ' || (SELECT count(*) FROM payload_part)"));
    }

    [Fact]
    public async Task An_element_of_a_list_that_a_map_takes_apart_is_stored_once()
    {
        using var store = new SqliteProvenance(_folder.Database);
        var element = new Dag("element").Add("length", (string value) => value.Length);
        var dag = new Dag("d").Add("list", object[] () => ["x", Text, "y"]).Add(DagNode.Map("map", new SubDags(element)), ["list"]);
        var run = await new DagRunner(dag, store).RunAsync();

        Assert.Equal([1, Text.Length, 1], (object[])run.Outputs["map"]!);
        Assert.Equal($"{Text.EnumerateRunes().Count()}",
            _folder.Query("SELECT length(input_json ->> '$.$_[1]') FROM node_executions WHERE node_label = 'map'"));
        Assert.Equal("1", _folder.Query(
            "SELECT count(*) FROM (SELECT payload FROM payload_part WHERE part IS NULL GROUP BY payload HAVING count(*) > 3)"));
    }
}
