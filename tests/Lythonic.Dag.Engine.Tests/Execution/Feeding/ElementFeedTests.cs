using System.Runtime.CompilerServices;
using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Execution;

public sealed class ElementFeedTests : IDisposable
{
    private readonly MemoryProvenance _store = new() { IsBuffered = true };

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_element_runs_and_its_result_is_told_while_others_are_still_to_come(bool kept)
    {
        using var run = new FedRun(kept ? _store : null, (int value) => value * 10);

        await run.OfferAsync(1);
        await run.ToldAsync(1);
        Assert.False(run.Run.IsCompleted);
        await run.OfferAsync(2, 3);
        var result = await run.EndAsync();

        Assert.Equal((DagRunStatus.Completed, null), (result.Status, result.Error));
        Assert.Equal([10, 20, 30], run.Results.Cast<int>().Order());
        Assert.Equal([NodeStatus.Completed, NodeStatus.Completed], result.Nodes.Select(node => node.Status));
        if (!kept)
            return;
        var stored = _store.FindRun(result.RunId)!;
        Assert.All(_store.GetNodeRuns(stored), node => Assert.Equal((null, null), (_store.GetInput(node), _store.GetOutput(node))));
        Assert.Equal(["0", "1", "2"], _store.GetSubRuns(stored, FedDag.Each).Select(subRun => subRun.ElementKey));
    }

    [Fact]
    public async Task There_is_room_for_as_many_as_may_be_in_flight_and_for_another_one_when_one_has_ended()
    {
        var gates = new[] { new Gate(), new Gate(), new Gate() };
        using var run = new FedRun(_store, (int value) => gates[value].Hold());

        await run.OfferAsync(0, 1);
        Assert.False(run.Feed.HasRoom);
        gates[1].Open();
        await run.OfferAsync(2);
        await gates[2].Reached;
        Assert.False(run.Feed.HasRoom);
        gates[0].Open();
        gates[2].Open();

        Assert.Equal(DagRunStatus.Completed, (await run.EndAsync()).Status);
    }

