using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.Specialized;
using System.Data;
using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>
/// Which stored sub-run belongs to which element, if dictionaries come back in another order or upstreams give something else.
/// </summary>
public sealed class ElementIdentityTests : IDisposable
{
    private readonly MemoryProvenance _store = new();
    private readonly ConcurrentQueue<int> _called = new();
    private bool _broken = true;

    public void Dispose() => _store.Dispose();

    public static TheoryData<string, Func<IDictionary>> Dictionaries => new()
    {
        { "hashtable", () => new Hashtable { ["apple"] = 1, ["pear"] = 2, ["plum"] = 3, ["fig"] = 4 } },
        { "keys of one text", () => new Hashtable { [1] = 1, ["1"] = 2, [1L] = 3, ["fig"] = 4 } },
        { "keys of two cases", () => new Hashtable { ["a"] = 1, ["A"] = 2, ["b"] = 3, ["B"] = 4 } },
        { "ordered", () => new OrderedDictionary { { "x", 1 }, { 2, 2 }, { true, 3 }, { 'c', 4 } } },
        { "sorted", () => new SortedDictionary<string, int> { ["aa"] = 1, ["b"] = 2, ["z"] = 3, ["ä"] = 4 } },
        { "sorted list", () => new SortedList { ["i"] = 1, ["I"] = 2, ["h"] = 3, ["ch"] = 4 } },
        { "dates", () => new Dictionary<DateTime, int> { [new(2024, 1, 2)] = 1, [new(2024, 2, 1)] = 2,
            [new(2024, 2, 1, 0, 0, 0, DateTimeKind.Utc)] = 4 } },
        { "guids", () => new Dictionary<Guid, int> { [new(1, 0, 0, new byte[8])] = 1, [new(2, 0, 0, new byte[8])] = 2, [Guid.Empty] = 4 } },
        { "enums", () => new Dictionary<DayOfWeek, int> { [DayOfWeek.Sunday] = 1, [DayOfWeek.Monday] = 2, [DayOfWeek.Friday] = 4 } },
        { "numbers", () => new Hashtable { [1.5] = 1, [-0.1m] = 2, [double.NaN] = 3, [1u] = 4 } },
    };

    [Theory]
    [MemberData(nameof(Dictionaries))]
    public async Task After_a_restart_every_key_has_its_own_result_and_none_ran_twice(string kind, Func<IDictionary> make)
    {
        Assert.NotEmpty(kind);
        var dag = Over(new Dag("d").Add("load", make), "load");
        var failed = await new DagRunner(dag, _store, new DagRunOptions { ContinueOnFailure = true }).RunAsync().Soon();
        _broken = false;

        var result = await new DagRunner(dag, _store, new DagRunOptions { Codec = new ReorderingCodec() }).RestartAsync(failed.RunId)
            .Soon();

        var given = make();
        var output = (OrderedDictionary)result.Outputs["map"]!;
        Assert.Equal(DagRunStatus.Completed, result.Status);
        Assert.Equal(given.Count, output.Count);
        foreach (DictionaryEntry entry in given)
            Assert.Equal($"label of {entry.Value}", output[entry.Key]);
        Assert.Equal(given.Values.Cast<int>().Order(), _called.Order());
    }

    public static TheoryData<string, Func<object>> Live => new()
    {
        { "dictionary", () => new ConcurrentDictionary<string, int> { ["a"] = 1, ["A"] = 2, ["d"] = 4 } },
        { "array", () => ImmutableArray.Create(1, 2, 4) },
        { "set", () => ImmutableHashSet.Create(1, 2, 4) },
        { "sorted set", () => ImmutableSortedSet.Create(1, 2, 4) },
        { "frozen set", () => new[] { 1, 2, 4 }.ToFrozenSet() },
        { "set in an order of its own", () => new SortedSet<int>(Comparer<int>.Create((left, right) => right - left)) { 1, 2, 4 } },
        { "set of a derived class", () => new OwnSet { 1, 2, 4 } },
        { "queue", () => ImmutableQueue.Create(1, 2, 4) },
        { "stack", () => ImmutableStack.Create(1, 2, 4) },
    };

    [Theory]
    [MemberData(nameof(Live))]
    public async Task A_live_collection_has_the_elements_after_a_restart_that_it_had_before(string kind, Func<object> load)
    {
        Assert.NotEmpty(kind);
        var dag = Over(new Dag("d").Add("load", load), "load");
        var failed = await new DagRunner(dag, _store, new DagRunOptions { ContinueOnFailure = true }).RunAsync().Soon();
        _broken = false;

        var result = await new DagRunner(dag, _store).RestartAsync(failed.RunId).Soon();

        var output = result.Outputs["map"] is OrderedDictionary keyed ? keyed.Values.Cast<object?>() : (object?[])result.Outputs["map"]!;
        Assert.Equal(["label of 1", "label of 2", "label of 4"], output.Order());
        Assert.Equal([1, 2, 4], _called.Order());
    }

