using System.Collections.Concurrent;
using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>Hosts that code names, for each element or for a node.</summary>
public sealed class HostNamesTests : IDisposable
{
    private readonly MemoryProvenance _store = new() { IsBuffered = true };
    private readonly HostInvoker _hosts = new();
    private readonly ConcurrentQueue<object?> _asked = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Each_element_runs_on_the_host_that_is_chosen_for_it_here()
    {
        var result = await RunAsync(Map(4, value => $"web{value}"));

        Assert.Equal([0, 1, 2, 3], result.Numbers());
        Assert.Equal([0, 1, 2, 3], _asked.Cast<int>().Order());
        Assert.Equal(["web0", "web1", "web2", "web3"], _store.NodeRuns("x").Select(row => row.Host).Order());
        Assert.Equal(4, _hosts.Begun.Count(call => call == "map here"));
    }

    [Fact]
    public async Task Several_hosts_are_a_farm_for_the_element()
    {
        _hosts.Loses = call => call.Host!.Name == "a1" ? "gone" : null;

        var result = await RunAsync(Map(2, value => $"a{value} b{value}"));

        Assert.Equal([0, 1], result.Numbers());
        Assert.Equal(["a0", "a1", "b1"], _store.NodeRuns("x").Select(row => row.Host).Order());
    }

    [Fact]
    public async Task Elements_with_the_same_hosts_in_any_order_share_their_slots()
    {
        var (inFlight, both) = (0, new TaskCompletionSource());
        _hosts.Gate = async call =>
        {
            if (call.Host is not null && Interlocked.Increment(ref inFlight) == 2)
                both.SetResult();
            if (call.Host is not null)
                await both.Task;
        };
        var result = await RunAsync(Map(12, value => value % 2 == 0 ? "a b" : "b a"));

        Assert.Equal(12, result.Numbers().Length);
        Assert.Equal((1, 1), (_hosts.Most["a"], _hosts.Most["b"]));
    }

    [Fact]
    public async Task Hosts_of_one_name_that_are_reached_in_other_ways_are_other_hosts()
    {
        var endpoints = new ConcurrentBag<object>();
        _hosts.Gate = call =>
        {
            if (call.Host is { } host)
                endpoints.Add(host.Endpoint);
            return Task.CompletedTask;
        };
        var hosts = NodeHosts.ChosenBy(new NodePredicate(HostCode.Same), value => [new HostSpec("web", 1, $"port {value}")]);
        await RunAsync(Graphs.MapOver(new[] { 1, 2 }, Element(), new NodeSettings { Hosts = hosts }));

        Assert.Equal(["port 1", "port 2"], endpoints.Order());
    }

