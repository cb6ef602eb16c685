namespace Lythonic.Dag.Sqlite.Tests;

/// <summary>These tests measure the memory of the process, so no other test may run at the same time.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
[Collection(nameof(MemoryTests))]
public sealed class MemoryTests : IDisposable
{
    private const int Sinks = 200;
    private const int Megabyte = 1 << 20;

    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Many_large_outputs_of_sinks_are_not_in_memory_until_they_are_asked_for()
    {
        var dag = new Dag("d").Add("start", () => 1);
        for (var index = 0; index < Sinks; index++)
            dag.Add($"n{index}", (int start) => new string((char)('a' + (Interlocked.Increment(ref start) % 26)), Megabyte), "start");
        using var store = new SqliteProvenance(_folder.Database);
        var before = GC.GetTotalMemory(true);

        var result = await new DagRunner(dag, store).RunAsync();

        // All outputs together take 400 MB.
        Assert.InRange(GC.GetTotalMemory(true) - before, long.MinValue, 100L * Megabyte);
        Assert.Equal(Sinks, result.Outputs.Count);
        Assert.Equal(Enumerable.Range(0, Sinks).Select(index => $"n{index}"), result.Outputs.Keys.Cast<string>());
        Assert.Equal(new string('c', Megabyte), result.Outputs["n199"]);
    }

    [Fact]
    public async Task The_large_results_of_a_map_are_not_in_memory_until_they_are_asked_for()
    {
        var element = new Dag("e").Add("text", (int value) => new string('x', 1_000_000));
        var dag = new Dag("d").Add("list", () => Enumerable.Range(0, 200).ToArray())
            .Add(DagNode.Map("map", new SubDags(element)), ["list"]);
        using var store = new SqliteProvenance(_folder.Database);
        var before = GC.GetTotalMemory(true);

        var run = await new DagRunner(dag, store).RunAsync();

        // All results together take 400 MB.
        Assert.InRange(GC.GetTotalMemory(true) - before, long.MinValue, 100_000_000);
        Assert.Equal("200000400", _folder.Query("SELECT sum(length(json)) FROM payload"));
        Assert.All((object[])run.Outputs["map"]!, text => Assert.Equal(1_000_000, ((string)text).Length));
    }

    [Fact]
    public async Task Small_outputs_of_sinks_are_the_objects_that_the_nodes_gave()
    {
        var value = new List<int> { 1 };
        using var store = new SqliteProvenance(_folder.Database);

        var result = await new DagRunner(new Dag("d").Add("a", () => value), store).RunAsync();

        Assert.Same(value, result.Outputs["a"]);
    }

    [Fact]
    public void A_large_value_that_waits_to_be_written_counts_as_much_as_many_records()
    {
        using var store = new SqliteProvenance(_folder.Database);
        store.EnsureWritable();
        using var held = _folder.Lock();
        var run = store.CreateRun(
            new Provenance.RunStart("memory", "d", new Provenance.DagDefinition("d", "F", [new("a", NodeKind.Method, true, true, "f")], []),
                DateTimeOffset.UtcNow));

        store.EndNode(store.StartNode(run, new Provenance.NodeStart(0, 1, DateTimeOffset.UtcNow, null)), new Provenance.NodeEnd(
            NodeStatus.Completed, DateTimeOffset.UtcNow, new Values.EncodedValue($"\"{new string('x', 40 * Megabyte)}\"")));

        Assert.InRange(store.Backlog, 10_000, 20_000);
        held.Dispose();
    }
}
