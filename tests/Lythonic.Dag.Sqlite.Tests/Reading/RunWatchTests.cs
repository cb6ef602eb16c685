using Lythonic.Dag.Provenance;
using Lythonic.Dag.Watching;

namespace Lythonic.Dag.Sqlite.Tests;

/// <summary>What somebody sees who watches a run, read from a store that somebody else writes.</summary>
public sealed class RunWatchTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly DagDefinition Shape = new(
        "d",
        "F",
        [
            new NodeDefinition("a", NodeKind.Method, true, false, "fa"),
            new NodeDefinition("m", NodeKind.Map, false, false, "fm"),
            new NodeDefinition("c", NodeKind.Call, false, false, "fc"),
            new NodeDefinition("z", NodeKind.Method, false, true, "fz"),
        ],
        [("a", "m"), ("a", "c"), ("m", "z"), ("c", "z")]);

    private static readonly DagDefinition Inner = new(
        "e",
        "G",
        [new NodeDefinition("x", NodeKind.Method, true, false, "fx"), new NodeDefinition("n", NodeKind.Map, false, true, "fn")],
        [("x", "n")]);

    // The live runs are those of the whole process, so each test needs an id of its own.
    private readonly string _id = $"{Guid.NewGuid()}";
    private readonly StoreFolder _folder = new();
    private readonly SqliteProvenance _writer;
    private readonly SqliteProvenance _reader;
    private readonly RunHandle _run;
    private RunWatch? _watch;

    public RunWatchTests()
    {
        (_writer, _reader) = (new(_folder.Database), new(_folder.Database));
        _writer.EnsureWritable();
        _run = _writer.CreateRun(new RunStart(_id, "d", Shape, At));
    }

    public void Dispose()
    {
        _writer.Dispose();
        _reader.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_map_has_its_total_and_what_is_done_failed_in_flight_and_waiting()
    {
        var map = Start(_run, 1);
        _writer.RecordElementCount(map, 10);
        Done(Sub(map: "m", 0));
        Failed(Sub("m", 1), "one");
        var (slow, waiting) = (Sub("m", 2), Sub("m", 3));
        Start(slow, 0);
        _writer.StartNode(waiting, new NodeStart(0, 2, At, null) { Waits = "Attempt 1 failed: 503.", WaitsUntil = At.AddSeconds(12) });

        var seen = (await Seen()).Nodes[1].Map!;

        Assert.Equal((10, 1, 1, 2, 1), (seen.Total, seen.Done, seen.Failed, seen.InFlight, seen.Waiting));
        Assert.Equal((0.2, At.AddSeconds(12)), (seen.Share, seen.WaitsUntil));
        Assert.Equal(
            [("k2", "x", null), ("k3", "x", "Attempt 1 failed: 503")],
            seen.Elements.Select(element => (element.Key, element.Node, element.Waits)));

        Done(slow);
        Done(Sub("m", 4));
        seen = (await Seen()).Nodes[1].Map!;

        Assert.Equal((3, 1, 1), (seen.Done, seen.Failed, seen.InFlight));
    }

    [Fact]
    public async Task Very_many_that_have_completed_are_counted_and_what_else_there_is_among_them_is_seen()
    {
        Start(_run, 2);
        var call = Sub("c", 0);
        Done(call);
        Start(_run, 1);
        Failed(Sub("m", 1), "one");
        var slow = Sub("m", 2);
        for (var ordinal = 3; ordinal < 303; ordinal++)
            Done(Sub("m", ordinal));

        var seen = await Seen();

        Assert.Equal((300, 1, 1), (seen.Nodes[1].Map!.Done, seen.Nodes[1].Map!.Failed, seen.Nodes[1].Map!.InFlight));
        Assert.Equal(["a", "m", "c", "c/x", "c/n", "z"], seen.Nodes.Select(node => node.Path));

        Done(slow);
        for (var ordinal = 303; ordinal < 503; ordinal++)
            Done(Sub("m", ordinal));
        seen = await Seen();

        Assert.Equal((501, 1, 0), (seen.Nodes[1].Map!.Done, seen.Nodes[1].Map!.Failed, seen.Nodes[1].Map!.InFlight));
    }

    [Fact]
    public async Task An_element_that_failed_is_not_failed_any_more_once_a_restart_takes_it_up()
    {
        Start(_run, 1);
        Failed(Sub("m", 0), "one");
        Assert.Equal(1, (await Seen()).Nodes[1].Map!.Failed);

        var again = _writer.ResumeRun(_writer.FindRun("m0")!, _run, Inner);
        Assert.Equal((0, 1), await FailedAndInFlight());
        Done(again);
        Assert.Equal((0, 0), await FailedAndInFlight());
        Assert.Equal(1, (await Seen()).Nodes[1].Map!.Done);

        async Task<(int, int)> FailedAndInFlight() => (await Seen()).Nodes[1].Map! is var map ? (map.Failed, map.InFlight) : default;
    }

    [Fact]
    public async Task The_nodes_of_a_call_stand_below_it_with_the_maps_inside_and_not_those_of_elements()
    {
        Start(_run, 2);
        var call = Sub("c", 0);
        Start(call, 0);
        Start(call, 1);
        Sub("n", 0, call);
        Start(_run, 1);
        Start(Sub("m", 0), 1);

        var nodes = (await Seen()).Nodes;

        Assert.Equal(
            [("a", 0), ("m", 0), ("c", 0), ("c/x", 1), ("c/n", 1), ("z", 0)], nodes.Select(node => (node.Path, node.Depth)));
        Assert.Equal((1, 1), (nodes[1].Map!.InFlight, nodes[4].Map!.InFlight));
    }

    [Fact]
    public async Task A_node_that_has_not_started_says_what_it_waits_for()
    {
        var source = Start(_run, 0);
        Assert.Equal([null, "a", "a", "m and c"], (await Seen()).Nodes.Select(node => node.Waits));

        _writer.EndNode(source, new NodeEnd(NodeStatus.Completed, At));
        var locked = _writer.StartNode(_run, new NodeStart(2, 1, At, null) { Waits = "Waits for the lock db." });
        Assert.Equal([null, "a slot", "Waits for the lock db", "m and c"], (await Seen()).Nodes.Select(node => node.Waits));

        _writer.WithdrawNode(locked);
        _writer.EndRun(_run, new RunEnd(DagRunStatus.Paused, At, Error: "enough"));
        Assert.All((await Seen()).Nodes, node => Assert.Null(node.Waits));
    }

    [Fact]
    public async Task What_was_said_and_what_failed_is_told_once_and_whole()
    {
        _writer.EndNode(
            Start(_run, 0),
            new NodeEnd(NodeStatus.Completed, At, Messages: """[{"stream":"warning","text":"hot","time":"2030-01-01T12:00:00Z"}]"""));
        Start(_run, 1);
        Failed(Sub("m", 0), "no date\nin line 77");
        await Seen();
        Failed(Sub("m", 1), "none");

        var seen = await Seen();
        seen = await Seen();

        Assert.Equal([("a", "hot")], seen.Messages.Select(message => (message.Where, message.Text)));
        Assert.Equal(
            [("m[k0]/x", "no date\nin line 77"), ("m[k1]/x", "none")], seen.Failures.Select(failure => (failure.Where, failure.Text)));
        Assert.Equal(2, seen.FailureCount);
    }

    [Fact]
    public async Task Errors_that_nodes_wrote_are_counted_as_often_as_the_messages_show_them()
    {
        _writer.EndNode(Start(_run, 0), new NodeEnd(NodeStatus.Completed, At, Error: "one") { Errors = new(3) });
        Start(_run, 1);
        Failed(Sub("m", 0), "no date");
        await Seen();

        var seen = await Seen();

        Assert.Equal((2, 4), (seen.FailureCount, seen.ErrorCount));
    }

    [Fact]
    public async Task A_run_in_flight_counts_each_node_that_failed()
    {
        foreach (var index in new[] { 0, 1 })
            _writer.EndNode(Start(_run, index), new NodeEnd(NodeStatus.Failed, At, Error: "no"));
        await _writer.FlushAsync();

        Assert.Equal(2, _reader.FindRun(_id)!.Errors.All);
    }

    [Fact]
    public async Task A_map_in_flight_counts_its_elements_that_failed()
    {
        _writer.RecordElementCount(Start(_run, 1), 3);
        Failed(Sub("m", 0), "no");
        Done(Sub("m", 1));
        await _writer.FlushAsync();

        var run = _reader.FindRun(_id)!;

        Assert.Equal(new ErrorCounts(1, 1, 3), run.Errors);
        Assert.Equal(new ErrorCounts(1, 1, 3), Assert.Single(_reader.GetNodeRuns(run)).Errors);
    }

    [Fact]
    public async Task A_run_that_was_removed_is_not_there()
    {
        await Seen();
        _writer.EndRun(_run, new RunEnd(DagRunStatus.Completed, At));
        await _writer.FlushAsync();
        _writer.RemoveRuns([_id]);

        Assert.Null(_watch!.Read());
    }

    [Fact]
    public async Task A_map_in_which_an_element_paused_the_run_says_which_and_why()
    {
        var map = Start(_run, 1);
        _writer.EndRun(Sub("m", 0), new RunEnd(DagRunStatus.Paused, At));
        _writer.EndRun(Sub("m", 1), new RunEnd(DagRunStatus.Paused, At, Error: "ask finance"));
        _writer.EndNode(map, new NodeEnd(NodeStatus.Paused, At));

        Assert.Equal("m[k1]: ask finance", (await Seen()).Nodes[1].Error);
    }

    [Fact]
    public async Task Who_holds_a_lock_that_a_node_waits_for_is_named_and_so_are_the_runs_beside()
    {
        Start(_run, 0);
        _writer.StartNode(_run, new NodeStart(2, 1, At, null) { Waits = "Waits for the locks 'x', 'Db'." });
        Assert.Empty((await Seen()).Beside);
        Assert.Equal("Waits for the locks 'x', 'Db'", await Waits());

        using var lockClaim = _writer.AskLocks(["DB"]);
        Assert.True(lockClaim.TryTake());
        Assert.Equal("Waits for the locks 'x', 'Db', held by another node of this run", await Waits());

        var (id, owner) = ($"{Guid.NewGuid()}", $"process {Environment.ProcessId}");
        var other = _writer.CreateRun(new RunStart(id, "e", Inner, At.AddSeconds(1)));
        var named = $"run {id[..8]} of 'e'";
        Assert.Equal($"Waits for the locks 'x', 'Db', held by {named} or this run in {owner}", await Waits());
        Assert.Equal(id, Assert.Single((await Seen()).Beside).RunId);

        foreach (var (table, of) in new[] { ("run", $"run_id = '{id}'"), ("lock_claim", "true") })
            _folder.Query($"UPDATE {table} SET owner_machine = 'web1', owner_process = 7 WHERE {of}");
        Assert.Equal($"Waits for the locks 'x', 'Db', held by {named} in process 7 on web1", await Waits());

        _folder.Query($"UPDATE run SET status = 'failed' WHERE run_id = '{id}'");
        Assert.Equal("Waits for the locks 'x', 'Db', held by process 7 on web1", await Waits());
        Assert.Empty((await Seen()).Beside);
    }

    // The runs beside are not asked for each time, but a watcher that begins asks.
    private async Task<string?> Waits()
    {
        _watch = null;
        return (await Seen()).Nodes[2].Waits;
    }

    private async Task<RunView> Seen()
    {
        await _writer.FlushAsync();
        _watch ??= new(_reader, _reader.FindRun(_id)!, TimeProvider.System);
        return _watch.Read()!;
    }

    private NodeRunHandle Start(RunHandle run, int index) => _writer.StartNode(run, new NodeStart(index, 1, At, null));

    private RunHandle Sub(string map, int ordinal, RunHandle? within = null) => _writer.CreateRun(
        new RunStart($"{map}{ordinal}", $"d/{map}[k{ordinal}]", Inner, At)
        {
            Parent = within ?? _run,
            ParentNode = map,
            ElementKey = $"k{ordinal}",
            Ordinal = ordinal,
        });

    private void Done(RunHandle run) => _writer.EndRun(run, new RunEnd(DagRunStatus.Completed, At));

    private void Failed(RunHandle run, string error)
    {
        _writer.EndNode(Start(run, 0), new NodeEnd(NodeStatus.Failed, At, Error: error));
        _writer.EndRun(run, new RunEnd(DagRunStatus.Failed, At, "x", error.Split('\n')[0]));
    }
}
