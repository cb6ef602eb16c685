using System.Text.Json;
using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>A node changes a value that is already stored and that other nodes take.</summary>
public sealed class ChangedValueTests : IDisposable
{
    private readonly MemoryProvenance _store = new();
    private readonly Listener _listener = new();

    public static TheoryData<int> Sizes => [1, 1_000, 100_000];

    public void Dispose() => _store.Dispose();

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task The_input_of_a_node_is_what_it_got_after_another_one_changed_the_value(int size)
    {
        var result = await RunAsync(new Dag("d")
            .Add("a", () => Numbers(size))
            .Add("b", (List<int> a) => a[0] = -7, "a")
            .Add("c", (List<int> a, int b) => a[0] + (b * 0), "a", "b"));

        Assert.Equal(-7, result.Outputs["c"]);
        Assert.Equal(-7, First(Input(result, "c").GetProperty("a")));
        Assert.Equal(0, First(Input(result, "b").GetProperty("a")));
        Assert.Contains("'a'", Assert.Single(_listener.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_that_nobody_changes_is_stored_once_and_nothing_is_said()
    {
        var dag = new Dag("d").Add("a", () => Numbers(10_000));
        for (var i = 0; i < 20; i++)
            dag.Add($"n{i}", (List<int> a) => a.Count, "a");

        var result = await RunAsync(dag);

        Assert.Empty(_listener.Warnings);
        Assert.Equal(DagRunStatus.Completed, result.Status);
    }

    [Fact]
    public async Task An_object_that_a_node_passes_on_is_changed_behind_the_back_of_who_takes_it_from_there()
    {
        var result = await RunAsync(new Dag("d")
            .Add("a", () => Numbers(1))
            .Add("passed", (List<int> a) => new Dictionary<string, object> { ["inner"] = a }, "a")
            .Add("changes", (List<int> a, Dictionary<string, object> passed) => a[0] = -7 + (passed.Count * 0), "a", "passed")
            .Add("takes", (Dictionary<string, object> passed, int changes) => passed.Count + changes, "passed", "changes"));

        Assert.Contains("-7", Input(result, "takes").GetProperty("passed").GetRawText(), StringComparison.Ordinal);
        Assert.Single(_listener.Warnings);
    }

    [Fact]
    public async Task An_object_that_two_nodes_have_without_an_edge_between_them_is_told_apart_too()
    {
        var shared = new List<int> { 0 };
        var result = await RunAsync(new Dag("d")
            .Add("a", () => shared)
            .Add("other", () => 1)
            .Add("b", (int other) => shared[0] = -7 * other, "other")
            .Add("c", (int b) => b, "b")
            .Add("d", (List<int> a, int c) => a[0] + c, "a", "c"));

        Assert.Equal(-7, First(Input(result, "d").GetProperty("a")));
    }

    [Fact]
    public async Task A_constant_that_a_node_of_a_sub_dag_changes_is_recorded_for_each_element_as_it_gets_it()
    {
        var constant = new List<int> { 0 };
        var element = Graphs.One(
            "n", (int item, List<int> box) =>
                box[0] += item, new NodeSettings { Constants = new Dictionary<string, object?> { ["box"] = constant } });
        var dag = new Dag("d").Add("list", () => new[] { 1, 1, 1 })
            .Add(DagNode.Map("map", new SubDags(element), new NodeSettings { ThrottleLimit = 1 }), ["list"]);

        var result = await RunAsync(dag);

        var run = _store.FindRun(result.RunId)!;
        Assert.Equal([0, 1, 2], _store.GetSubRuns(run, "map")
            .Select(child => First(Parse(_store.GetInput(Assert.Single(_store.GetNodeRuns(child)))!).GetProperty("box"))));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Elements_that_an_earlier_map_changed_are_recorded_as_the_later_one_gets_them(int size)
    {
        var changes = new Dag("e").Add("n", (List<int> item) => item[0] = -7);
        var reads = new Dag("f").Add("n", (List<int> item) => item[0]);
        var dag = new Dag("d").Add("list", () => new object[] { Numbers(size), Numbers(size) })
            .Add(DagNode.Map("first", new SubDags(changes)), ["list"])
            .Add("gate", (object[] first, object[] list) => list, "first", "list")
            .Add(DagNode.Map("second", new SubDags(reads)), ["gate"]);

        var result = await RunAsync(dag);

        var run = _store.FindRun(result.RunId)!;
        Assert.All(_store.GetSubRuns(run, "second"),
            child => Assert.Equal(-7, First(Parse(_store.GetInput(Assert.Single(_store.GetNodeRuns(child)))!).GetProperty("item"))));
    }

    [Fact]
    public async Task A_value_too_large_to_be_compared_for_each_node_is_looked_at_when_the_last_is_done()
    {
        var result = await RunAsync(new Dag("d")
            .Add("a", () => Numbers(1_500_000))
            .Add("b", (List<int> a) => a[^1] = -7, "a")
            .Add("c", (List<int> a, int b) => a[^1] + (b * 0), "a", "b"));

        Assert.Equal(DagRunStatus.Completed, result.Status);
        Assert.Contains("may be what was stored", Assert.Single(_listener.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_value_that_was_changed_in_a_run_that_failed_is_told_of_at_its_end()
    {
        await RunAsync(new Dag("d")
            .Add("a", () => Numbers(1_500_000))
            .Add("b", (List<int> a) => a[^1] = -7, "a")
            .Add("c", int (List<int> a, int b) => throw new InvalidOperationException("no"), "a", "b"));

        Assert.Contains("may be what was stored", Assert.Single(_listener.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sink_that_another_node_changed_is_told_of_at_the_end_of_the_run()
    {
        using var stored = new ManualResetEventSlim();
        _listener.Ended = label =>
        {
            if (label == "sink")
                stored.Set();
        };

        var result = await RunAsync(new Dag("d")
            .Add("a", () => Numbers(1))
            .Add("sink", (List<int> a) => a, "a")
            .Add("b", (List<int> a) => Changed(a, stored), "a"));

        Assert.Equal(-7, ((List<int>)result.Outputs["sink"]!)[0]);
        Assert.Contains("'sink'", Assert.Single(_listener.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_tells_changes_of_a_value_that_it_read_from_the_store()
    {
        var broken = true;
        var dag = new Dag("d")
            .Add("a", () => Numbers(1_000))
            .Add("b", (List<int> a) => broken ? throw new InvalidOperationException("no") : a[0] = -7, "a")
            .Add("c", (List<int> a, int b) => a[0] + (b * 0), "a", "b");
        var failed = await RunAsync(dag);

        broken = false;
        var result = await new DagRunner(dag, _store, new DagRunOptions { Observer = _listener }).RestartAsync(failed.RunId);

        Assert.Equal(-7, First(Input(result, "c").GetProperty("a")));
        Assert.Single(_listener.Warnings);
    }

    private Task<DagRunResult> RunAsync(Dag dag) => new DagRunner(dag, _store, new DagRunOptions { Observer = _listener }).RunAsync();

    private static List<int> Numbers(int count) => [.. Enumerable.Range(0, count)];

    private static int Changed(List<int> list, ManualResetEventSlim when)
    {
        when.Wait(Limits.Hang);
        return list[0] = -7;
    }

    private JsonElement Input(DagRunResult result, string label) =>
        Parse(_store.GetInput(_store.GetNodeRuns(_store.FindRun(result.RunId)!).Single(node => node.Label == label))!);

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;

    private static int First(JsonElement list) => (list.ValueKind == JsonValueKind.Array ? list : list.GetProperty("value"))[0].GetInt32();

    private sealed class Listener : IRunObserver
    {
        private readonly List<string> _warnings = [];

        public Action<string> Ended { get; set; } = static _ => { };

        public IReadOnlyList<string> Warnings => _warnings;

        public void RunStarted(string runId, string path, int nodeCount, string? parentRunId)
        {
        }

        public void MapExpanded(string runId, string label, int elements)
        {
        }

        public void NodeStarted(string runId, string label)
        {
        }

        public void NodeEnded(string runId, string label, NodeStatus status) => Ended(label);

        public void NodeSaid(DagContext context, NodeMessage message, object? native)
        {
            lock (_warnings)
                _warnings.Add(message.Text);
        }

        public void RunEnded(string runId, DagRunStatus status)
        {
        }
    }
}
