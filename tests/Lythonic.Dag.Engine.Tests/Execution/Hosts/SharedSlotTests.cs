using System.Collections.Concurrent;
using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Engine.Tests.Model;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>Elements whose code is short share the slots of their hosts, and are sent together.</summary>
public sealed class SharedSlotTests : FarmTest
{
    [Fact]
    public async Task Elements_whose_code_is_short_share_slots_and_none_is_lost()
    {
        const int most = 32;
        var (inFlight, full) = (0, new TaskCompletionSource());
        Hosts.CodeTime = TimeSpan.FromMilliseconds(1);
        Hosts.Gate = async call =>
        {
            if (call.Host is null || Hosts.Begun.Count < 10)
                return;
            if (Interlocked.Increment(ref inFlight) == most - 5)
                full.SetResult();
            await full.Task;
        };

        var result = await RunAsync(Map(200, Element(), On(1, "a")));

        Assert.Equal(Enumerable.Range(0, 200), result.Numbers());
        Assert.InRange(Hosts.Most["a"], most - 5, most);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(null)]
    public async Task Elements_whose_code_takes_20_ms_have_a_slot_each(int? milliseconds)
    {
        Hosts.CodeTime = milliseconds is { } given ? TimeSpan.FromMilliseconds(given) : null;

        await RunAsync(Map(100, Element(), On(2, "a")));

        Assert.InRange(Hosts.Most["a"], 1, 2);
    }