    [Fact]
    public async Task Nothing_that_comes_is_a_run_that_completes()
    {
        using var run = new FedRun(_store, (int value) => value);
        Assert.Equal(DagRunStatus.Completed, (await run.EndAsync()).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_element_that_fails_is_told_and_the_others_go_on(bool kept)
    {
        using var run = new FedRun(
            kept ? _store : null, (int value) => value % 2 == 0 ? throw new InvalidOperationException("even") : value);

        await run.OfferAsync(1, 2, 3, 4);
        var result = await run.EndAsync();

        Assert.Equal((DagRunStatus.Completed, 2), (result.Status, result.Errors.All));
        Assert.Equal([1, 3], run.Results.Cast<int>().Order());
        Assert.Equal([(2, "even"), (4, "even")], run.Failures.Select(failure => ((int)failure.Element!, failure.Message)).Order());
    }

    [Fact]
    public async Task Where_none_may_fail_the_first_failure_ends_the_run_and_no_more_are_taken()
    {
        using var run = new FedRun(_store, (int value) => value == 1 ? throw new InvalidOperationException("one") : value, 1, new());

        await run.OfferAsync(1);
        var result = await run.Run.Soon();

        Assert.Equal((DagRunStatus.Failed, FedDag.Each), (result.Status, result.FailedNode));
        Assert.Equal(0, await run.OfferAsync(2));
        Assert.Equal(NodeStatus.Cancelled, result.Nodes[0].Status);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    public async Task A_run_that_is_cancelled_ends_and_no_more_are_taken(int inFlight, bool hasEnded)
    {
        var gate = new Gate();
        using var run = new FedRun(_store, (int _, CancellationToken stop) => Stopped(gate.Hold(), stop));
        await run.RoomAsync();
        if (inFlight > 0)
        {
            await run.OfferAsync(7);
            await gate.Reached;
        }

        if (hasEnded)
            run.Feed.End();
        run.Cancel();
        gate.Open();
        var result = await run.Run.Soon();

        var input = hasEnded ? NodeStatus.Completed : NodeStatus.Cancelled;
        Assert.False(run.Feed.Offer(8));
        Assert.Equal((DagRunStatus.Cancelled, input), (result.Status, result.Nodes[0].Status));
    }

    [Fact]
    public async Task A_pause_lets_what_is_in_flight_finish_and_takes_no_more()
    {
        var gate = new Gate();
        using var run = new FedRun(_store, (int _) => gate.Hold());
        await run.OfferAsync(7);
        await gate.Reached;

        run.Runner.Pause();
        gate.Open();
        var result = await run.Run.Soon();

        Assert.Equal((DagRunStatus.Paused, NodeStatus.Paused, NodeStatus.Paused),
            (result.Status, result.Nodes[0].Status, result.Nodes[1].Status));
        Assert.Single(run.Results);
        Assert.Equal((0, 0), (await run.OfferAsync(8), run.Feed.Left.Count));
    }

    [Fact]
    public async Task A_run_whose_input_had_ended_goes_on_with_the_elements_that_are_left()
    {
        var calls = new List<int>();
        var gate = new Gate();
        using var run = new FedRun(_store, (int value, CancellationToken stop) =>
        {
            lock (calls)
                calls.Add(value);
            return value == 2 && calls.Count(call => call == 2) == 1 ? Stopped(gate.Hold(), stop) : value;
        });
        await run.OfferAsync(1, 2);
        await gate.Reached;
        await run.ToldAsync(1);
        run.Feed.End();
        run.Cancel();
        gate.Open();
        var cancelled = await run.Run.Soon();

        var stored = _store.FindRun(cancelled.RunId)!;
        var begun = _store.GetSubRuns(stored, FedDag.Each, unfinished: true).ToList();
        var feed = new ElementFeed(run.Feed.Left, begun, run.Feed.Count);
        var result = await new DagRunner(run.Dag, _store, new DagRunOptions { Feed = feed }).RestartAsync(cancelled.RunId).Soon();

        Assert.Equal(DagRunStatus.Completed, result.Status);
        Assert.Equal([1, 2, 2], calls.Order());
        Assert.Equal(2, _store.GetSubRunOutputs(_store.FindRun(result.RunId)!, FedDag.Each).Count());
    }

    [Fact]
    public async Task A_plan_says_how_many_of_the_elements_would_take_over_an_output_and_keeps_nothing()
    {
        using var run = new FedRun(_store, Doubled, settings: new NodeSettings { Reuse = true });
        await run.OfferAsync(1, 2);
        await run.EndAsync();
        var options = new DagRunOptions { Codec = new JsonValueCodec(), Converter = new ClrValueConverter() };
        using var plan = new FedPlan(run.Dag, _store, options);

        foreach (var value in (int[])[1, 2, 3])
            plan.Add(value);

        Assert.Equal(
            [
                (PlannedAction.Run, "it takes what comes from the pipeline"),
                (PlannedAction.Run, "2 of its 3 elements are reused, 1 runs"),
            ],
            plan.Nodes().Select(node => (node.Action, node.Reason)));
        Assert.Single(_store.FindRuns(new RunQuery()));
    }

    [Fact]
    public async Task A_plan_says_what_of_the_code_of_elements_has_changed()
    {
        using var run = new FedRun(_store, Doubled, settings: new NodeSettings { Reuse = true });
        await run.OfferAsync(1);
        await run.EndAsync();
        var options = new DagRunOptions { Codec = new JsonValueCodec(), Converter = new ClrValueConverter() };
        using var plan = new FedPlan(
            FedDag.Create("map", MethodCode.From((int value) => 3 * value), new NodeSettings { Reuse = true }), _store, options);

        plan.Add(1);

        Assert.StartsWith("0 of its 1 elements are reused: its code", plan.Nodes()[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Elements_that_are_done_are_not_kept()
    {
        using var run = new FedRun(null, (object value) => value);
        var elements = await OfferObjectsAsync(run, 50);
        await run.OfferAsync(1, 2, 3);
        await run.ToldAsync(53);
        run.Results.Clear();

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        // The last calls of worker threads may still lie on their stacks.
        Assert.InRange(elements.Count(element => element.IsAlive), 0, 10);
        await run.EndAsync();
    }

    private static int Doubled(int value) => 2 * value;

    private static int Stopped(int value, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        return value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<List<WeakReference>> OfferObjectsAsync(FedRun run, int count)
    {
        var elements = new List<WeakReference>();
        for (var index = 0; index < count; index++)
        {
            var element = new object();
            elements.Add(new WeakReference(element));
            await run.OfferAsync(element);
        }

        return elements;
    }
}