    [Fact]
    public async Task A_table_has_its_rows_as_elements_before_a_restart_as_after_it()
    {
        static object Load()
        {
            var table = new DataTable("t") { Columns = { { "id", typeof(int) } } };
            foreach (var id in new[] { 1, 2, 4 })
                table.Rows.Add(id);
            return table;
        }

        string OfRow(object row) => Label(row is DataRow live ? (int)live["id"] : 4);

        var dag = new Dag("d").Add("load", Load)
            .Add(DagNode.Map("map", new SubDags(new Dag("row").Add("x", OfRow))), ["load"])
            .Add(
                DagNode.Map(
                    "tables", new SubDags(new Dag("table").Add("y", (string _) => Load())), new NodeSettings { Flatten = true }),
                ["map"]);
        var failed = await new DagRunner(dag, _store, new DagRunOptions { ContinueOnFailure = true }).RunAsync().Soon();
        _broken = false;

        var result = await new DagRunner(dag, _store).RestartAsync(failed.RunId).Soon();

        Assert.Equal(DagRunStatus.Completed, result.Status);
        Assert.Equal(9, ((object[])result.Outputs["tables"]!).Length);
        Assert.Equal([1, 2, 4], _called.Order());
    }

    [Fact]
    public async Task The_order_in_which_a_map_drew_its_elements_is_that_of_its_result_after_every_restart()
    {
        var dag = Over(new Dag("d").Add("load", () => new OrderedDictionary { { "c", 1 }, { "a", 4 }, { "b", 2 } }), "load");
        var options = new DagRunOptions { Codec = new ReorderingCodec() };
        var failed = await new DagRunner(dag, _store).RunAsync().Soon();
        await new DagRunner(dag, _store, options).RestartAsync(failed.RunId).Soon();
        _broken = false;

        var result = await new DagRunner(dag, _store, options).RestartAsync(failed.RunId).Soon();

        Assert.Equal(["c", "a", "b"], ((OrderedDictionary)result.Outputs["map"]!).Keys.Cast<string>());
        Assert.Equal([0, 1, 2], _store.GetSubRuns(_store.FindRun(failed.RunId)!, "map").Select(subRun => subRun.Ordinal));
    }

    [Theory]
    [InlineData(false, new[] { 1, 2, 3, 4, 5 }, new[] { 5 })]
    [InlineData(true, new[] { 1, 2, 3, 4, 5 }, new[] { 5 })]
    [InlineData(false, new[] { 1, 9, 3 }, new[] { 9 })]
    [InlineData(true, new[] { 1, 9, 3 }, new[] { 9 })]
    [InlineData(false, new[] { 3, 2, 1 }, new[] { 1, 3 })]
    [InlineData(false, new[] { 2 }, new[] { 2 })]
    public async Task Of_another_upstream_only_elements_with_the_same_key_and_value_are_taken_over(bool isKeyed, int[] others, int[] run)
    {
        object Give(int[] values) => isKeyed ? Keyed(values) : values;
        Dag Made(string upstream) => Over(
            new Dag("d").Add("one", () => Give([1, 2, 3, 4])).Add("other", () => Give(others)), upstream);
        var failed = await new DagRunner(Made("one"), _store, new DagRunOptions { ContinueOnFailure = true }).RunAsync().Soon();
        (_broken, _) = (false, Drain());

        var result = await new DagRunner(Made("other"), _store).RestartAsync(failed.RunId).Soon();

        var output = isKeyed
            ? others.Select((_, index) => ((OrderedDictionary)result.Outputs["map"]!)[$"k{index}"])
            : (object[])result.Outputs["map"]!;
        Assert.Equal(others.Select(value => $"label of {value}"), output);
        Assert.Equal(others.Contains(4) ? [4, .. run] : run, Drain().Order());
    }

    [Fact]
    public async Task What_another_upstream_left_behind_is_not_taken_over_when_the_first_one_is_back()
    {
        Dag Made(string upstream) => Over(new Dag("d").Add("one", () => new[] { 1, 4, 3 }).Add("other", () => new[] { 7, 4, 8 }), upstream);
        var options = new DagRunOptions { ContinueOnFailure = true };
        var failed = await new DagRunner(Made("one"), _store, options).RunAsync().Soon();
        await new DagRunner(Made("other"), _store, options).RestartAsync(failed.RunId).Soon();
        _broken = false;

        var result = await new DagRunner(Made("one"), _store, options).RestartAsync(failed.RunId).Soon();

        Assert.Equal(["label of 1", "label of 4", "label of 3"], (object[])result.Outputs["map"]!);
    }

