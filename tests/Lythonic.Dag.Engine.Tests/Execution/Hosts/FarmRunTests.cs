using System.Collections.Concurrent;
using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Engine.Tests.Model;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>A map over a farm: which host takes which element if hosts refuse or are lost.</summary>
public sealed class FarmRunTests : FarmTest
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Elements_run_on_all_slots_whatever_the_throttle_of_the_run_and_no_host_has_more(int slots)
    {
        var (inFlight, full) = (0, new TaskCompletionSource());
        Hosts.Gate = async call =>
        {
            if (call.Host is null)
                return;
            if (Interlocked.Increment(ref inFlight) == 2 * slots)
                full.SetResult();
            await full.Task;
        };

        var result = await RunAsync(Map(20, Element(), On(slots, "a", "b")));

        Assert.Equal(Enumerable.Range(0, 20), result.Numbers());
        Assert.Equal((slots, slots), (Hosts.Most["a"], Hosts.Most["b"]));
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
        Assert.All(Hosts.Most.Where(most => most.Key != "here"), most => Assert.Equal(1, most.Value));
    }

    [Fact]
    public async Task A_sub_map_inside_of_an_element_is_on_the_elements_host()
    {
        var inner = new Dag("i").Add(new DagNode("list", new HostCode(value => new object[] { value!, value! })));
        inner.Add(DagNode.Map("deep", new SubDags(Element("in"))), ["list"]);
        await RunAsync(Map(4, inner, On(1, "a", "b")));

        Assert.All(SubRuns(), nodes => Assert.NotNull(nodes[0].Host));
        Assert.Equal(8, Store.NodeRuns("in").Count(node => node.Host is not null));
    }

    [Fact]
    public async Task Others_take_the_work_of_a_host_that_refuses_which_counts_no_attempt()
    {
        Hosts.Refuses = call => call.Host!.Name == "bad" ? "Connection refused" : null;

        var result = await RunAsync(Map(20, Element(), On(2, "bad", "good")));

        Assert.Equal(Enumerable.Range(0, 20), result.Numbers());
        Assert.All(Store.NodeRuns("x"), row => Assert.Equal((1, NodeStatus.Completed, "good"), (row.Attempt, row.Status, row.Host)));
        Assert.Equal(20, Store.NodeRuns("x").Count);
        Assert.InRange(Hosts.Tried.Count(call => call == "x bad"), 1, 2);
    }

    [Fact]
    public async Task A_host_that_refused_is_tried_again_when_its_time_has_come()
    {
        var tries = 0;
        Hosts.Refuses = call => ++tries <= 2 ? "not yet" : null;

        var run = RunAsync(Map(1, Element(), On(1, "a", "b")));
        await Clock.ElapseAsync(TimeSpan.FromSeconds(5));
        var result = await run;

        Assert.Equal([0], result.Numbers());
        Assert.Equal(1, Assert.Single(Store.NodeRuns("x")).Attempt);
    }

    [Fact]
    public async Task Where_no_host_is_left_the_error_names_each_with_its_reason()
    {
        Hosts.Refuses = call => $"{call.Host!.Name} is down";

        var dag = Map(2, Element(), On(1, "a", "b"));
        var result = await new DagRunner(dag, Store, Options() with { Clock = new InstantClock() }).RunAsync().Soon();

        Assert.Equal((DagRunStatus.Failed, DagErrorId.DagHostUnreachable), (result.Status, result.Failure!.ErrorId));
        Assert.Contains("a: Host 'a': a is down; b: Host 'b': b is down", result.Error, StringComparison.Ordinal);
        Assert.All(Store.NodeRuns("x"), row => Assert.Equal((1, NodeStatus.Failed), (row.Attempt, row.Status)));
    }

    [Fact]
    public async Task A_call_that_is_lost_goes_to_another_host_as_an_attempt_of_its_own()
    {
        Hosts.Loses = call => call.Host!.Name == "a" ? "exit code 255" : null;

        var result = await RunAsync(Map(1, Element(), On(1, "a", "b")));

        Assert.Equal([0], result.Numbers());
        Assert.Equal(
            [(1, NodeStatus.Failed, "a"), (2, NodeStatus.Completed, "b")],
            Store.NodeRuns("x").Select(row => (row.Attempt, row.Status, row.Host)));
        Assert.Equal("DagHostUnreachable: Host 'a': exit code 255", Store.NodeRuns("x")[0].Error);
    }

    [Fact]
    public async Task What_lost_three_hosts_fails_and_names_them()
    {
        Hosts.Loses = _ => "gone";

        var result = await RunAsync(Map(1, Element(), On(1, "a", "b", "c", "d")));

        Assert.Equal((DagRunStatus.Failed, DagErrorId.DagHostUnreachable), (result.Status, result.Failure!.ErrorId));
        Assert.Contains("lost three times: 'a', 'b', 'c'", result.Error, StringComparison.Ordinal);
        Assert.Equal(["a", "b", "c"], Store.NodeRuns("x").Select(row => row.Host));
    }

    [Fact]
    public async Task What_has_not_completed_of_an_element_goes_to_another_host_and_what_has_stays()
    {
        var element = new Dag("e").Add(new DagNode("first", HostCode.Same)).Add(new DagNode("second", HostCode.Same), ["first"]);
        var losses = 0;
        Hosts.Loses = call => call.Context.NodeLabel == "second" && ++losses == 1 ? "gone" : null;

        var result = await RunAsync(Map(1, element, On(1, "a", "b")));

        Assert.Equal([0], result.Numbers());
        Assert.Equal(["first a", "second a", "second b"], Hosts.Begun.Skip(1));
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

        Hosts.Refuses = _ => Happens(5) ? "no" : null;
        Hosts.Loses = call =>
        {
            var element = int.Parse(call.Context.Path[6..^1], null);
            if (losses.GetValueOrDefault(element) == 2 || !Happens(20))
                return null;
            losses.AddOrUpdate(element, 1, (_, before) => before + 1);
            return "gone";
        };
        var dag = Map(count, Element(), On(2, "a", "b", "c", "d"));
        var result = await new DagRunner(dag, Store, Options() with { Clock = new InstantClock() }).RunAsync().Soon();

        Assert.Equal(Enumerable.Range(0, count), result.Numbers());
        Assert.Equal(count, Store.NodeRuns("x").Count(row => row.Status == NodeStatus.Completed));
        Assert.Equal(losses.Values.Sum(), Store.NodeRuns("x").Count(row => row.Status == NodeStatus.Failed));
        Assert.All(SubRuns(), nodes => Assert.Single(nodes));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_sole_host_fails_its_node_at_once_and_a_retry_tries_again(bool begins)
    {
        var tries = 0;
        Hosts.Refuses = call => !begins && ++tries <= 2 ? "Permission denied (publickey)" : null;
        Hosts.Loses = call => begins && ++tries <= 2 ? "Permission denied (publickey)" : null;
        var dag = new Dag("d").Add(new DagNode("n", HostCode.Same, On(1, "a") with { Retry = new RetryPolicy { Count = 1 } }));

        var failed = await RunAsync(dag);
        var result = await new DagRunner(dag, Store, Options()).RestartAsync(failed.RunId).Soon();

        Assert.Equal((DagRunStatus.Failed, DagErrorId.DagHostUnreachable), (failed.Status, failed.Failure!.ErrorId));
        Assert.Equal((DagRunStatus.Completed, 3), (result.Status, tries));
        Assert.Equal([1, 2, 3], Store.NodeRuns("n").Select(row => row.Attempt));
        Assert.All(Store.NodeRuns("n"), row => Assert.Equal("a", row.Host));
        Assert.Contains("publickey", Store.NodeRuns("n")[1].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_is_lost_with_a_step_of_a_cluster_goes_on_with_another()
    {
        var losses = 0;
        Hosts.Loses = _ => ++losses == 1 ? "CANCELLED" : null;
        var cluster = NodeHosts.Of([new HostSpec("slurm", 2, "slurm") { IsCluster = true }]);

        var result = await RunAsync(Map(1, Element(), new NodeSettings { Hosts = cluster }));

        Assert.Equal([0], result.Numbers());
        Assert.Equal([NodeStatus.Failed, NodeStatus.Completed], Store.NodeRuns("x").Select(row => row.Status));
    }

    [Fact]
    public async Task A_call_that_has_begun_goes_on_when_the_run_pauses()
    {
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        Hosts.Gate = call =>
        {
            begun.TrySetResult();
            return goOn.Task;
        };
        var runner = new DagRunner(new Dag("d").Add(new DagNode("n", HostCode.Same, On(1, "a"))), Store, Options());
        var run = runner.RunAsync();
        await begun.Task.Soon();
        runner.Pause();
        goOn.SetResult();

        Assert.Equal(DagRunStatus.Completed, (await run.Soon()).Status);
    }

    [Fact]
    public async Task A_host_that_is_lost_as_the_run_is_cancelled_is_no_loss()
    {
        using var cancel = new CancellationTokenSource();
        Hosts.Loses = _ =>
        {
            cancel.Cancel();
            return "Killed by signal 2";
        };
        var dag = new Dag("d").Add(new DagNode("n", HostCode.Same, On(1, "a", "b")));

        var result = await new DagRunner(dag, Store, Options()).RunAsync(cancellationToken: cancel.Token).Soon();

        Assert.Equal((DagRunStatus.Cancelled, null), (result.Status, result.Error));
        Assert.Equal(NodeStatus.Cancelled, Assert.Single(Store.NodeRuns("n")).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_condition_is_asked_here_before_a_host_is_and_the_attempt_goes_on_there(bool isMet)
    {
        Hosts.Refuses = call => call.Host!.Name == "a" ? "no" : null;
        var settings = On(1, "a", "b") with { If = new NodePredicate(new HostCode(_ => isMet)) };
        var result = await RunAsync(new Dag("d").Add(new DagNode("n", HostCode.Same, settings)));

        Assert.Equal(isMet ? ["n here", "n b"] : ["n here"], Hosts.Begun);
        var row = Assert.Single(Store.NodeRuns("n"));
        Assert.Equal((isMet ? NodeStatus.Completed : NodeStatus.Omitted, 1, isMet ? "b" : null), (row.Status, row.Attempt, row.Host));
        Assert.Equal(DagRunStatus.Completed, result.Status);
    }
}