    [Fact]
    public async Task An_element_begins_when_its_host_has_room_and_others_need_not_wait_for_it()
    {
        var watcher = new Watcher();
        var other = new TaskCompletionSource();
        _hosts.Gate = async call =>
        {
            if (call.Host?.Name == "b")
                other.SetResult();
            if (call.Host?.Name == "a")
                await other.Task;
        };
        var result = await RunAsync(Map(10, value => value < 9 ? "a" : "b"), new DagRunOptions { Observer = watcher });

        Assert.Equal(10, result.Numbers().Length);
        Assert.Equal(3, watcher.MostRuns);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_that_stops_while_elements_wait_for_room_ends_and_goes_on(bool pauses)
    {
        using var cancel = new CancellationTokenSource();
        DagRunner? runner = null;
        _hosts.Gate = call =>
        {
            if (call.Host is not null && pauses)
                runner!.Pause();
            else if (call.Host is not null)
                cancel.Cancel();
            return Task.CompletedTask;
        };
        runner = new DagRunner(Map(20, _ => "a"), _store, Options());
        var stopped = await runner.RunAsync(cancellationToken: cancel.Token).Soon();
        _hosts.Gate = _ => Task.CompletedTask;
        _asked.Clear();

        var result = await runner.RestartAsync(stopped.RunId).Soon();

        Assert.Equal(pauses ? DagRunStatus.Paused : DagRunStatus.Cancelled, stopped.Status);
        Assert.Equal(20, result.Numbers().Length);
        Assert.Equal(19, _asked.Count);
    }

    [Fact]
    public async Task Elements_for_which_no_host_is_chosen_fail_alone_and_the_error_says_so()
    {
        var allowed = new NodeSettings { AllowedFailure = AllowedFailure.OfCount(1) };
        var dag = Map(3, value => value == 1 ? throw new InvalidOperationException("who knows") : "a", allowed);

        var result = await RunAsync(dag);

        Assert.Equal([0, 2], result.Numbers());
        Assert.Contains(
            "The code that chooses the hosts of node 'map' names none: who knows",
            _store.NodeRuns("map")[0].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_made_of_the_answer_may_refuse_it()
    {
        var hosts = NodeHosts.ChosenBy(
            new NodePredicate(HostCode.Same), value => throw new DagException(DagErrorId.DagNameInvalid, $"'{value}' is no name", null));
        var result = await RunAsync(Graphs.MapOver(new[] { 1 }, Element(), new NodeSettings { Hosts = hosts }));

        Assert.Equal((DagRunStatus.Failed, DagErrorId.DagNameInvalid), (result.Status, result.Failure!.ErrorId));
        Assert.Contains("'1' is no name", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_without_slots_and_an_empty_answer_are_refused_as_nothing_could_run_there()
    {
        var slots = Assert.Throws<DagException>(() => NodeHosts.Of([new HostSpec("web", 0, "")]));
        Assert.Equal((DagErrorId.DagNameInvalid, "web"), (slots.Id, slots.Target));
        Assert.Throws<DagException>(() => NodeHosts.Of([]));
        var hosts = NodeHosts.ChosenBy(new NodePredicate(HostCode.Same), value => (int)value! == 1 ? [] : [new HostSpec("web", -1, "")]);

        var settings = new NodeSettings { Hosts = hosts, AllowedFailure = AllowedFailure.OfCount(2) };
        var result = await RunAsync(Graphs.MapOver(new[] { 1, 2 }, Element(), settings));

        Assert.Equal((DagRunStatus.Completed, 2), (result.Status, result.Errors.All));
        Assert.Contains("has -1 slots", _store.NodeRuns("map")[0].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_sees_its_upstreams_and_is_asked_again_where_it_is_tried_again()
    {
        _hosts.Refuses = call => call.Host!.Name == "h7" && _asked.Count == 1 ? "no route" : null;
        var dag = new Dag("d").Add(new DagNode("seven", new HostCode(_ => 7)));
        dag.Add(new DagNode("n", HostCode.Same, On(value => $"h{value}") with { Retry = new RetryPolicy { Count = 1 } }), ["seven"]);

        var result = await RunAsync(dag);

        Assert.Equal(7, result.Outputs["n"]);
        Assert.Equal([7, 7], _asked);
        Assert.Equal(
            [(1, NodeStatus.Failed, "h7"), (2, NodeStatus.Completed, "h7")],
            _store.NodeRuns("n").Select(row => (row.Attempt, row.Status, row.Host)));
    }

    [Fact]
    public async Task A_node_for_which_no_host_is_chosen_fails_as_an_attempt()
    {
        var dag = new Dag("d").Add(new DagNode("n", HostCode.Same, On(_ => throw new InvalidOperationException("who knows"))));

        var result = await RunAsync(dag);

        Assert.Equal((DagRunStatus.Failed, "n"), (result.Status, result.FailedNode));
        var row = Assert.Single(_store.NodeRuns("n"));
        Assert.Equal((1, NodeStatus.Failed, null), (row.Attempt, row.Status, row.Host));
    }

    [Fact]
    public async Task A_call_and_a_switch_are_asked_once_for_what_they_are_given()
    {
        var dag = new Dag("d").Add(new DagNode("two", new HostCode(_ => 2)));
        dag.Add(DagNode.Call("call", Element("in"), On(value => $"c{value}")), ["two"]);
        var by = new NodePredicate(new HostCode(_ => "x"));
        dag.Add(DagNode.Switch("switch", new SubDags([new("x", Element("branch"))], by), On(value => $"s{value}")), ["two"]);

        await RunAsync(dag);

        Assert.Equal(("c2", "s2"), (_store.NodeRuns("in")[0].Host, _store.NodeRuns("branch")[0].Host));
    }

    [Fact]
    public async Task A_restart_asks_for_what_is_left_and_touches_no_host_of_what_is_done()
    {
        _hosts.Refuses = call => call.Host!.Name == "web2" ? "down" : null;
        var dag = Map(4, value => $"web{value}", new() { ThrottleLimit = 1 });
        var failed = await RunAsync(dag);
        Assert.Equal(DagErrorId.DagHostUnreachable, failed.Failure!.ErrorId);
        _hosts.Refuses = _ => null;
        _hosts.Tried.Clear();
        _asked.Clear();

        var result = await new DagRunner(dag, _store, Options()).RestartAsync(failed.RunId).Soon();

        Assert.Equal([0, 1, 2, 3], result.Numbers());
        Assert.Equal([2, 3], _asked);
        Assert.Equal(["x web2", "x web3"], _hosts.Tried.Where(call => call.StartsWith('x')));
    }

    [Fact]
    public async Task A_sub_run_that_is_tried_again_stays_with_the_hosts_that_were_chosen_for_it()
    {
        var tries = 0;
        _hosts.Loses = call => ++tries <= 2 ? "gone" : null;

        var result = await RunAsync(Map(1, _ => "a", new() { Retry = new RetryPolicy { Count = 2 } }));

        Assert.Equal([0], result.Numbers());
        Assert.Equal(["a", "a", "a"], _store.NodeRuns("x").Select(row => row.Host));
        Assert.Single(_asked);
    }

    private NodeSettings On(Func<object?, string> choose, NodeSettings? settings = null)
    {
        var code = new HostCode(value =>
        {
            _asked.Enqueue(value);
            return choose(value);
        });
        return (settings ?? new()) with
        {
            Hosts = NodeHosts.ChosenBy(
                new NodePredicate(code), names => [.. ((string)names!).Split(' ').Select(name => new HostSpec(name, 1, name))]),
        };
    }

    private static Dag Element(string label = "x") => new Dag("e").Add(new DagNode(label, HostCode.Same));

    private Dag Map(int count, Func<int, string> choose, NodeSettings? settings = null) =>
        Graphs.MapOver(Enumerable.Range(0, count).ToArray(), Element(), On(value => choose((int)value!), settings));

    private DagRunOptions Options() => new() { Invoker = _hosts, ThrottleLimit = 1 };

    private Task<DagRunResult> RunAsync(Dag dag, DagRunOptions? options = null) =>
        new DagRunner(dag, _store, (options ?? new DagRunOptions()) with { Invoker = _hosts, ThrottleLimit = 1 }).RunAsync().Soon();
}
