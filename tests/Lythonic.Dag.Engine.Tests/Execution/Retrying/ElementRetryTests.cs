using System.Collections.Concurrent;
using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

public sealed class ElementRetryTests : IDisposable
{
    private readonly MemoryProvenance _store = new() { IsBuffered = true };
    private readonly ManualClock _clock = new();
    private readonly ConcurrentDictionary<string, int> _calls = new();

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_element_is_tried_again_from_the_node_that_failed(bool kept)
    {
        var element = new Dag("e")
            .Add("first", (int value) => Count("first", value))
            .Add("second", (int value) => Fails("second", value, 2), "first")
            .Add("third", (int value) => Count("third", value), "second");
        var dag = Graphs.MapOver(new[] { 10, 20, 30 }, element, Retry(2));

        var result = await new DagRunner(dag, kept ? _store : null, Options(2)).RunAsync().Soon();

        Assert.Equal([10, 20, 30], result.Numbers());
        Assert.All(new[] { 10, 20, 30 },
            value => Assert.Equal((1, 3, 1), (_calls[$"first {value}"], _calls[$"second {value}"], _calls[$"third {value}"])));
        if (!kept)
            return;
        Assert.Equal(4, _store.RunCount);
        Assert.Equal(9, _store.NodeRuns("second").Count);
        Assert.Equal(6, _store.NodeRuns("second")
            .Count(row => row.Status == NodeStatus.Failed && row.Error!.Contains("second", StringComparison.Ordinal)));
        Assert.All(_store.FindRuns(new() { IncludeSubRuns = true }),
            run => Assert.Equal((DagRunStatus.Completed, null), (run.Status, run.Error)));
    }

    [Theory]
    [InlineData(NodeKind.Call, true)]
    [InlineData(NodeKind.Switch, true)]
    [InlineData(NodeKind.Call, false)]
    public async Task A_call_and_a_switch_try_their_one_sub_run_again_and_composites_in_it_go_on(NodeKind kind, bool kept)
    {
        var inmost = new Dag("in").Add("a", (int value) => Count("a", value))
            .Add("b", (int value) => value == 2 ? Fails("b", value, 1) : Count("b", value), "a");
        var inner = new Dag("inner").Add("list", (int _) => new[] { 1, 2, 3 });
        inner.Add(DagNode.Map("map", new SubDags(inmost)), ["list"]);
        var dag = new Dag("d").Add("one", () => 1);
        dag.Add(
            kind == NodeKind.Call ? DagNode.Call("again", inner, Retry(1)) : DagNode.Switch(
                "again", new SubDags([new("default", inner)], new NodePredicate(MethodCode.From((int _) => "x"))), Retry(1)),
            ["one"]);

        var result = await new DagRunner(dag, kept ? _store : null, Options(1)).RunAsync().Soon();

        Assert.Equal([1, 2, 3], result.Numbers("again"));
        Assert.Equal([1, 2, 1], new[] { 1, 2, 3 }.Select(value => _calls[$"b {value}"]));
        Assert.Equal([1, 1, 1], new[] { 1, 2, 3 }.Select(value => _calls[$"a {value}"]));
        if (kept)
            Assert.Equal(5, _store.RunCount);
    }

    [Fact]
    public async Task Attempts_are_for_each_element_and_the_last_failure_is_told()
    {
        var element = Graphs.One("e", (int value) => value == 1 ? Fails("e", value, 5) : Fails("e", value, 1));
        var dag = Graphs.MapOver(new[] { 1, 2, 3 }, element, Retry(2));

        var result = await new DagRunner(dag, _store, Options(1) with { ContinueOnFailure = true }).RunAsync().Soon();

        Assert.Equal("map[0]/e: e 3 (value 1)", result.Error);
        Assert.Equal([3, 2, 2], new[] { 1, 2, 3 }.Select(value => _calls[$"e {value}"]));
    }

