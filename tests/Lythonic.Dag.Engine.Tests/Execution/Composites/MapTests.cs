using System.Collections;
using System.Collections.Specialized;
using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Execution;

namespace Lythonic.Dag.Engine.Tests.Execution;

public sealed class MapTests : IDisposable
{
    private readonly MemoryProvenance _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task The_first_failed_element_stops_new_ones_and_those_in_flight_finish()
    {
        var begun = new List<int>();
        var other = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var element = new Dag("e").Add("first", async (int value) =>
        {
            lock (begun)
                begun.Add(value);
            if (value == 1)
                other.SetResult();
            await (value == 1 ? failed : other).Task;
            return value == 0 ? throw new InvalidOperationException("zero") : value;
        }).Add("second", (int value) => value, "first");
        var watcher = new Watcher { Ended = (label, status) => { if (status == NodeStatus.Failed) failed.TrySetResult(); } };
        var dag = Graphs.MapOver(Enumerable.Range(0, 50).ToArray(), element, new NodeSettings { ThrottleLimit = 2 });

        var result = await new DagRunner(dag, _store, new DagRunOptions { ThrottleLimit = 8, Observer = watcher }).RunAsync().Soon();

        Assert.Equal(DagRunStatus.Failed, result.Status);
        Assert.Equal("map", result.FailedNode);
        Assert.Equal([0, 1], begun.Order());
        Assert.Contains("d/map[1]:second", _store.Completions);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Where_more_elements_are_in_flight_than_slots_those_start_no_other_node_once_too_many_failed(int allowed)
    {
        const int Good = 300;
        var failed = 0;
        using var store = new MemoryProvenance { SharesFlushes = true };
        var element = new Dag("e").Add("first", (int value) => value).Add("second", (int value) =>
            value < Good ? value : throw new InvalidOperationException($"{Interlocked.Increment(ref failed)}"), "first");
        var settings = new NodeSettings { AllowedFailure = allowed == 0 ? null : AllowedFailure.OfCount(allowed) };
        var dag = Graphs.MapOver(Enumerable.Range(0, 2 * Good).ToArray(), element, settings);

        var result = await new DagRunner(dag, store, new DagRunOptions { ThrottleLimit = 2 }).RunAsync().Soon();

        Assert.Equal(DagRunStatus.Failed, result.Status);
        // The one that is too many, and what ran beside it.
        Assert.InRange(failed, allowed + 1, allowed + 3);
    }

    [Fact]
    public async Task The_error_names_the_key_the_node_inside_and_its_cause()
    {
        var inner = new Dag("e").Add("load", (string text) => text).Add("parse", (string text) => int.Parse(text, null), "load");
        var dag = new Dag("d").Add("list", () => new OrderedDictionary { ["good"] = "1", ["bad"] = "x" });
        dag.Add(DagNode.Map("map", new SubDags(inner)), ["list"]);

        var result = await new DagRunner(dag, _store, new DagRunOptions { ThrottleLimit = 1 }).RunAsync().Soon();

        Assert.StartsWith("map[bad]/parse: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("'x'", result.Error, StringComparison.Ordinal);
        Assert.IsType<FormatException>(result.Failure!.Exception);
    }

    [Fact]
    public async Task With_ContinueOnFailure_every_element_runs_and_the_error_lists_ten_failures_and_the_number_of_the_rest()
    {
        var ran = 0;
        var element = Graphs.One("odd", (int value) =>
        {
            Interlocked.Increment(ref ran);
            return value % 2 == 1 ? throw new InvalidOperationException($"odd {value}") : value;
        });
        var dag = Graphs.MapOver(Enumerable.Range(0, 30).ToArray(), element);

        var result = await new DagRunner(dag, _store, new DagRunOptions { ThrottleLimit = 1, ContinueOnFailure = true }).RunAsync().Soon();

        Assert.Equal(30, ran);
        Assert.StartsWith("map[1]/odd: odd 1; 15 of 30 elements failed\nmap[3]/odd: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("[19]/odd: odd 19", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("odd 21", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("and 5 more", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5%", 40, 2, DagRunStatus.Completed)]
    [InlineData("5%", 39, 2, DagRunStatus.Failed)]
    [InlineData("3", 10, 3, DagRunStatus.Completed)]
    [InlineData("3", 10, 4, DagRunStatus.Failed)]
    [InlineData("100%", 4, 4, DagRunStatus.Completed)]
    public async Task Up_to_the_allowed_number_of_failed_elements_the_node_completes(
        string allowed, int elements, int bad, DagRunStatus status)
    {
        var element = Graphs.One("e", (int value) => value < bad ? throw new InvalidOperationException($"bad {value}") : value);
        var dag = Graphs.MapOver(
            Enumerable.Range(0, elements).ToArray(), element, new NodeSettings { AllowedFailure = AllowedFailure.Parse(allowed) });

        var result = await new DagRunner(dag, _store).RunAsync().Soon();

        Assert.Equal(status, result.Status);
        if (status != DagRunStatus.Completed)
            return;
        Assert.Equal(Enumerable.Range(bad, elements - bad), result.Numbers());
        var messages = _store.GetMessages(Assert.Single(_store.NodeRuns("map")));
        Assert.All(Enumerable.Range(0, bad), key => Assert.Contains($"bad {key}", messages, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_message_of_an_element_that_failed_has_the_time_of_its_failure()
    {
        var clock = new ManualClock();
        var begun = clock.GetUtcNow();
        var element = Graphs.One("e", (int value) =>
        {
            clock.Advance(TimeSpan.FromSeconds(10));
            return value < 2 ? throw new InvalidOperationException("bad") : value;
        });
        var settings = new NodeSettings { AllowedFailure = AllowedFailure.Parse("2"), ThrottleLimit = 1 };

        var dag = Graphs.MapOver(new[] { 0, 1, 2 }, element, settings);

        await new DagRunner(dag, _store, new DagRunOptions { Clock = clock }).RunAsync().Soon();

        var messages = MessageJson.Read(_store.GetMessages(Assert.Single(_store.NodeRuns("map"))));
        Assert.Equal([10, 20], messages.Select(message => (message.Time - begun).TotalSeconds));
    }

    [Fact]
    public async Task Identical_elements_stay_apart_and_null_results_count()
    {
        var element = Graphs.One("e", (int value) => value == 7 ? null : (object)value);
        var dag = Graphs.MapOver(new[] { 7, 3, 7, 3, 3 }, element);

        var result = await new DagRunner(dag, _store).RunAsync().Soon();

        Assert.Equal([null, 3, null, 3, 3], (object?[])result.Outputs["map"]!);
        Assert.Equal(6, _store.RunCount);
    }

    [Fact]
    public async Task Flatten_splices_lists_leaves_texts_and_dictionaries_as_they_are_and_drops_what_an_element_did_not_emit()
    {
        object?[] results = [new[] { 1, 2 }, "text", Array.Empty<int>(), null, new Hashtable { ["k"] = 1 }, new List<object?> { null }];
        var element = Graphs.One("e", (int value) => results[value]);
        var dag = Graphs.MapOver(Enumerable.Range(0, results.Length).ToArray(), element, new NodeSettings { Flatten = true });

        var result = await new DagRunner(dag, _store).RunAsync().Soon();

        Assert.Equal([1, 2, "text", results[4], null], (object?[])result.Outputs["map"]!);
    }

    [Fact]
    public async Task A_dictionary_gives_an_ordered_dictionary_with_its_keys()
    {
        var dag = new Dag("d").Add("list", () => new OrderedDictionary { { "z", 1 }, { 5, 2 }, { "a", 3 } });
        dag.Add(DagNode.Map("map", new SubDags(Graphs.One("e", (int value) => value * 10))), ["list"]);

        var result = await new DagRunner(dag, _store).RunAsync().Soon();

        var output = Assert.IsType<OrderedDictionary>(result.Outputs["map"]);
        Assert.Equal(["z", 5, "a"], output.Keys.Cast<object>());
        Assert.Equal([10, 20, 30], output.Values.Cast<object>());
    }

    [Fact]
    public async Task An_empty_list_gives_an_empty_array()
    {
        var result = await new DagRunner(Graphs.MapOver(Array.Empty<int>(), Graphs.One("e", (int value) => value)), _store).RunAsync()
            .Soon();

        Assert.Empty((object[])result.Outputs["map"]!);
    }

    [Fact]
    public async Task A_map_of_a_hundred_thousand_elements_has_no_more_sub_runs_than_are_in_flight()
    {
        var watcher = new Watcher();
        var dag = Graphs.MapOver(
            Enumerable.Range(0, 100_000).ToArray(), Graphs.One("e", (int value) => value), new NodeSettings { ThrottleLimit = 5 });

        var result = await new DagRunner(dag, null, new DagRunOptions { ThrottleLimit = 3, Observer = watcher }).RunAsync().Soon();

        Assert.Equal(100_000, result.Numbers().Length);
        Assert.Equal(100_001, watcher.Runs);
        Assert.InRange(watcher.MostRuns, 2, 6);
    }

    [Fact]
    public async Task A_pause_while_a_map_expands_leaves_it_for_the_restart()
    {
        DagRunner? runner = null;
        var dag = Graphs.MapOver(new[] { 1, 2, 3 }, Graphs.One("e", (int value) => value));
        var isExpanding = false;
        var watcher = new Watcher { Started = label => isExpanding = label == "map" };
        var converter = new WatchedConverter(value => { if (isExpanding && value is int[]) runner!.Pause(); });
        runner = new DagRunner(dag, _store, new DagRunOptions { Observer = watcher, Converter = converter });

        var paused = await runner.RunAsync().Soon();
        var result = await new DagRunner(dag, _store).RestartAsync(paused.RunId).Soon();

        Assert.Equal(DagRunStatus.Paused, paused.Status);
        Assert.Equal(NodeStatus.Paused, paused.Nodes[1].Status);
        Assert.Equal([1, 2, 3], result.Numbers());
    }
}
