using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>Nodes that name locks.</summary>
public sealed class LockTests : IDisposable
{
    private readonly MemoryProvenance _store = new();
    private readonly string _lock = $"lock-{Guid.NewGuid()}";
    private readonly Gate _gate = new();
    private int _inFlight;
    private int _most;

    private NodeSettings Locked => new() { Locks = [_lock] };

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Nodes_that_name_one_lock_are_in_flight_one_at_a_time()
    {
        var dag = new Dag("d");
        for (var index = 0; index < 20; index++)
        {
            string[] both = [_lock.ToUpperInvariant(), $"{_lock}2"];
            dag.Add(Node($"n{index}", Count, index % 2 == 0 ? Locked : new NodeSettings { Locks = both }));
        }

        var result = await new DagRunner(dag, _store, new DagRunOptions { ThrottleLimit = 8 }).RunAsync().Soon();

        Assert.Equal((DagRunStatus.Completed, 1), (result.Status, _most));
        Assert.All(_store.Statuses().Values, status => Assert.Equal(NodeStatus.Completed, status));
    }

    [Fact]
    public async Task A_node_that_waits_is_waiting_and_holds_no_slot()
    {
        var holder = await HoldAsync();
        var beside = new Gate();
        var run = RunAsync(new Dag("d").Add(Node("a", () => 1, Locked)).Add("b", beside.Hold), new DagRunOptions { ThrottleLimit = 1 });

        await beside.Reached;
        await WaitsAsync("a");
        var row = Assert.Single(_store.NodeRuns("a"));
        Assert.Equal((NodeStatus.Waiting, 1, null), (row.Status, row.Attempt, row.StartedAt));
        Assert.Contains(_lock, row.Error, StringComparison.Ordinal);
        beside.Open();
        _gate.Open();

        Assert.Equal(DagRunStatus.Completed, (await run.Soon()).Status);
        row = Assert.Single(_store.NodeRuns("a"));
        Assert.Equal((NodeStatus.Completed, 1, null), (row.Status, row.Attempt, row.Error));
        await holder;
    }

    [Fact]
    public async Task A_run_that_keeps_nothing_and_one_of_a_store_keep_each_other_out()
    {
        var holder = await HoldAsync();
        var alone = new DagRunner(new Dag("d").Add(Node("a", Count, Locked))).RunNodeAsync("a");

        var run = RunAsync(new Dag("d").Add(Node("a", Count, Locked)));
        await WaitsAsync("a");
        Assert.False(alone.IsCompleted);
        _gate.Open();

        await Task.WhenAll(alone, run, holder).Soon();
        Assert.Equal(1, _most);
    }

    [Fact]
    public async Task A_run_that_is_cancelled_while_its_node_waits_ends_and_leaves_nothing()
    {
        var holder = await HoldAsync();
        using var stop = new CancellationTokenSource();
        var run = new DagRunner(new Dag("d").Add(Node("a", () => 1, Locked)), _store).RunAsync(null, null, stop.Token);
        await WaitsAsync("a");

        await stop.CancelAsync();

        Assert.Equal(DagRunStatus.Cancelled, (await run.Soon()).Status);
        Assert.Empty(_store.NodeRuns("a"));
        _gate.Open();
        await holder;
        Assert.Equal(DagRunStatus.Completed, (await RunAsync(new Dag("d").Add(Node("a", () => 1, Locked))).Soon()).Status);
    }

