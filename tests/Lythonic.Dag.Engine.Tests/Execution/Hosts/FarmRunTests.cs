using System.Collections.Concurrent;
using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Engine.Tests.Model;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>A map over a farm: who takes what when hosts refuse and are lost.</summary>
public sealed class FarmRunTests : IDisposable
{
    private readonly MemoryProvenance _store = new() { IsBuffered = true };
    private readonly HostInvoker _hosts = new();
    private readonly ManualClock _clock = new();

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Elements_run_on_all_slots_whatever_the_throttle_of_the_run_and_no_host_has_more(int slots)
    {
        var (inFlight, full) = (0, new TaskCompletionSource());
        _hosts.Gate = async call =>
        {
            if (call.Host is null)
                return;
            if (Interlocked.Increment(ref inFlight) == 2 * slots)
                full.SetResult();
            await full.Task;
        };

        var result = await RunAsync(Map(20, Element(), On(slots, "a", "b")));

        Assert.Equal(Enumerable.Range(0, 20), result.Numbers());
        Assert.Equal((slots, slots), (_hosts.Most["a"], _hosts.Most["b"]));
    }

    [Fact]
    public async Task Elements_whose_code_is_short_share_slots_and_none_is_lost()
    {
        const int most = 32;
        var (inFlight, full) = (0, new TaskCompletionSource());
        _hosts.CodeTime = TimeSpan.FromMilliseconds(1);
        _hosts.Gate = async call =>
        {
            if (call.Host is null || _hosts.Begun.Count < 10)
                return;
            if (Interlocked.Increment(ref inFlight) == most - 5)
                full.SetResult();
            await full.Task;
        };

        var result = await RunAsync(Map(200, Element(), On(1, "a")));

        Assert.Equal(Enumerable.Range(0, 200), result.Numbers());
        Assert.InRange(_hosts.Most["a"], most - 5, most);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(null)]
    public async Task Elements_whose_code_takes_20_ms_have_a_slot_each(int? milliseconds)
    {
        _hosts.CodeTime = milliseconds is { } given ? TimeSpan.FromMilliseconds(given) : null;

        await RunAsync(Map(100, Element(), On(2, "a")));

        Assert.InRange(_hosts.Most["a"], 1, 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_failure_no_element_begins_that_waits_to_share_a_slot(bool allows)
    {
        static int ElementOf(NodeCall call) => int.Parse(call.Context.Path[6..^1], null);
        var waiting = new TaskCompletionSource();
        _hosts.CodeTime = TimeSpan.FromMilliseconds(1);
        _hosts.Connecting = call =>
        {
            if (ElementOf(call) <= 20)
                return Task.CompletedTask;
            if (_hosts.Tried.Count > 25)
                waiting.TrySetResult();
            return allows ? waiting.Task : new TaskCompletionSource().Task;
        };
        _hosts.Gate = call => call.Host is not null && ElementOf(call) == 20 ? waiting.Task : Task.CompletedTask;
        var element = new Dag("e").Add(
            new DagNode("x", new HostCode(value => (int)value! == 20 ? throw new InvalidOperationException("no") : value)));
        var settings = On(1, "a") with { AllowedFailure = allows ? AllowedFailure.OfCount(1) : null };

        var failed = await RunAsync(Map(40, element, settings));

        Assert.Equal(allows ? DagRunStatus.Completed : DagRunStatus.Failed, failed.Status);
        var rows = _store.NodeRuns("x");
        Assert.InRange(rows.Count(row => row.Status == NodeStatus.Completed), allows ? 39 : 1, allows ? 39 : 20);
        Assert.Equal(1, rows.Count(row => row.Status != NodeStatus.Completed));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_whose_turn_did_not_come_among_others_is_made_again_as_the_same_attempt(bool isLost)
    {
        var returns = 0;
        _hosts.Behind = _ => Task.FromResult<NodeOutcome?>(
            ++returns > 5 ? null
            : isLost ? NodeOutcome.Unreachable(new NodeFailure("gone") { ErrorId = DagErrorId.DagHostUnreachable }, hasBegun: false)
            : NodeOutcome.Cancelled());

        var result = await RunAsync(Map(2, Element(), On(1, "a", "b")));

        Assert.Equal([0, 1], result.Numbers());
        Assert.All(_store.NodeRuns("x"), row => Assert.Equal((1, NodeStatus.Completed, null), (row.Attempt, row.Status, row.Error)));
        Assert.Equal(2, _store.NodeRuns("x").Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_whose_turn_did_not_come_before_its_run_stopped_leaves_no_attempt(bool cancels)
    {
        using var cancel = new CancellationTokenSource();
        var (sent, goesBack) = (new TaskCompletionSource(), new TaskCompletionSource<NodeOutcome?>());
        _hosts.Behind = _ =>
        {
            sent.TrySetResult();
            return goesBack.Task;
        };
        var runner = new DagRunner(Map(1, Element(), On(1, "a", "b")), _store, Options());
        var run = runner.RunAsync(cancellationToken: cancel.Token);
        await sent.Task.Soon();
        if (cancels)
            await cancel.CancelAsync();
        else
            runner.Pause();
        goesBack.SetResult(NodeOutcome.Cancelled());
        var stopped = await run.Soon();

        Assert.Equal(cancels ? DagRunStatus.Cancelled : DagRunStatus.Paused, stopped.Status);
        Assert.Empty(_store.NodeRuns("x"));
    }

    [Fact]
    public async Task The_time_of_a_call_that_was_sent_behind_others_begins_with_its_code()
    {
        var (sent, turn) = (new TaskCompletionSource(), new TaskCompletionSource<NodeOutcome?>());
        _hosts.Behind = _ =>
        {
            sent.TrySetResult();
            return turn.Task;
        };
        var element = new Dag("e").Add(new DagNode("x", HostCode.Same, new NodeSettings { Timeout = TimeSpan.FromSeconds(1) }));
        var run = RunAsync(Map(1, element, On(1, "a")));
        await sent.Task.Soon();
        await _clock.ElapseAsync(TimeSpan.FromSeconds(1));
        turn.SetResult(null);
        var result = await run;

        Assert.Equal([0], result.Numbers());
        Assert.Equal(_clock.GetUtcNow(), Assert.Single(_store.NodeRuns("x")).StartedAt);
    }

    [Fact]
    public async Task The_limit_of_a_map_holds_on_a_farm()
    {
        var watcher = new Watcher();
        await RunAsync(Map(20, Element(), On(4, "a", "b") with { ThrottleLimit = 3 }), new DagRunOptions { Observer = watcher });

        Assert.InRange(watcher.MostRuns - 1, 1, 3);
    }

    [Fact]
    public async Task An_element_keeps_its_host_for_all_nodes_of_its_sub_run()
    {
        var element = new Dag("e").Add(new DagNode("first", HostCode.Same));
        for (var index = 0; index < 3; index++)
            element.Add(new DagNode($"side{index}", HostCode.Same), ["first"]);
        element.Add(new DagNode("last", new HostCode(all => ((object?[])all!)[0])), ["side0", "side1", "side2"]);
        var result = await RunAsync(Map(12, element, On(1, "a", "b", "c")));

        Assert.Equal(Enumerable.Range(0, 12), result.Numbers());
        Assert.All(SubRuns(), nodes => Assert.Single(nodes.Select(node => node.Host).Distinct()));
        Assert.All(_hosts.Most.Where(most => most.Key != "here"), most => Assert.Equal(1, most.Value));
    }

    [Fact]
    public async Task A_sub_map_inside_of_an_element_is_on_the_elements_host()
    {
        var inner = new Dag("i").Add(new DagNode("list", new HostCode(value => new object[] { value!, value! })));
        inner.Add(DagNode.Map("deep", new SubDags(Element("in"))), ["list"]);
        await RunAsync(Map(4, inner, On(1, "a", "b")));

        Assert.All(SubRuns(), nodes => Assert.NotNull(nodes[0].Host));
        Assert.Equal(8, _store.NodeRuns("in").Count(node => node.Host is not null));
    }

    [Fact]
    public async Task Others_take_the_work_of_a_host_that_refuses_which_counts_no_attempt()
    {
        _hosts.Refuses = call => call.Host!.Name == "bad" ? "Connection refused" : null;

        var result = await RunAsync(Map(20, Element(), On(2, "bad", "good")));

        Assert.Equal(Enumerable.Range(0, 20), result.Numbers());
        Assert.All(_store.NodeRuns("x"), row => Assert.Equal((1, NodeStatus.Completed, "good"), (row.Attempt, row.Status, row.Host)));
        Assert.Equal(20, _store.NodeRuns("x").Count);
        Assert.InRange(_hosts.Tried.Count(call => call == "x bad"), 1, 2);
    }

    [Fact]
    public async Task A_host_that_refused_is_tried_again_when_its_time_has_come()
    {
        var tries = 0;
        _hosts.Refuses = call => ++tries <= 2 ? "not yet" : null;

        var run = RunAsync(Map(1, Element(), On(1, "a", "b")));
        await _clock.ElapseAsync(TimeSpan.FromSeconds(5));
        var result = await run;

        Assert.Equal([0], result.Numbers());
        Assert.Equal(1, Assert.Single(_store.NodeRuns("x")).Attempt);
    }

    [Fact]
    public async Task Where_no_host_is_left_the_error_names_each_with_its_reason()
    {
        _hosts.Refuses = call => $"{call.Host!.Name} is down";

        var dag = Map(2, Element(), On(1, "a", "b"));
        var result = await new DagRunner(dag, _store, Options() with { Clock = new InstantClock() }).RunAsync().Soon();

        Assert.Equal((DagRunStatus.Failed, DagErrorId.DagHostUnreachable), (result.Status, result.Failure!.ErrorId));
        Assert.Contains("a: Host 'a': a is down; b: Host 'b': b is down", result.Error, StringComparison.Ordinal);
        Assert.All(_store.NodeRuns("x"), row => Assert.Equal((1, NodeStatus.Failed), (row.Attempt, row.Status)));
    }

    [Fact]
    public async Task A_call_that_is_lost_goes_to_another_host_as_an_attempt_of_its_own()
    {
        _hosts.Loses = call => call.Host!.Name == "a" ? "exit code 255" : null;

        var result = await RunAsync(Map(1, Element(), On(1, "a", "b")));

        Assert.Equal([0], result.Numbers());
        Assert.Equal(
            [(1, NodeStatus.Failed, "a"), (2, NodeStatus.Completed, "b")],
            _store.NodeRuns("x").Select(row => (row.Attempt, row.Status, row.Host)));
        Assert.Equal("DagHostUnreachable: Host 'a': exit code 255", _store.NodeRuns("x")[0].Error);
    }

    [Fact]
    public async Task What_lost_three_hosts_fails_and_names_them()
    {
        _hosts.Loses = _ => "gone";

        var result = await RunAsync(Map(1, Element(), On(1, "a", "b", "c", "d")));

        Assert.Equal((DagRunStatus.Failed, DagErrorId.DagHostUnreachable), (result.Status, result.Failure!.ErrorId));
        Assert.Contains("lost three times: 'a', 'b', 'c'", result.Error, StringComparison.Ordinal);
        Assert.Equal(["a", "b", "c"], _store.NodeRuns("x").Select(row => row.Host));
    }

    [Fact]
    public async Task What_has_not_completed_of_an_element_goes_to_another_host_and_what_has_stays()
    {
        var element = new Dag("e").Add(new DagNode("first", HostCode.Same)).Add(new DagNode("second", HostCode.Same), ["first"]);
        var losses = 0;
        _hosts.Loses = call => call.Context.NodeLabel == "second" && ++losses == 1 ? "gone" : null;

        var result = await RunAsync(Map(1, element, On(1, "a", "b")));

        Assert.Equal([0], result.Numbers());
        Assert.Equal(["first a", "second a", "second b"], _hosts.Begun.Skip(1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Of_many_elements_under_random_losses_and_refusals_none_is_lost_and_none_is_done_twice(int seed)
    {
        const int count = 300;
        var random = new Random(seed);
        var losses = new ConcurrentDictionary<int, int>();
        bool Happens(int percent)
        {
            lock (random)
                return random.Next(100) < percent;
        }

        _hosts.Refuses = _ => Happens(5) ? "no" : null;
        _hosts.Loses = call =>
        {
            var element = int.Parse(call.Context.Path[6..^1], null);
            if (losses.GetValueOrDefault(element) == 2 || !Happens(20))
                return null;
            losses.AddOrUpdate(element, 1, (_, before) => before + 1);
            return "gone";
        };
        var dag = Map(count, Element(), On(2, "a", "b", "c", "d"));
        var result = await new DagRunner(dag, _store, Options() with { Clock = new InstantClock() }).RunAsync().Soon();

        Assert.Equal(Enumerable.Range(0, count), result.Numbers());
        Assert.Equal(count, _store.NodeRuns("x").Count(row => row.Status == NodeStatus.Completed));
        Assert.Equal(losses.Values.Sum(), _store.NodeRuns("x").Count(row => row.Status == NodeStatus.Failed));
        Assert.All(SubRuns(), nodes => Assert.Single(nodes));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_sole_host_fails_its_node_at_once_and_a_retry_tries_again(bool begins)
    {
        var tries = 0;
        _hosts.Refuses = call => !begins && ++tries <= 2 ? "Permission denied (publickey)" : null;
        _hosts.Loses = call => begins && ++tries <= 2 ? "Permission denied (publickey)" : null;
        var dag = new Dag("d").Add(new DagNode("n", HostCode.Same, On(1, "a") with { Retry = new RetryPolicy { Count = 1 } }));

        var failed = await RunAsync(dag);
        var result = await new DagRunner(dag, _store, Options()).RestartAsync(failed.RunId).Soon();

        Assert.Equal((DagRunStatus.Failed, DagErrorId.DagHostUnreachable), (failed.Status, failed.Failure!.ErrorId));
        Assert.Equal((DagRunStatus.Completed, 3), (result.Status, tries));
        Assert.Equal([1, 2, 3], _store.NodeRuns("n").Select(row => row.Attempt));
        Assert.All(_store.NodeRuns("n"), row => Assert.Equal("a", row.Host));
        Assert.Contains("publickey", _store.NodeRuns("n")[1].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_is_lost_with_a_step_of_a_cluster_goes_on_with_another()
    {
        var losses = 0;
        _hosts.Loses = _ => ++losses == 1 ? "CANCELLED" : null;
        var cluster = NodeHosts.Of([new HostSpec("slurm", 2, "slurm") { IsCluster = true }]);

        var result = await RunAsync(Map(1, Element(), new NodeSettings { Hosts = cluster }));

        Assert.Equal([0], result.Numbers());
        Assert.Equal([NodeStatus.Failed, NodeStatus.Completed], _store.NodeRuns("x").Select(row => row.Status));
    }

    [Fact]
    public async Task A_node_that_waits_to_be_connected_is_shown_as_waiting_and_counts_no_attempt()
    {
        var open = new TaskCompletionSource();
        _hosts.Connecting = _ => open.Task;

        var run = RunAsync(Map(1, Element(), On(1, "slurm")));
        await _clock.ElapseAsync(TimeSpan.FromSeconds(1));
        await _store.FlushAsync();
        var waits = Assert.Single(_store.NodeRuns("x"));
        open.SetResult();
        var result = await run;

        Assert.Equal((1, NodeStatus.Waiting, "Waits for a host: 'slurm'."), (waits.Attempt, waits.Status, waits.Error));
        Assert.Equal([0], result.Numbers());
        var row = Assert.Single(_store.NodeRuns("x"));
        Assert.Equal((1, NodeStatus.Completed, "slurm", null), (row.Attempt, row.Status, row.Host, row.Error));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_node_that_waits_for_a_slot_of_its_hosts_is_shown_as_waiting_and_counts_no_attempt(bool pauses)
    {
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        _hosts.Gate = call =>
        {
            if (call.Host is null)
                return Task.CompletedTask;
            begun.TrySetResult();
            return goOn.Task;
        };
        var element = new Dag("e").Add(new DagNode("here", HostCode.Same)).Add(new DagNode("x", HostCode.Same, On(1, "a")), ["here"]);
        var runner = new DagRunner(Map(2, element, new NodeSettings { ThrottleLimit = 2 }), _store, Options());
        var run = runner.RunAsync();
        await begun.Task.Soon();
        while (_clock.Waits.Count(wait => wait == TimeSpan.FromSeconds(1)) < 2)
            await _clock.WaitAsync();
        _clock.Advance(TimeSpan.FromSeconds(1));
        while (_store.NodeRuns("x").Count < 2)
            await _store.FlushAsync();
        var waits = Assert.Single(_store.NodeRuns("x"), row => row.Status == NodeStatus.Waiting);
        if (pauses)
            runner.Pause();
        goOn.SetResult();
        var result = await run.Soon();

        Assert.Equal((1, "Waits for a host: 'a'."), (waits.Attempt, waits.Error));
        Assert.Equal(pauses ? DagRunStatus.Paused : DagRunStatus.Completed, result.Status);
        Assert.Equal(pauses ? 1 : 2, _store.NodeRuns("x").Count(row => (row.Status, row.Attempt) == (NodeStatus.Completed, 1)));
        Assert.DoesNotContain(_store.NodeRuns("x"), row => row.Status != NodeStatus.Completed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_that_stops_while_a_node_waits_to_be_connected_leaves_no_attempt(bool cancels)
    {
        using var cancel = new CancellationTokenSource();
        var (open, waits) = (new TaskCompletionSource(), new TaskCompletionSource());
        _hosts.Connecting = _ =>
        {
            waits.TrySetResult();
            return open.Task;
        };
        var runner = new DagRunner(Map(1, Element(), On(1, "a", "b")), _store, Options());
        var run = runner.RunAsync(cancellationToken: cancel.Token);
        await waits.Task.Soon();
        await _clock.ElapseAsync(TimeSpan.FromSeconds(1));
        if (cancels)
            await cancel.CancelAsync();
        else
            runner.Pause();
        var stopped = await run.Soon();

        Assert.Equal(cancels ? DagRunStatus.Cancelled : DagRunStatus.Paused, stopped.Status);
        Assert.Empty(_store.NodeRuns("x"));
        _hosts.Connecting = _ => Task.CompletedTask;
        var result = await runner.RestartAsync(stopped.RunId).Soon();
        Assert.Equal([0], result.Numbers());
        Assert.Equal(1, Assert.Single(_store.NodeRuns("x")).Attempt);
    }

    [Fact]
    public async Task A_failure_beside_it_ends_the_wait_to_be_connected()
    {
        var waits = new TaskCompletionSource();
        _hosts.Connecting = _ =>
        {
            waits.TrySetResult();
            return new TaskCompletionSource().Task;
        };
        var dag = new Dag("d").Add(new DagNode("n", HostCode.Same, On(1, "slurm")));
        dag.Add("bad", async Task<int> () =>
        {
            await waits.Task;
            throw new InvalidOperationException("bad");
        });
        var result = await new DagRunner(dag, _store, Options()).RunAsync().Soon();

        Assert.Equal((DagRunStatus.Failed, "bad"), (result.Status, result.FailedNode));
        Assert.Empty(_store.NodeRuns("n"));
    }

    [Fact]
    public async Task A_call_that_has_begun_goes_on_when_the_run_pauses()
    {
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        _hosts.Gate = call =>
        {
            begun.TrySetResult();
            return goOn.Task;
        };
        var runner = new DagRunner(new Dag("d").Add(new DagNode("n", HostCode.Same, On(1, "a"))), _store, Options());
        var run = runner.RunAsync();
        await begun.Task.Soon();
        runner.Pause();
        goOn.SetResult();

        Assert.Equal(DagRunStatus.Completed, (await run.Soon()).Status);
    }

    [Fact]
    public async Task A_pause_ends_the_wait_for_a_host_that_refused()
    {
        _hosts.Refuses = _ => "down";
        var runner = new DagRunner(Map(3, Element(), On(1, "a", "b")), _store, Options());
        var run = runner.RunAsync();
        for (var wait = await _clock.WaitAsync(); wait != TimeSpan.FromSeconds(5); wait = await _clock.WaitAsync())
        {
        }

        runner.Pause();
        Assert.Equal(DagRunStatus.Paused, (await run.Soon()).Status);
    }

    [Fact]
    public async Task The_time_of_a_node_and_of_a_sub_run_begins_when_it_is_connected()
    {
        var (open, waits) = (new TaskCompletionSource(), new TaskCompletionSource());
        _hosts.Connecting = _ =>
        {
            waits.TrySetResult();
            return open.Task;
        };
        var limit = new NodeSettings { Timeout = TimeSpan.FromMinutes(1) };
        var element = new Dag("e").Add(new DagNode("x", HostCode.Same, limit));
        var run = RunAsync(Map(1, element, On(1, "a") with { Timeout = TimeSpan.FromMinutes(1) }));
        await waits.Task.Soon();
        _clock.Advance(TimeSpan.FromHours(1));
        open.SetResult();

        Assert.Equal(DagRunStatus.Completed, (await run).Status);
    }

    [Fact]
    public async Task A_host_that_is_lost_as_the_run_is_cancelled_is_no_loss()
    {
        using var cancel = new CancellationTokenSource();
        _hosts.Loses = _ =>
        {
            cancel.Cancel();
            return "Killed by signal 2";
        };
        var dag = new Dag("d").Add(new DagNode("n", HostCode.Same, On(1, "a", "b")));

        var result = await new DagRunner(dag, _store, Options()).RunAsync(cancellationToken: cancel.Token).Soon();

        Assert.Equal((DagRunStatus.Cancelled, null), (result.Status, result.Error));
        Assert.Equal(NodeStatus.Cancelled, Assert.Single(_store.NodeRuns("n")).Status);
    }

    // The node runs of each element's sub-run, without those deeper.
    private List<IReadOnlyList<StoredNodeRun>> SubRuns() =>
        [.. _store.FindRuns(new RunQuery { IncludeSubRuns = true })
            .Where(run => run.ParentNode == "map")
            .Select(run => _store.GetNodeRuns(run))];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_condition_is_asked_here_before_a_host_is_and_the_attempt_goes_on_there(bool isMet)
    {
        _hosts.Refuses = call => call.Host!.Name == "a" ? "no" : null;
        var settings = On(1, "a", "b") with { If = new NodePredicate(new HostCode(_ => isMet)) };
        var result = await RunAsync(new Dag("d").Add(new DagNode("n", HostCode.Same, settings)));

        Assert.Equal(isMet ? ["n here", "n b"] : ["n here"], _hosts.Begun);
        var row = Assert.Single(_store.NodeRuns("n"));
        Assert.Equal((isMet ? NodeStatus.Completed : NodeStatus.Omitted, 1, isMet ? "b" : null), (row.Status, row.Attempt, row.Host));
        Assert.Equal(DagRunStatus.Completed, result.Status);
    }

    private static NodeSettings On(int slots, params string[] hosts) =>
        new() { Hosts = NodeHosts.Of([.. hosts.Select(host => new HostSpec(host, slots, host))]) };

    private static Dag Element(string label = "x") => new Dag("e").Add(new DagNode(label, HostCode.Same));

    private static Dag Map(int count, Dag element, NodeSettings settings) =>
        Graphs.MapOver(Enumerable.Range(0, count).ToArray(), element, settings);

    private DagRunOptions Options() => new() { Invoker = _hosts, ThrottleLimit = 1, Clock = _clock };

    private Task<DagRunResult> RunAsync(Dag dag, DagRunOptions? options = null) =>
        new DagRunner(dag, _store, (options ?? new DagRunOptions()) with { Invoker = _hosts, ThrottleLimit = 1, Clock = _clock })
            .RunAsync().Soon();
}
