using System.Collections.Concurrent;
using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>Closing nodes that run after a cancellation.</summary>
public sealed class ClosingAfterCancelTests : IDisposable
{
    private static readonly TimeSpan Shared = TimeSpan.FromSeconds(30);

    private readonly MemoryProvenance _store = new();
    private readonly ManualClock _clock = new();
    private readonly CancellationTokenSource _cancel = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _ran = [];

    public void Dispose()
    {
        _store.Dispose();
        _cancel.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task Always_nodes_run_and_nodes_for_a_failure_are_cancelled()
    {
        var dag = Cancelling().Add("b", () => 1, "a").Add(Node("c", Say, NodeWhen.Always), ["a", "b"]);
        dag.Add(Node("f", Say, NodeWhen.Failed), ["a"]);

        var result = await RunAsync(dag);

        Assert.Equal(["c: a cancelled, b cancelled"], _ran);
        Assert.Equal(DagRunStatus.Cancelled, result.Status);
        Assert.Equal([NodeStatus.Completed, NodeStatus.Cancelled], result.Nodes.Skip(2).Select(node => node.Status));
        Assert.Equal(NodeStatus.Cancelled, _store.Statuses()["d:f"]);
    }

    [Fact]
    public async Task They_run_also_where_the_run_was_cancelled_before_it_began()
    {
        await _cancel.CancelAsync();

        await RunAsync(new Dag("d").Add("a", () => 1).Add(Node("c", Say, NodeWhen.Always), ["a"]));

        Assert.Equal(["c: a cancelled"], _ran);
    }

    [Fact]
    public async Task A_closing_node_that_fails_leaves_a_cancelled_run_cancelled()
    {
        var dag = Cancelling().Add(Node("c", int () => throw new InvalidOperationException("no"), NodeWhen.Always), ["a"]);

        var result = await RunAsync(dag);

        Assert.Equal((DagRunStatus.Cancelled, NodeStatus.Failed), (result.Status, result.Nodes[1].Status));
    }

    [Fact]
    public async Task They_share_thirty_seconds()
    {
        var dag = Cancelling().Add(Node("c", Forever, NodeWhen.Always), ["a"]).Add(Node("after", Say, NodeWhen.Always), ["c"]);
        var run = RunAsync(dag);
        await _clock.ElapseAsync(Shared);

        var result = await run;

        Assert.Equal([NodeStatus.Cancelled, NodeStatus.Cancelled], result.Nodes.Skip(1).Select(node => node.Status));
        Assert.Empty(_ran);
        Assert.Contains("time", _store.NodeRuns("after").Single().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Their_sub_runs_and_waits_are_part_of_the_thirty_seconds()
    {
        var retry = new RetryPolicy { Count = 1, Delay = TimeSpan.FromHours(1) };
        var begun = new TaskCompletionSource();
        var inner = new Dag("e").Add("x", async (DagContext context) =>
        {
            begun.SetResult();
            await Forever(context).ConfigureAwait(false);
        });
        var dag = Cancelling().Add(DagNode.Call("call", inner, new NodeSettings { When = NodeWhen.Always }), ["a"]);
        var settings = new NodeSettings { When = NodeWhen.Always, Retry = retry };
        dag.Add(new DagNode("c", MethodCode.From(int () => throw new InvalidOperationException("no")), settings), ["a"]);
        var run = RunAsync(dag);
        await begun.Task.Soon();
        while (await _clock.WaitAsync() != retry.Delay)
        {
            // The time limit for stopping the cancelled node waits too.
        }

        _clock.Advance(Shared);

        var result = await run;

        Assert.Equal(DagRunStatus.Cancelled, result.Status);
        Assert.Equal(NodeStatus.Cancelled, result.Nodes[1].Status);
        Assert.Equal(NodeStatus.Cancelled, _store.Statuses()["d/call[call]:x"]);
        Assert.Equal([NodeStatus.Failed, NodeStatus.Cancelled], _store.NodeRuns("c").Select(node => node.Status));
    }

    [Fact]
    public async Task The_elements_of_a_closing_map_start_after_a_cancellation()
    {
        var inner = new Dag("e").Add("x", (int value) => value).Add("y", (int x) => _ran.Enqueue($"y {x}"), "x");
        var dag = Cancelling().Add(Node("list", () => new[] { 1, 2 }, NodeWhen.Always), ["a"]);
        dag.Add(DagNode.Map("map", new SubDags(inner), new NodeSettings { When = NodeWhen.Always }), ["list"]);

        await RunAsync(dag);

        Assert.Equal(["y 1", "y 2"], _ran.Order());
    }

    [Fact]
    public async Task One_with_a_timeout_of_its_own_has_that()
    {
        var begun = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var settings = new NodeSettings { When = NodeWhen.Always, Timeout = TimeSpan.FromMinutes(5) };
        var dag = Cancelling().Add(new DagNode("c", MethodCode.From(async (DagContext context) =>
        {
            begun.SetResult();
            await release.Task.WaitAsync(context.CancellationToken).ConfigureAwait(false);
        }), settings), ["a"]);
        var run = RunAsync(dag);
        await begun.Task.Soon();
        await _clock.ElapseAsync(Shared);
        release.SetResult();

        Assert.Equal(NodeStatus.Completed, (await run).Nodes[1].Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_second_request_to_stop_ends_them(bool hasTimeout)
    {
        var begun = new TaskCompletionSource();
        var settings = new NodeSettings { When = NodeWhen.Always, Timeout = hasTimeout ? TimeSpan.FromHours(1) : null };
        var dag = Cancelling().Add(new DagNode("c", MethodCode.From(async (DagContext context) =>
        {
            begun.SetResult();
            await Forever(context).ConfigureAwait(false);
        }), settings), ["a"]);
        var run = RunAsync(dag);
        await begun.Task.Soon();
        await _stop.CancelAsync();

        var result = await run;

        Assert.Equal((DagRunStatus.Cancelled, NodeStatus.Cancelled), (result.Status, result.Nodes[1].Status));
    }

    [Fact]
    public async Task A_request_to_stop_closing_nodes_means_nothing_before_the_run_is_cancelled()
    {
        await _stop.CancelAsync();

        var result = await RunAsync(new Dag("d").Add("a", () => 1).Add(Node("c", Say, NodeWhen.Always), ["a"]));

        Assert.Equal((DagRunStatus.Completed, NodeStatus.Completed), (result.Status, result.Nodes[1].Status));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_is_inline_cannot_run(bool inside)
    {
        var settings = new NodeSettings { Inline = true, When = inside ? NodeWhen.Succeeded : NodeWhen.Always };
        var inline = new DagNode("i", MethodCode.From(() => _ran.Enqueue("i")), settings);
        var dag = Cancelling();
        dag.Add(inside ? DagNode.Call("c", new Dag("e").Add(inline), new NodeSettings { When = NodeWhen.Always }) : inline, ["a"]);

        var result = await RunAsync(dag);

        Assert.Equal((DagRunStatus.Cancelled, NodeStatus.Cancelled), (result.Status, result.Nodes[1].Status));
        Assert.Empty(_ran);
    }

    [Fact]
    public async Task One_that_is_in_flight_when_the_run_is_cancelled_goes_on()
    {
        var begun = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var dag = new Dag("d").Add("a", () => 1).Add(Node("c", async (DagContext context) =>
        {
            begun.SetResult();
            await release.Task.WaitAsync(context.CancellationToken).ConfigureAwait(false);
        }, NodeWhen.Always), ["a"]);
        var run = RunAsync(dag);
        await begun.Task.Soon();
        await _cancel.CancelAsync();
        release.SetResult();

        var result = await run;

        Assert.Equal((DagRunStatus.Completed, NodeStatus.Completed), (result.Status, result.Nodes[1].Status));
    }

    [Fact]
    public async Task A_node_for_a_failure_that_is_in_flight_when_the_run_is_cancelled_is_stopped()
    {
        var dag = new Dag("d").Add("a", int () => throw new InvalidOperationException("no")).Add(Node("f", Cancel, NodeWhen.Failed), ["a"]);

        var result = await RunAsync(dag);

        Assert.Equal(NodeStatus.Cancelled, result.Nodes[1].Status);
    }

    [Fact]
    public async Task The_closing_nodes_of_sub_runs_in_flight_run_too()
    {
        var inner = new Dag("e").Add("x", Cancel).Add("y", () => 1, "x").Add(Node("c", Say, NodeWhen.Always), ["x", "y"]);

        await RunAsync(new Dag("d").Add("a", () => 1).Add(DagNode.Call("call", inner), ["a"]));

        Assert.Equal(["c: x cancelled, y cancelled"], _ran);
    }

    [Fact]
    public async Task A_cancellation_of_a_run_that_pauses_runs_them()
    {
        DagRunner? runner = null;
        var dag = new Dag("d").Add("a", async (DagContext context) =>
        {
            runner!.Pause();
            await Cancel(context).ConfigureAwait(false);
        }).Add(Node("c", Say, NodeWhen.Always), ["a"]);
        runner = new DagRunner(dag, _store, Options);

        var result = await runner.RunAsync(null, null, _cancel.Token).Soon();

        Assert.Equal(["c: a cancelled"], _ran);
        Assert.Equal(DagRunStatus.Cancelled, result.Status);
    }

    [Fact]
    public async Task A_restart_of_a_cancelled_run_runs_them_again_after_what_runs_again()
    {
        var cancels = true;
        Task CancelOnce(DagContext context) => cancels ? Cancel(context) : Task.CompletedTask;
        var dag = new Dag("d").Add("a", CancelOnce).Add(Node("c", Say, NodeWhen.Always), ["a"]).Add(Node("f", Say, NodeWhen.Failed), ["a"]);
        var cancelled = await RunAsync(dag);
        cancels = false;

        var result = await new DagRunner(dag, _store).RestartAsync(cancelled.RunId).Soon();

        Assert.Equal(["c: a cancelled", "c: a completed"], _ran);
        Assert.Equal([NodeStatus.Completed, NodeStatus.Completed, NodeStatus.Omitted], result.Nodes.Select(node => node.Status));
    }

    private DagRunOptions Options => new() { Clock = _clock, StopClosing = _stop.Token };

    private static DagNode Node(string label, Delegate code, NodeWhen when) =>
        new(label, MethodCode.From(code), new NodeSettings { When = when });

    private static async Task Forever(DagContext context) =>
        await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken).ConfigureAwait(false);

    private async Task Cancel(DagContext context)
    {
        await _cancel.CancelAsync().ConfigureAwait(false);
        await Forever(context).ConfigureAwait(false);
    }

    private Dag Cancelling() => new Dag("d").Add("a", Cancel);

    private void Say(DagContext context)
    {
        var ends = context.Upstreams.Keys.Cast<string>().Select(label => $"{label} {context.Upstreams[label]}");
        _ran.Enqueue($"{context.NodeLabel}: {string.Join(", ", ends)}");
    }

    private Task<DagRunResult> RunAsync(Dag dag) => new DagRunner(dag, _store, Options).RunAsync(null, null, _cancel.Token).Soon();
}