    [Fact]
    public async Task During_a_pause_a_node_that_waits_does_not_start_and_a_restart_runs_it()
    {
        var holder = await HoldAsync();
        var runner = new DagRunner(new Dag("d").Add(Node("a", () => 1, Locked)), _store);
        var run = runner.RunAsync();
        await WaitsAsync("a");

        runner.Pause();
        var paused = await run.Soon();
        _gate.Open();
        await holder;

        Assert.Equal((DagRunStatus.Paused, 0), (paused.Status, _store.Attempts("a")));
        Assert.Equal(DagRunStatus.Completed, (await runner.RestartAsync(paused.RunId).Soon()).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_restart_asks_a_condition_not_again_that_said_yes_before_its_node_waited(bool crashes)
    {
        var asked = 0;
        var once = Locked with { If = new NodePredicate(MethodCode.From(() => ++asked > 0)) };
        var holder = await HoldAsync();
        var runner = new DagRunner(new Dag("d").Add(Node("a", () => 1, once)), _store);
        var run = runner.RunAsync();
        await WaitsAsync("a");

        if (crashes)
            _store.Crash();
        runner.Pause();
        var waited = await run.Soon();
        _gate.Open();
        await holder;
        var result = await new DagRunner(runner.Dag, _store).RestartAsync(waited.RunId).Soon();

        Assert.Equal((DagRunStatus.Completed, 1), (result.Status, asked));
        Assert.Equal(1, _store.Attempts("a"));
    }

    [Fact]
    public async Task A_node_that_waits_for_its_next_attempt_has_given_its_locks_back()
    {
        var clock = new ManualClock();
        var tries = 0;
        var settings = Locked with { Retry = new RetryPolicy { Count = 1, Delay = TimeSpan.FromHours(1) } };
        var dag = new Dag("d").Add(Node("a", () => tries++ == 0 ? throw new InvalidOperationException("no") : 1, settings));
        var run = new DagRunner(dag, _store, new DagRunOptions { Clock = clock }).RunAsync();
        await clock.WaitAsync();

        var other = await RunAsync(new Dag("e").Add(Node("b", () => 1, Locked))).Soon();
        clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal((DagRunStatus.Completed, DagRunStatus.Completed), (other.Status, (await run.Soon()).Status));
        Assert.Equal([NodeStatus.Failed, NodeStatus.Completed], _store.NodeRuns("a").Select(row => row.Status));
    }

    [Fact]
    public async Task The_wait_is_no_part_of_the_time_of_the_node()
    {
        var clock = new ManualClock();
        var holder = await HoldAsync();
        var dag = new Dag("d").Add(Node("a", () => 1, Locked with { Timeout = TimeSpan.FromSeconds(1) }));
        var run = new DagRunner(dag, _store, new DagRunOptions { Clock = clock }).RunAsync();
        await WaitsAsync("a");

        clock.Advance(TimeSpan.FromHours(1));
        _gate.Open();

        Assert.Equal(DagRunStatus.Completed, (await run.Soon()).Status);
        await holder;
    }

    [Fact]
    public async Task A_failed_node_gives_its_locks_back()
    {
        var failed = await RunAsync(new Dag("d").Add(Node("a", () => throw new InvalidOperationException("no"), Locked))).Soon();

        Assert.Equal(DagRunStatus.Failed, failed.Status);
        Assert.Equal(DagRunStatus.Completed, (await RunAsync(new Dag("d").Add(Node("a", () => 1, Locked))).Soon()).Status);
    }

    [Fact]
    public async Task A_map_holds_its_locks_from_its_first_element_to_its_end_and_its_elements_go_one_at_a_time()
    {
        var element = new Dag("e").Add("x", (int value) => Count() * value).Add(Inner("y", (int x) => Count() * x), ["x"]);
        var run = RunAsync(Graphs.MapOver(new[] { 1, 2, 3, 4 }, element, Locked), new DagRunOptions { ThrottleLimit = 8 });
        var others = Enumerable.Range(0, 4).Select(_ => RunAsync(new Dag("o").Add(Node("o", Count, Locked)))).ToList();

        Assert.Equal(DagRunStatus.Completed, (await run.Soon()).Status);
        await Task.WhenAll(others).Soon();

        Assert.Equal(1, _most);
    }

    [Fact]
    public async Task A_map_that_waits_is_waiting_and_has_its_input_all_the_same()
    {
        var holder = await HoldAsync();
        var run = RunAsync(Graphs.MapOver(new[] { 1, 2 }, Graphs.One("x", (int value) => value), Locked));
        await WaitsAsync("map");

        Assert.Equal(0, _store.Attempts("x"));
        _gate.Open();

        Assert.Equal(DagRunStatus.Completed, (await run.Soon()).Status);
        var row = Assert.Single(_store.NodeRuns("map"));
        Assert.Equal((NodeStatus.Completed, null), (row.Status, row.Error));
        Assert.Contains("[1,2]", _store.GetInput(row), StringComparison.Ordinal);
        await holder;
    }

    [Fact]
    public async Task A_map_over_nothing_takes_no_lock()
    {
        var holder = await HoldAsync();

        var result = await RunAsync(Graphs.MapOver(Array.Empty<int>(), Graphs.One("x", (int value) => value), Locked)).Soon();

        Assert.Equal(DagRunStatus.Completed, result.Status);
        _gate.Open();
        await holder;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_map_that_waits_ends_with_its_run(bool cancel)
    {
        var holder = await HoldAsync();
        using var stop = new CancellationTokenSource();
        var runner = new DagRunner(Graphs.MapOver(new[] { 1 }, Graphs.One("x", (int value) => value), Locked), _store);
        var run = runner.RunAsync(null, null, stop.Token);
        await WaitsAsync("map");

        if (cancel)
            await stop.CancelAsync();
        else
            runner.Pause();

        Assert.Equal(cancel ? DagRunStatus.Cancelled : DagRunStatus.Paused, (await run.Soon()).Status);
        Assert.Equal(0, _store.Attempts("x"));
        _gate.Open();
        await holder;
        Assert.Equal(DagRunStatus.Completed, (await runner.RestartAsync((await run).RunId).Soon()).Status);
    }

    [Fact]
    public void A_node_inside_a_composite_node_that_holds_locks_may_name_no_other()
    {
        var element = Graphs.One("deep", (int value) => value, new NodeSettings { Locks = ["b", "c"] });
        var around = new Dag("around").Add("s", (int value) => value).Add(DagNode.Call("call", element), ["s"]);

        var error = Assert.Throws<DagException>(() => Graphs.MapOver(new[] { 1 }, around, new NodeSettings { Locks = ["A", "B"] }));

        Assert.Equal((DagErrorId.DagLockNested, "map"), (error.Id, error.Target));
        Assert.Contains("'deep' inside 'map' names the lock 'c'", error.Message, StringComparison.Ordinal);
        Graphs.MapOver(new[] { 1 }, around, new NodeSettings { Locks = ["C", "B"] });
    }

    [Fact]
    public async Task A_lock_that_a_sub_DAG_got_after_it_was_added_is_found_before_anything_runs()
    {
        var element = new Dag("e").Add("x", (int value) => value);
        var dag = Graphs.MapOver(new[] { 1 }, element, new NodeSettings { Locks = ["a"] });
        element.Add(Node("late", () => 1, new NodeSettings { Locks = ["b"] }), ["x"]);

        Assert.Equal(DagErrorId.DagLockNested, Assert.Single(dag.Validate()).ErrorId);
        Assert.Equal(DagErrorId.DagLockNested, (await Assert.ThrowsAsync<DagException>(() => RunAsync(dag))).Id);
        Assert.Equal(0, _store.RunCount);
    }

    [Fact]
    public void A_lock_needs_a_name() => Assert.Equal(
        DagErrorId.DagNameInvalid, Assert.Throws<DagException>(() => Node("a", () => 1, new NodeSettings { Locks = ["a", " "] })).Id);

    private static DagNode Node(string label, Func<int> code, NodeSettings settings) => new(label, MethodCode.From(code), settings);

    private DagNode Inner(string label, Func<int, int> code) => new(label, MethodCode.From(code), Locked);

    private int Count()
    {
        var now = Interlocked.Increment(ref _inFlight);
        lock (_store)
            _most = Math.Max(_most, now);
        Thread.Yield();
        Interlocked.Decrement(ref _inFlight);
        return 1;
    }

    private Task<DagRunResult> RunAsync(Dag dag, DagRunOptions? options = null) => new DagRunner(dag, _store, options).RunAsync();

    // A run whose node holds the lock until the gate is opened.
    private async Task<Task<DagRunResult>> HoldAsync()
    {
        var run = RunAsync(new Dag("holder").Add(Node("holder", _gate.Hold, Locked)));
        await _gate.Reached;
        return run;
    }

    private async Task WaitsAsync(string label)
    {
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (_store.NodeRuns(label).Any(row => row.Status == NodeStatus.Waiting))
                waits.TrySetResult();
        }

        _store.Posted = Look;
        Look();
        await waits.Task.Soon();
    }
}
