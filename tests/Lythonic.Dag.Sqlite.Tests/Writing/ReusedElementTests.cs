using System.Collections.Concurrent;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Sqlite.Tests;

/// <summary>Elements of maps that reuse outputs, in a SQLite file: the key by which an output is found is stored once.</summary>
public sealed class ReusedElementTests : IDisposable
{
    // A method of an object with fields is not reused, so this is static.
    private static int _calls;

    private readonly StoreFolder _folder = new();
    private readonly SqliteProvenance _store;

    public ReusedElementTests()
    {
        _store = new SqliteProvenance(_folder.Database);
        _calls = 0;
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task One_that_equals_one_that_has_completed_a_moment_ago_in_the_same_map_takes_its_output()
    {
        var run = await RunAsync([1, 1, 2, 1, 2], throttle: 1);

        Assert.Equal([2, 2, 4, 2, 4], run.Outputs["map"] as object?[] ?? []);
        Assert.Equal(2, _calls);
    }

    [Fact]
    public async Task The_key_is_handed_on_when_what_it_was_of_is_removed_and_goes_with_the_last_that_has_the_output()
    {
        var first = await RunAsync([1, 2, 3]);
        var second = await RunAsync([1, 2, 3]);
        var third = await RunAsync([1, 2]);
        Assert.Equal("3", Keys());
        var ran = _folder.Query("SELECT group_concat(DISTINCT reused_from) FROM node_executions WHERE reused_from IS NOT NULL");

        _store.RemoveRuns([first.RunId]);
        _store.RemoveRuns([third.RunId]);
        var fourth = await RunAsync([1, 2, 3]);
        Assert.Equal(3, _calls);
        Assert.Equal(ran, _folder.Query("SELECT group_concat(DISTINCT reused_from) FROM node_executions WHERE reused_from IS NOT NULL"));

        _store.RemoveRuns([second.RunId, fourth.RunId]);
        Assert.Equal("0", _folder.Query("SELECT count(*) FROM node_reuse"));
        await RunAsync([1, 2, 3]);
        Assert.Equal(6, _calls);
    }

    [Fact]
    public async Task While_the_one_of_the_key_is_being_removed_another_that_has_the_output_gives_it()
    {
        var first = await RunAsync([1, 2]);
        await RunAsync([1, 2]);
        _folder.Query("INSERT INTO removal SELECT id FROM run WHERE run_id = $1 RETURNING run", first.RunId);

        await RunAsync([1, 2]);

        Assert.Equal(2, _calls);
    }

    [Theory]
    [InlineData("one node")]
    [InlineData("two nodes")]
    [InlineData("a call")]
    public async Task One_that_has_completed_is_found_before_the_end_of_its_sub_run_is_written(string element)
    {
        var twice = new Dag("twice").Add("twice", Twice);
        var shape = element switch
        {
            "one node" => twice,
            "two nodes" => new Dag("two").Add("same", Same).Add("twice", Twice, "same"),
            _ => new Dag("outer").Add("same", Same).Add(DagNode.Call("call", twice), ["same"]),
        };
        var found = new ConcurrentBag<string>();
        var before = new BeforeEndOfSubRun(id =>
        {
            _store.FlushAsync().AsTask().GetAwaiter().GetResult();
            found.Add(_folder.Query("""
                SELECT r.status || ' ' || count(k.node_run)
                FROM run r LEFT JOIN node_run n ON n.run = r.id LEFT JOIN node_reuse k ON k.node_run = n.id
                WHERE r.run_id = $1 AND r.parent_node = 'map' GROUP BY r.id
                """, id));
        });

        await RunAsync([1, 2, 3], observer: before, element: shape);

        Assert.Equal(["running 1", "running 1", "running 1"], found.Where(row => row.Length > 0));
        Assert.Equal("3", Keys());
    }

    [Fact]
    public async Task One_whose_giver_is_removed_before_it_is_written_keeps_the_key_itself()
    {
        var first = await RunAsync([1]);
        var key = _folder.Query("SELECT reuse_key FROM node_reuse WHERE code IS NULL");
        var found = _store.FindElementReuse(key, null)!;
        _store.RemoveRuns([first.RunId]);
        // The row id of the removed node run may now belong to another node run.
        await RunAsync([7]);

        var shape = new DagDefinition("d", "G", [new NodeDefinition("a", NodeKind.Method, true, true, "f")], []);
        var at = DateTimeOffset.UnixEpoch;
        var root = _store.CreateRun(new RunStart("r", "d", shape, at));
        var again = new ReuseRecord(key, "code", [], [], found.RanAt, found.RanIn) { Of = found.Key };
        _store.RecordReused(
            new RunStart("s", "d/a[0]", shape, at) { Parent = root, ParentNode = "a" },
            [new(new NodeStart(0, 1, at, null), new NodeEnd(NodeStatus.Skipped, at, found.Output) { Reuse = again })],
            new RunEnd(DagRunStatus.Completed, at));
        await _store.FlushAsync();

        Assert.Equal("2", _store.GetText(_store.FindReuse(key)!.Output));
        Assert.Equal("2", Keys());
    }

    [Fact]
    public async Task What_ends_after_its_run_is_not_written_and_gives_nothing()
    {
        _store.EnsureWritable();
        var shape = new DagDefinition("d", "G", [new NodeDefinition("a", NodeKind.Method, true, true, "f")], []);
        var at = DateTimeOffset.UnixEpoch;
        var root = _store.CreateRun(new RunStart("r", "d", shape, at));
        var late = _store.CreateRun(new RunStart("s", "d/a[0]", shape, at) { Parent = root, ParentNode = "a" });
        _store.EndNode(_store.StartNode(late, new NodeStart(0, 1, at, null)), new NodeEnd(NodeStatus.Completed, at, new EncodedValue("1")));
        _store.EndRun(root, new RunEnd(DagRunStatus.Cancelled, at));
        _store.EndRun(late, new RunEnd(DagRunStatus.Completed, at) { Reuse = new ReuseRecord("K", "code", [], [], at) });
        await _store.FlushAsync();

        Assert.Null(_store.FindElementReuse("K", null));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 100_000)]
    [InlineData(3_000, 1)]
    public async Task What_has_been_written_since_the_snapshot_of_the_lookups_is_found(int count, int length)
    {
        _store.EnsureWritable();
        var shape = new DagDefinition("d", "G", [new NodeDefinition("a", NodeKind.Method, true, true, "f")], []);
        var at = DateTimeOffset.UnixEpoch;
        var root = _store.CreateRun(new RunStart("r", "d", shape, at));
        await _store.FlushAsync();
        Assert.Null(_store.FindElementReuse("K0", null));
        for (var ordinal = 0; ordinal < count; ordinal++)
        {
            var sub = _store.CreateRun(
                new RunStart($"s{ordinal}", $"d/a[{ordinal}]", shape, at) { Parent = root, ParentNode = "a", Ordinal = ordinal });
            var output = new EncodedValue($"\"{new string('x', length)}{ordinal}\"");
            _store.EndNode(_store.StartNode(sub, new NodeStart(0, 1, at, null)), new NodeEnd(NodeStatus.Completed, at, output));
            _store.EndRun(sub, new RunEnd(DagRunStatus.Completed, at) { Reuse = new ReuseRecord($"K{ordinal}", "code", [], [], at) });
        }

        await _store.FlushAsync();

        Assert.Equal("s0", _store.FindElementReuse("K0", null)?.RanIn);
        Assert.Equal($"s{count - 1}", _store.FindElementReuse($"K{count - 1}", null)?.RanIn);
        Assert.EndsWith("x0\"", _store.GetText(_store.FindElementReuse("K0", null)!.Output), StringComparison.Ordinal);
    }

