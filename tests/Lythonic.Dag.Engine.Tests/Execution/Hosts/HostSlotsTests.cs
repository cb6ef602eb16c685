using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>All nodes of a run that name one host share its slots.</summary>
public sealed class HostSlotsTests : FarmTest
{
    private readonly TaskCompletionSource _begun = new();
    private readonly TaskCompletionSource _goOn = new();

    public static TheoryData<string> Kinds => ["node", "chosen", "element", "inside"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_node_waits_for_the_slot_that_another_node_has_and_is_shown_as_waiting(string kind)
    {
        HoldFirst();
        var run = RunAsync(Two(kind));
        await WaitsAsync();
        var tried = Hosts.Tried.Where(call => call.EndsWith(" a", StringComparison.Ordinal)).ToList();
        _goOn.SetResult();
        var result = await run;

        Assert.Equal(["first a"], tried);
        Assert.Equal(DagRunStatus.Completed, result.Status);
        Assert.Equal(1, Hosts.Most["a"]);
        Assert.Equal((1, NodeStatus.Completed), Store.NodeRuns("x").Select(row => (row.Attempt, row.Status)).Single());
    }

    [Theory]
    [InlineData("node", true)]
    [InlineData("node", false)]
    [InlineData("inside", true)]
    [InlineData("inside", false)]
    public async Task A_run_that_stops_while_a_node_waits_for_such_a_slot_leaves_no_attempt(string kind, bool cancels)
    {
        using var cancel = new CancellationTokenSource();
        HoldFirst();
        var runner = new DagRunner(Two(kind), Store, Options());
        var run = runner.RunAsync(cancellationToken: cancel.Token);
        await WaitsAsync();
        if (cancels)
            await cancel.CancelAsync();
        else
            runner.Pause();
        _goOn.SetResult();
        var stopped = await run.Soon();

        Assert.Equal(cancels ? DagRunStatus.Cancelled : DagRunStatus.Paused, stopped.Status);
        Assert.Empty(Store.NodeRuns("x"));
        Assert.Equal(DagRunStatus.Completed, (await runner.RestartAsync(stopped.RunId).Soon()).Status);
    }

    [Fact]
    public async Task Nodes_go_to_the_host_of_their_farms_that_has_a_free_slot()
    {
        var both = new TaskCompletionSource();
        Hosts.Gate = _ =>
        {
            if (Hosts.Begun.Count == 2)
                both.SetResult();
            return both.Task;
        };
        var dag = new Dag("d").Add(new DagNode("n", HostCode.Same, On(1, "a", "b"))).Add(new DagNode("m", HostCode.Same, On(1, "a", "b")));

        await RunAsync(dag);

        Assert.Equal((1, 1), (Hosts.Most["a"], Hosts.Most["b"]));
    }

    [Fact]
    public async Task Nodes_on_the_hosts_of_elements_around_them_wait_for_no_element_that_waits_for_them()
    {
        Dag Crossing(string outer, string inner) => Map(
            5,
            Element("one").Add(new DagNode("two", HostCode.Same, On(1, inner)), ["one"])
                .Add(new DagNode("three", HostCode.Same, On(1, outer)), ["two"])
                .Add(new DagNode("four", HostCode.Same), ["three"]),
            On(1, outer));
        var dag = new Dag("d").Add(new DagNode("source", HostCode.Same))
            .Add(DagNode.Call("x", Crossing("a", "b")), ["source"])
            .Add(DagNode.Call("y", Crossing("b", "a")), ["source"])
            .Add(new DagNode("n", HostCode.Same, On(1, "a")));

        Assert.Equal(DagRunStatus.Completed, (await RunAsync(dag)).Status);
        Assert.Equal((1, 1), (Hosts.Most["a"], Hosts.Most["b"]));
    }

    [Fact]
    public void Farms_that_wait_for_a_host_take_turns_even_if_one_has_elements_without_end()
    {
        var slots = new HostSlots();
        var map = Farm(slots, 1);
        var leaf = Farm(slots, 1);
        var busy = Wait(map, 3);
        Lease(map)!.Host.Measure(TimeSpan.FromMilliseconds(15));
        Assert.NotNull(Lease(map));
        Wait(leaf, 1);

        // The map shares its slot no longer, and the slot comes free.
        Assert.Null(Lease(map));
        HostFarm.Release(busy[0].Lease!);
        Assert.Null(Lease(map));
        Assert.Null(Lease(leaf));
        HostFarm.Release(busy[1].Lease!);
        Assert.Equal([map, leaf], new[] { slots.NextTurn(), slots.NextTurn() });
        var other = Lease(leaf)!;
        Assert.Null(Lease(map));
        HostFarm.Release(other);
        Assert.NotNull(Lease(map));
    }

    [Fact]
    public void A_farm_whose_turn_it_is_fills_its_slot_with_short_calls_while_another_waits()
    {
        var slots = new HostSlots();
        var (one, other) = (Farm(slots, 1), Farm(slots, 1));
        Wait(one, 1);
        var first = Lease(one)!;
        first.Host.Measure(TimeSpan.FromMilliseconds(15));
        HostFarm.Release(first);
        Wait(one, 10);
        Wait(other, 1);

        Assert.Equal([true, true, true, true, false], Enumerable.Range(0, 5).Select(_ => Lease(one) is not null));
    }

    [Fact]
    public void Who_is_on_a_host_gets_its_slot_before_somebody_who_waits_for_the_host()
    {
        var slots = new HostSlots();
        var (farm, beside) = (Farm(slots, 1), Farm(slots, 1));
        var stays = new WaitingSeeker(OrderKey.Root.Then(1));
        farm.Enqueue(stays);
        Lease(farm);
        stays.Stay();
        Wait(farm, 1);
        Wait(beside, 1);
        var other = Lease(beside)!;
        farm.Enqueue(stays);
        Assert.Null(Lease(farm));
        HostFarm.Release(other);
        // Nobody else can come to the host before it has left.
        Assert.Same(stays, Lease(farm)!.Seeker);
        HostFarm.EndCall(stays.Lease!);

        Assert.Null(Lease(farm));
    }

    [Fact]
    public void If_nodes_say_different_numbers_of_slots_the_largest_counts()
    {
        var slots = new HostSlots();
        var few = Farm(slots, 1);
        var many = Farm(slots, 3);
        Wait(few, 2);
        Wait(many, 3);

        Assert.Equal([true, false], new[] { Lease(few), Lease(few) }.Select(lease => lease is not null));
        Assert.Equal([true, true, false], new[] { Lease(many), Lease(many), Lease(many) }.Select(lease => lease is not null));
    }

    // The first node holds the slot of the host until the test goes on.
    private void HoldFirst() => Hosts.Gate = call =>
    {
        if (call.Context.NodeLabel != "first")
            return Task.CompletedTask;
        _begun.TrySetResult();
        return _goOn.Task;
    };

    // A node that is first on the host, and a node x that wants to run there meanwhile.
    private static Dag Two(string kind)
    {
        var on = On(1, "a");
        var x = new DagNode("x", HostCode.Same, on);
        var dag = new Dag("d").Add(new DagNode("first", HostCode.Same, on)).Add(new DagNode("source", HostCode.Same));
        return kind switch
        {
            "node" => dag.Add(x),
            "chosen" => dag.Add(new DagNode("x", HostCode.Same, on with
            {
                Hosts = NodeHosts.ChosenBy(new NodePredicate(new HostCode(_ => "a")), _ => on.Hosts!.Fixed),
            })),
            "element" => dag.Add(DagNode.Call("call", Element(), on), ["source"]),
            _ => dag.Add(DagNode.Call("call", new Dag("e").Add(x)), ["source"]),
        };
    }

    // Waits until the store says that x waits.
    private async Task WaitsAsync()
    {
        await _begun.Task.Soon();
        var seen = Task.Run(async () =>
        {
            while (Store.NodeRuns("x") is not [{ Status: NodeStatus.Waiting, Error: "Waits for a host: 'a'." }])
            {
                await Clock.ElapseAsync(TimeSpan.FromSeconds(1));
                await Store.FlushAsync();
            }
        });
        await seen.Soon();
    }

    private static HostFarm Farm(HostSlots slots, int count)
    {
        slots.Allow(count);
        return new HostFarm([new FarmHost(new HostSpec("a", count, "a"), slots)]);
    }

    private static List<WaitingSeeker> Wait(HostFarm farm, int count)
    {
        var seekers = Enumerable.Range(0, count).Select(index => new WaitingSeeker(OrderKey.Root.Then(index))).ToList();
        seekers.ForEach(farm.Enqueue);
        return seekers;
    }

    private static HostLease? Lease(HostFarm farm)
    {
        var lease = farm.LeaseNext(TimeSpan.Zero);
        lease?.Seeker.Accept(lease);
        return lease;
    }
}