    [Fact]
    public async Task A_call_of_another_value_begins_anew()
    {
        var inner = new Dag("inner").Add("a", (int value) => Label(value))
            .Add("b", (string a) => _broken ? throw new InvalidOperationException("no") : a, "a");
        Dag Made(string upstream)
        {
            var dag = new Dag("d").Add("one", () => 1).Add("other", () => 2);
            return dag.Add(DagNode.Call("call", inner), [upstream]);
        }

        var failed = await new DagRunner(Made("one"), _store).RunAsync().Soon();
        _broken = false;

        var result = await new DagRunner(Made("other"), _store).RestartAsync(failed.RunId).Soon();

        Assert.Equal("label of 2", result.Outputs["call"]);
    }

    [Fact]
    public async Task Elements_of_a_nested_map_keep_to_their_keys()
    {
        var inner = new Dag("inner").Add("give", (Hashtable value) => value);
        inner.Add(DagNode.Map("each", new SubDags(Graphs.One("x", (int value) => Label(value)))), ["give"]);
        var dag = new Dag("d").Add("load", () => new Hashtable { ["p"] = Keyed([1, 4]), ["q"] = Keyed([2, 4]), ["r"] = Keyed([3]) });
        dag.Add(DagNode.Map("map", new SubDags(inner)), ["load"]);
        var failed = await new DagRunner(dag, _store, new DagRunOptions { ContinueOnFailure = true }).RunAsync().Soon();
        _broken = false;

        var result = await new DagRunner(dag, _store, new DagRunOptions { Codec = new ReorderingCodec() }).RestartAsync(failed.RunId)
            .Soon();

        var output = (OrderedDictionary)result.Outputs["map"]!;
        Assert.Equal("label of 2", ((IDictionary)output["q"]!)["k0"]);
        Assert.Equal("label of 3", ((IDictionary)output["r"]!)["k0"]);
        Assert.Equal([1, 2, 3, 4, 4], _called.Order());
    }

    [Fact]
    public async Task A_completed_element_whose_sub_DAG_changed_is_refused_by_name_unless_it_is_forced()
    {
        var dag = Over(new Dag("d").Add("load", () => new[] { 1, 4 }), "load");
        var failed = await new DagRunner(dag, _store).RunAsync().Soon();
        var changed = new Dag("d").Add(dag["load"])
            .Add(DagNode.Map("map", new SubDags(Graphs.One("x", (int value) => $"new {value}"))), ["load"]);

        var error = await Assert.ThrowsAsync<DagException>(() => new DagRunner(changed, _store).RestartAsync(failed.RunId)).Soon();
        var forced = await new DagRunner(changed, _store, new DagRunOptions { Force = true }).RestartAsync(failed.RunId).Soon();

        Assert.Equal(DagErrorId.DagDefinitionChanged, error.Id);
        Assert.Contains("'map[0]'", error.Message, StringComparison.Ordinal);
        Assert.Equal(["label of 1", "new 4"], (object[])forced.Outputs["map"]!);
    }

    [Fact]
    public async Task An_override_of_a_composite_node_is_no_change_of_it_once_it_has_completed()
    {
        var dag = Over(new Dag("d").Add("load", () => new[] { 1, 2 }), "load")
            .Add("last", (object?[] map) => _broken ? throw new InvalidOperationException("no") : map.Length, "map");
        var overrides = new Dictionary<string, NodeCode> { ["map"] = MethodCode.From((object _) => new object?[] { 1 }) };
        var ran = await new DagRunner(dag, _store).RunAsync().Soon();
        var replaced = await new DagRunner(dag, _store, new DagRunOptions { Overrides = overrides }).RunAsync().Soon();
        _broken = false;

        var one = await new DagRunner(dag, _store, new DagRunOptions { Overrides = overrides }).RestartAsync(ran.RunId).Soon();
        var other = await new DagRunner(dag, _store).RestartAsync(replaced.RunId).Soon();

        Assert.Equal((2, 1), (one.Outputs["last"], other.Outputs["last"]));
    }

    private Dag Over(Dag dag, string upstream) =>
        dag.Add(DagNode.Map("map", new SubDags(Graphs.One("x", (int value) => Label(value)))), [upstream]);

    private string Label(int value)
    {
        if (_broken && value == 4)
            throw new InvalidOperationException("no");
        _called.Enqueue(value);
        return $"label of {value}";
    }

    private List<int> Drain()
    {
        var called = new List<int>();
        while (_called.TryDequeue(out var value))
            called.Add(value);
        return called;
    }

    private static Hashtable Keyed(int[] values) =>
        new(values.Select((value, index) => KeyValuePair.Create($"k{index}", value)).ToDictionary(pair => pair.Key, pair => pair.Value));

    private sealed class OwnSet : HashSet<int>;
}