    // The row of a map itself is left out: it only says what the code was, and no search uses its key.
    private string Keys() => _folder.Query("SELECT count(*) FROM node_reuse WHERE code IS NULL");

    private Task<DagRunResult> RunAsync(
        int[] numbers, int throttle = 2, IRunObserver? observer = null, Dag? element = null) => new DagRunner(
        new Dag("d")
            .Add("list", int[] () => numbers)
            .Add(
                DagNode.Map("map", new SubDags(element ?? new Dag("twice").Add("twice", Twice)), new NodeSettings { Reuse = true }),
                ["list"]),
        _store,
        new DagRunOptions { ThrottleLimit = throttle, Observer = observer }).RunAsync();

    private static int Same(int number) => number;

    private static int Twice(int number)
    {
        Interlocked.Increment(ref _calls);
        return 2 * number;
    }

    // A run tells of its end before it posts it.
    private sealed class BeforeEndOfSubRun(Action<string> said) : IRunObserver
    {
        private readonly ConcurrentDictionary<string, bool> _subRuns = new();

        public void RunStarted(string runId, string path, int nodeCount, string? parentRunId)
        {
            if (parentRunId is not null)
                _subRuns[runId] = true;
        }

        public void RunEnded(string runId, DagRunStatus status)
        {
            if (_subRuns.ContainsKey(runId))
                said(runId);
        }

        public void MapExpanded(string runId, string label, int elements)
        {
        }

        public void NodeStarted(string runId, string label)
        {
        }

        public void NodeEnded(string runId, string label, NodeStatus status)
        {
        }

        public void NodeSaid(DagContext context, NodeMessage message, object? native)
        {
        }
    }
}