    [Fact]
    public async Task RetryOn_of_a_map_sees_the_error_of_the_node_inside()
    {
        var on = new NodePredicate(MethodCode.From((Exception error) => error.Message != "e 2"));
        var dag = Graphs.MapOver(new[] { 1 }, Graphs.One("e", (int value) => Fails("e", value, 5)),
            new NodeSettings { Retry = new RetryPolicy { Count = 9, On = on } });

        var result = await new DagRunner(dag, _store, Options(1)).RunAsync().Soon();

        Assert.Equal("map[0]/e: e 2 (value 1)", result.Error);
        Assert.Equal(2, _calls["e 1"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pause_or_a_cancel_ends_the_wait_of_an_element_and_a_restart_goes_on(bool pause)
    {
        using var cancel = new CancellationTokenSource();
        var element = new Dag("e").Add("first", (int value) => Count("first", value))
            .Add("second", (int value) => Fails("second", value, 1), "first");
        var dag = Graphs.MapOver(
            new[] { 1, 2 }, element, new NodeSettings { Retry = new RetryPolicy { Count = 1, Delay = TimeSpan.FromDays(1) } });
        var runner = new DagRunner(dag, _store, Options(2));

        var run = runner.RunAsync(cancellationToken: cancel.Token);
        await _clock.WaitAsync();
        await _clock.WaitAsync();
        if (pause)
            runner.Pause();
        else
            await cancel.CancelAsync();
        var stopped = await run.Soon();
        var result = await runner.RestartAsync(stopped.RunId).Soon();

        Assert.Equal(pause ? DagRunStatus.Paused : DagRunStatus.Cancelled, stopped.Status);
        Assert.Equal([1, 2], result.Numbers());
        Assert.Equal([1, 1, 2, 2], new[] { "first 1", "first 2", "second 1", "second 2" }.Select(call => _calls[call]));
    }

    [Fact]
    public async Task A_wait_of_an_element_holds_no_slot_of_the_run()
    {
        var other = new TaskCompletionSource();
        var dag = Graphs.MapOver(new[] { 1 }, Graphs.One("e", (int value) => Fails("e", value, 1)),
            new NodeSettings { Retry = new RetryPolicy { Count = 1, Delay = TimeSpan.FromDays(1) } });
        dag.Add("after", (int[] _) => { other.SetResult(); return 0; }, "list");

        var run = new DagRunner(dag, _store, Options(1)).RunAsync();
        await other.Task.Soon();
        await _clock.ElapseAsync();

        Assert.Equal(DagRunStatus.Completed, (await run.Soon()).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_time_of_an_element_is_for_one_attempt_of_its_whole_sub_run(bool nested)
    {
        var begun = new TaskCompletionSource();
        var slow = async (int value, CancellationToken token) =>
        {
            if (Count("slow", value) > 0 && begun.TrySetResult())
                await Task.Delay(Timeout.Infinite, token);
            return value;
        };
        var element = new Dag("e").Add("quick", (int value) => Count("quick", value));
        if (nested)
            element.Add(DagNode.Call("inside", Graphs.One("slow", slow)), ["quick"]);
        else
            element.Add("slow", slow, "quick");
        var dag = Graphs.MapOver(
            new[] { 7 }, element, new NodeSettings { Timeout = TimeSpan.FromHours(1), Retry = new RetryPolicy { Count = 1 } });

        var run = new DagRunner(dag, _store, Options(1)).RunAsync();
        await begun.Task.Soon();
        await _clock.ElapseAsync();
        var result = await run.Soon();

        Assert.Equal([7], result.Numbers());
        Assert.Equal((1, 2), (_calls["quick 7"], _calls["slow 7"]));
        Assert.Equal([nested ? NodeStatus.Cancelled : NodeStatus.Failed, NodeStatus.Completed],
            _store.NodeRuns("slow").Select(row => row.Status));
    }

    [Fact]
    public async Task An_element_that_takes_too_long_fails_and_names_the_node_that_it_was_in()
    {
        var begun = new TaskCompletionSource();
        var element = new Dag("e").Add("quick", (int value) => value);
        var slow = async (int value, CancellationToken token) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return value;
        };
        element.Add(DagNode.Call("inside", Graphs.One("slow", slow)), ["quick"]);
        element.Add("last", (int value) => Count("last", value), "inside");
        var dag = Graphs.MapOver(new[] { 7 }, element, new NodeSettings { Timeout = TimeSpan.FromHours(1) });

        var run = new DagRunner(dag, _store, Options(1) with { ContinueOnFailure = true }).RunAsync();
        await begun.Task.Soon();
        await _clock.ElapseAsync();
        var result = await run.Soon();

        Assert.Equal("map[0]/inside: It timed out after 1 h 0 min (value 7)", result.Error);
        Assert.IsType<TimeoutException>(result.Failure!.Exception);
        Assert.Empty(_calls);
    }

    [Fact]
    public async Task Elements_that_take_too_long_are_failures_that_may_be_allowed()
    {
        var element = Graphs.One("e", async (int value, CancellationToken token) =>
        {
            if (value == 2)
                await Task.Delay(Timeout.Infinite, token);
            return value;
        });
        var dag = Graphs.MapOver(new[] { 1, 2, 3 }, element,
            new NodeSettings { Timeout = TimeSpan.FromHours(1), AllowedFailure = AllowedFailure.OfCount(1), ThrottleLimit = 1 });
        dag.Add("after", (object[] all) => all.Length, "map");

        var run = new DagRunner(dag, _store, Options(1)).RunAsync();
        await _clock.WaitAsync();
        await _clock.ElapseAsync();
        var result = await run.Soon();

        Assert.Equal(DagRunStatus.Completed, result.Status);
        Assert.Equal(2, result.Outputs["after"]);
    }

    private static NodeSettings Retry(int count) => new() { Retry = new RetryPolicy { Count = count } };

    private int Count(string node, int value)
    {
        _calls.AddOrUpdate($"{node} {value}", 1, (_, before) => before + 1);
        return value;
    }

    private int Fails(string node, int value, int times)
    {
        Count(node, value);
        return _calls[$"{node} {value}"] <= times ? throw new InvalidOperationException($"{node} {_calls[$"{node} {value}"]}") : value;
    }

    private DagRunOptions Options(int throttle) => new() { ThrottleLimit = throttle, Clock = _clock };
}
