using System.Collections.Concurrent;
using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Engine.Tests.Model;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>Nodes that wait for a host: how they are shown, and what ends the wait.</summary>
public sealed class FarmWaitTests : FarmTest
{
    [Fact]
    public async Task A_node_that_waits_to_be_connected_is_shown_as_waiting_and_counts_no_attempt()
    {
        var open = new TaskCompletionSource();
        Hosts.Connecting = _ => open.Task;

        var run = RunAsync(Map(1, Element(), On(1, "slurm")));
        await Clock.ElapseAsync(TimeSpan.FromSeconds(1));
        await Store.FlushAsync();
        var waits = Assert.Single(Store.NodeRuns("x"));
        open.SetResult();
        var result = await run;

        Assert.Equal((1, NodeStatus.Waiting, "Waits for a host: 'slurm'."), (waits.Attempt, waits.Status, waits.Error));
        Assert.Equal([0], result.Numbers());
        var row = Assert.Single(Store.NodeRuns("x"));
        Assert.Equal((1, NodeStatus.Completed, "slurm", null), (row.Attempt, row.Status, row.Host, row.Error));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_node_that_waits_for_a_slot_of_its_hosts_is_shown_as_waiting_and_counts_no_attempt(bool pauses)
    {
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        Hosts.Gate = call =>
        {
            if (call.Host is null)
                return Task.CompletedTask;
            begun.TrySetResult();
            return goOn.Task;
        };
        var element = new Dag("e").Add(new DagNode("here", HostCode.Same)).Add(new DagNode("x", HostCode.Same, On(1, "a")), ["here"]);
        var runner = new DagRunner(Map(2, element, new NodeSettings { ThrottleLimit = 2 }), Store, Options());
        var run = runner.RunAsync();
        await begun.Task.Soon();
        while (Clock.Waits.Count(wait => wait == TimeSpan.FromSeconds(1)) < 2)
            await Clock.WaitAsync();
        Clock.Advance(TimeSpan.FromSeconds(1));
        while (Store.NodeRuns("x").Count < 2)
            await Store.FlushAsync();
        var waits = Assert.Single(Store.NodeRuns("x"), row => row.Status == NodeStatus.Waiting);
        if (pauses)
            runner.Pause();
        goOn.SetResult();
        var result = await run.Soon();

        Assert.Equal((1, "Waits for a host: 'a'."), (waits.Attempt, waits.Error));
        Assert.Equal(pauses ? DagRunStatus.Paused : DagRunStatus.Completed, result.Status);
        Assert.Equal(pauses ? 1 : 2, Store.NodeRuns("x").Count(row => (row.Status, row.Attempt) == (NodeStatus.Completed, 1)));
        Assert.DoesNotContain(Store.NodeRuns("x"), row => row.Status != NodeStatus.Completed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_that_stops_while_a_node_waits_to_be_connected_leaves_no_attempt(bool cancels)
    {
        using var cancel = new CancellationTokenSource();
        var (open, waits) = (new TaskCompletionSource(), new TaskCompletionSource());
        Hosts.Connecting = _ =>
        {
            waits.TrySetResult();
            return open.Task;
        };
        var runner = new DagRunner(Map(1, Element(), On(1, "a", "b")), Store, Options());
        var run = runner.RunAsync(cancellationToken: cancel.Token);
        await waits.Task.Soon();
        await Clock.ElapseAsync(TimeSpan.FromSeconds(1));
        if (cancels)
            await cancel.CancelAsync();
        else
            runner.Pause();
        var stopped = await run.Soon();

        Assert.Equal(cancels ? DagRunStatus.Cancelled : DagRunStatus.Paused, stopped.Status);
        Assert.Empty(Store.NodeRuns("x"));
        Hosts.Connecting = _ => Task.CompletedTask;
        var result = await runner.RestartAsync(stopped.RunId).Soon();
        Assert.Equal([0], result.Numbers());
        Assert.Equal(1, Assert.Single(Store.NodeRuns("x")).Attempt);
    }

    [Fact]
    public async Task A_failure_beside_it_ends_the_wait_to_be_connected()
    {
        var waits = new TaskCompletionSource();
        Hosts.Connecting = _ =>
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
        var result = await new DagRunner(dag, Store, Options()).RunAsync().Soon();

        Assert.Equal((DagRunStatus.Failed, "bad"), (result.Status, result.FailedNode));
        Assert.Empty(Store.NodeRuns("n"));
    }

    [Fact]
    public async Task A_node_whose_hosts_refuse_is_shown_with_the_reason()
    {
        var refuses = new TaskCompletionSource();
        Hosts.Connecting = _ => refuses.Task;
        Hosts.Refuses = call => $"{call.Host!.Name} is down";
        var runner = new DagRunner(Map(1, Element(), On(1, "a", "b")), Store, Options());
        var run = runner.RunAsync();
        while (!Clock.Waits.Contains(TimeSpan.FromSeconds(1)))
            await Clock.WaitAsync();
        Clock.Advance(TimeSpan.FromSeconds(1));
        await Waits("Waits for a host: 'a', 'b'.");
        refuses.SetResult();
        await Waits("Waits for a host. Host 'a': a is down (1 more)");

        runner.Pause();
        Assert.Equal(DagRunStatus.Paused, (await run.Soon()).Status);

        async Task Waits(string why)
        {
            while (Store.NodeRuns("x") is not [{ Status: NodeStatus.Waiting, Error: var error, Attempt: 1 }] || error != why)
                await Store.FlushAsync();
        }
    }

    [Fact]
    public async Task A_pause_ends_the_wait_for_a_host_that_refused()
    {
        Hosts.Refuses = _ => "down";
        var runner = new DagRunner(Map(3, Element(), On(1, "a", "b")), Store, Options());
        var run = runner.RunAsync();
        for (var wait = await Clock.WaitAsync(); wait != TimeSpan.FromSeconds(5); wait = await Clock.WaitAsync())
        {
        }

        runner.Pause();
        Assert.Equal(DagRunStatus.Paused, (await run.Soon()).Status);
    }

    [Fact]
    public async Task The_time_of_a_node_and_of_a_sub_run_begins_when_it_is_connected()
    {
        var (open, waits) = (new TaskCompletionSource(), new TaskCompletionSource());
        Hosts.Connecting = _ =>
        {
            waits.TrySetResult();
            return open.Task;
        };
        var limit = new NodeSettings { Timeout = TimeSpan.FromMinutes(1) };
        var element = new Dag("e").Add(new DagNode("x", HostCode.Same, limit));
        var run = RunAsync(Map(1, element, On(1, "a") with { Timeout = TimeSpan.FromMinutes(1) }));
        await waits.Task.Soon();
        Clock.Advance(TimeSpan.FromHours(1));
        open.SetResult();

        Assert.Equal(DagRunStatus.Completed, (await run).Status);
    }
}