    [Fact]
    public async Task What_waits_to_share_the_slot_of_a_long_one_goes_to_another_host_as_the_same_attempt()
    {
        string? held = null;
        var (others, done) = (0, new TaskCompletionSource());
        Hosts.CodeTime = TimeSpan.FromMilliseconds(1);
        Hosts.Behind = call => Task.FromResult<NodeOutcome?>(call.Host!.Name == held ? NodeOutcome.Cancelled() : null);
        Hosts.Gate = async call =>
        {
            if (call.Host is null)
                return;
            if (ElementOf(call) == 20)
            {
                held = call.Host.Name;
                call.Linger();
                await done.Task;
            }
            else if (Interlocked.Increment(ref others) == 39)
            {
                done.SetResult();
            }
        };

        var result = await RunAsync(Map(40, Element(), On(1, "a", "b")));

        Assert.Equal(Enumerable.Range(0, 40), result.Numbers());
        Assert.All(Store.NodeRuns("x"), row => Assert.Equal((1, NodeStatus.Completed), (row.Attempt, row.Status)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_failure_no_element_begins_that_waits_to_share_a_slot(bool allows)
    {
        var waiting = new TaskCompletionSource();
        Hosts.CodeTime = TimeSpan.FromMilliseconds(1);
        Hosts.Connecting = call =>
        {
            if (ElementOf(call) <= 20)
                return Task.CompletedTask;
            if (Hosts.Tried.Count > 25)
                waiting.TrySetResult();
            return allows ? waiting.Task : new TaskCompletionSource().Task;
        };
        Hosts.Gate = call => call.Host is not null && ElementOf(call) == 20 ? waiting.Task : Task.CompletedTask;
        var element = new Dag("e").Add(
            new DagNode("x", new HostCode(value => (int)value! == 20 ? throw new InvalidOperationException("no") : value)));
        var settings = On(1, "a") with { AllowedFailure = allows ? AllowedFailure.OfCount(1) : null };

        var failed = await RunAsync(Map(40, element, settings));

        Assert.Equal(allows ? DagRunStatus.Completed : DagRunStatus.Failed, failed.Status);
        var rows = Store.NodeRuns("x");
        Assert.InRange(rows.Count(row => row.Status == NodeStatus.Completed), allows ? 39 : 1, allows ? 39 : 20);
        Assert.Equal(1, rows.Count(row => row.Status != NodeStatus.Completed));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_whose_turn_did_not_come_among_others_is_made_again_as_the_same_attempt(bool isLost)
    {
        var returns = 0;
        Hosts.Behind = _ => Task.FromResult<NodeOutcome?>(
            ++returns > 5 ? null
            : isLost ? NodeOutcome.Unreachable(new NodeFailure("gone") { ErrorId = DagErrorId.DagHostUnreachable }, hasBegun: false)
            : NodeOutcome.Cancelled());

        var result = await RunAsync(Map(2, Element(), On(1, "a", "b")));

        Assert.Equal([0, 1], result.Numbers());
        Assert.All(Store.NodeRuns("x"), row => Assert.Equal((1, NodeStatus.Completed, null), (row.Attempt, row.Status, row.Error)));
        Assert.Equal(2, Store.NodeRuns("x").Count);
    }

    [Fact]
    public async Task A_call_that_was_stopped_with_another_after_its_turn_came_is_made_again_as_another_attempt()
    {
        Hosts.Behind = _ => Task.FromResult<NodeOutcome?>(null);
        Hosts.Stops = call => call.Context.Attempt == 1 ? NodeOutcome.Failed(new NodeFailure("stopped")) : null;

        var result = await RunAsync(Map(1, Element(), On(1, "a")));

        Assert.Equal([0], result.Numbers());
        Assert.Equal(
            [(1, NodeStatus.Failed, "stopped"), (2, NodeStatus.Completed, null)],
            Store.NodeRuns("x").Select(row => (row.Attempt, row.Status, row.Error)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_call_whose_turn_may_have_come_before_its_host_was_lost_is_made_again_as_another_attempt(int hosts)
    {
        var lost = 0;
        var alone = new List<bool>();
        Hosts.Behind = call =>
        {
            alone.Add(call.IsAlone);
            call.MayHaveBegun = ++lost < 5;
            return Task.FromResult<NodeOutcome?>(!call.MayHaveBegun ? null : NodeOutcome.Unreachable(
                new NodeFailure("gone") { ErrorId = DagErrorId.DagHostUnreachable }, hasBegun: false));
        };

        var result = await RunAsync(Map(1, Element(), On(1, [.. new[] { "a", "b" }.Take(hosts)])));

        Assert.Equal([0], result.Numbers());
        Assert.Equal(
            [(1, NodeStatus.Failed), (2, NodeStatus.Failed), (3, NodeStatus.Failed), (4, NodeStatus.Failed), (5, NodeStatus.Completed)],
            Store.NodeRuns("x").Select(row => (row.Attempt, row.Status)));
        // An element that was lost with its host may end another host too, so it is sent alone.
        Assert.Equal([false, true, true, true, true], alone);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_whose_turn_did_not_come_before_its_run_stopped_leaves_no_attempt(bool cancels)
    {
        using var cancel = new CancellationTokenSource();
        var (sent, goesBack) = (new TaskCompletionSource(), new TaskCompletionSource<NodeOutcome?>());
        Hosts.Behind = _ =>
        {
            sent.TrySetResult();
            return goesBack.Task;
        };
        var runner = new DagRunner(Map(1, Element(), On(1, "a", "b")), Store, Options());
        var run = runner.RunAsync(cancellationToken: cancel.Token);
        await sent.Task.Soon();
        if (cancels)
            await cancel.CancelAsync();
        else
            runner.Pause();
        goesBack.SetResult(NodeOutcome.Cancelled());
        var stopped = await run.Soon();

        Assert.Equal(cancels ? DagRunStatus.Cancelled : DagRunStatus.Paused, stopped.Status);
        Assert.Empty(Store.NodeRuns("x"));
    }

    [Fact]
    public async Task The_time_of_a_call_that_was_sent_behind_others_begins_with_its_code()
    {
        var (sent, turn) = (new TaskCompletionSource(), new TaskCompletionSource<NodeOutcome?>());
        Hosts.Behind = _ =>
        {
            sent.TrySetResult();
            return turn.Task;
        };
        var element = new Dag("e").Add(new DagNode("x", HostCode.Same, new NodeSettings { Timeout = TimeSpan.FromSeconds(1) }));
        var run = RunAsync(Map(1, element, On(1, "a")));
        await sent.Task.Soon();
        await Clock.ElapseAsync(TimeSpan.FromSeconds(1));
        turn.SetResult(null);
        var result = await run;

        Assert.Equal([0], result.Numbers());
        Assert.Equal(Clock.GetUtcNow(), Assert.Single(Store.NodeRuns("x")).StartedAt);
    }

    private static int ElementOf(NodeCall call) => int.Parse(call.Context.Path[6..^1], null);
}
