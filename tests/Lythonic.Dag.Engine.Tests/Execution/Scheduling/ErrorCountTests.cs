using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>
/// Errors that did not fail a node, and elements that failed, are counted, for the node and for its run, however the run ends.
/// </summary>
public sealed class ErrorCountTests : IDisposable
{
    private readonly MemoryProvenance _store = new();

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Errors_that_a_node_writes_are_counted_in_it_and_in_the_run(bool kept)
    {
        var dag = new Dag("d").Add("a", () => 1).Add("b", (int value) => value, "a");

        var result = await new DagRunner(dag, kept ? _store : null, Writing(("a", 2), ("b", 1))).RunAsync();

        Assert.Equal((DagRunStatus.Completed, 3, "a: a wrote 1"), (result.Status, result.ErrorCount, result.Error));
        Assert.Equal([(2, "a wrote 1"), (1, "b wrote 1")], result.Nodes.Select(node => (node.Errors.All, node.Error)));
        if (!kept)
            return;
        var run = Stored(result);
        Assert.Equal((3, "a: a wrote 1"), (run.Errors.All, run.Error));
        Assert.Equal([(2, "a wrote 1"), (1, "b wrote 1")], _store.GetNodeRuns(run).Select(node => (node.Errors.All, node.Error)));
    }

    [Fact]
    public async Task More_errors_than_are_kept_are_all_counted()
    {
        var result = await new DagRunner(new Dag("d").Add("a", () => 1), null, Writing(("a", 1_000))).RunAsync();

        Assert.Equal(1_000, result.ErrorCount);
    }

    [Fact]
    public async Task The_first_error_inside_a_call_has_the_path_that_a_failure_there_has()
    {
        var deep = new Dag("deep").Add("list", (int value) => new[] { value });
        deep.Add(DagNode.Map("each", new SubDags(Graphs.One("in", (int value) => value))), ["list"]);
        var dag = new Dag("d").Add("a", () => 1);
        dag.Add(DagNode.Call("load", deep), ["a"]);

        var result = await new DagRunner(dag, _store, Writing(("in", 1))).RunAsync();

        Assert.Equal(("load/each[0]/in: in wrote 1", result.Nodes[1].Error), (result.Nodes[1].Error, result.Error));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Errors_in_sub_runs_count_up_to_the_run(bool kept)
    {
        var inner = Graphs.One("in", (int value) => value);
        var middle = new Dag("m").Add("list", (int value) => new[] { value, value });
        middle.Add(DagNode.Map("deep", new SubDags(inner)), ["list"]);
        var dag = Graphs.MapOver(new[] { 1, 2 }, middle);

        var result = await new DagRunner(dag, kept ? _store : null, Writing(("in", 1))).RunAsync();

        Assert.Equal(4, result.ErrorCount);
        Assert.Equal((4, "map[0]/deep[0]/in: in wrote 1"), (result.Nodes[1].Errors.All, result.Nodes[1].Error));
        if (kept)
            Assert.Equal([2, 2], _store.GetSubRuns(Stored(result), "map").Select(run => run.Errors.All));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Failures_that_were_allowed_are_counted_beside_what_was_written(bool kept)
    {
        var element = Graphs.One("e", (int value) => value % 2 == 0 ? throw new InvalidOperationException("even") : value);
        var dag = Graphs.MapOver(new[] { 1, 2, 3, 4 }, element, new NodeSettings { AllowedFailure = AllowedFailure.OfPercent(50) });
        var invoker = new WritingInvoker(context => context is { NodeLabel: "e", Path: "d/map[0]" } ? 3 : 0);

        var result = await new DagRunner(dag, kept ? _store : null, new DagRunOptions { Invoker = invoker }).RunAsync();

        Assert.Equal((DagRunStatus.Completed, new ErrorCounts(5, 2, 4)), (result.Status, result.Errors));
        Assert.Equal(new ErrorCounts(5, 2, 4), result.Nodes[1].Errors);
        Assert.Equal(3, result.Errors.Written);
        if (kept)
            Assert.Equal((new ErrorCounts(5, 2, 4), new ErrorCounts(5, 2, 4)),
                (Stored(result).Errors, _store.GetNodeRuns(Stored(result))[1].Errors));
    }

    [Fact]
    public async Task A_failure_is_the_error_of_its_node_and_is_not_counted()
    {
        var dag = new Dag("d").Add("a", int () => throw new InvalidOperationException("no"));

        var result = await new DagRunner(dag, _store, Writing(("a", 1))).RunAsync();

        Assert.Equal((DagRunStatus.Failed, "no", 1), (result.Status, result.Error, result.ErrorCount));
    }

    [Fact]
    public async Task A_restart_keeps_what_was_counted_and_counts_what_runs_again_anew()
    {
        var broken = true;
        var element = Graphs.One("e", (int value) => broken && value == 3 ? throw new InvalidOperationException("three") : value);
        var dag = Graphs.MapOver(new[] { 1, 2, 3 }, element);
        var options = Writing(("list", 1), ("e", 1)) with { ThrottleLimit = 1 };
        var failed = await new DagRunner(dag, _store, options).RunAsync();
        Assert.Equal(5, failed.ErrorCount);

        broken = false;
        var result = await new DagRunner(dag, _store, options with { Invoker = new WritingInvoker(_ => 0) }).RestartAsync(failed.RunId);

        Assert.Equal((DagRunStatus.Completed, 3), (result.Status, result.ErrorCount));
        Assert.Equal((2, "map[0]/e: e wrote 1"), (result.Nodes[1].Errors.All, result.Nodes[1].Error));
        Assert.Equal(3, Stored(result).Errors.All);
    }

    [Fact]
    public async Task A_replay_keeps_what_was_counted_of_what_it_takes_over()
    {
        var element = Graphs.One("e", (int value) => value == 2 ? throw new InvalidOperationException("two") : value);
        var dag = Graphs.MapOver(new[] { 1, 2 }, element, new NodeSettings { AllowedFailure = AllowedFailure.OfCount(1) })
            .Add("end", (object[] all) => all.Length, "map");
        var first = await new DagRunner(dag, _store, Writing(("list", 1))).RunAsync();

        var replayed = await new DagRunner(dag, _store).ReplayAsync(first.RunId, ["end"]);

        Assert.Equal(new ErrorCounts(2, 1, 2), replayed.Errors);
        Assert.Equal([new(1), new(1, 1, 2), default], _store.GetNodeRuns(Stored(replayed)).Select(node => node.Errors));
        Assert.Equal(first.Nodes[1].Error, replayed.Nodes[1].Error);
    }

    [Fact]
    public async Task What_an_attempt_wrote_that_was_tried_again_is_not_counted()
    {
        var tries = 0;
        var code = MethodCode.From(() => ++tries < 2 ? throw new InvalidOperationException("once") : tries);
        var dag = new Dag("d").Add(new DagNode("a", code, new NodeSettings { Retry = new RetryPolicy { Count = 1 } }));
        var invoker = new WritingInvoker(context => context.Attempt == 1 ? 2 : 0);

        var result = await new DagRunner(dag, _store, new DagRunOptions { Invoker = invoker }).RunAsync();

        Assert.Equal((DagRunStatus.Completed, 0, null), (result.Status, result.ErrorCount, result.Error));
        Assert.Equal([2, 0], _store.NodeRuns("a").Select(row => row.Errors.All));
    }

    [Fact]
    public async Task An_element_that_is_tried_again_is_counted_once()
    {
        var tries = 0;
        var element = new Dag("e").Add("first", (int value) => value)
            .Add("second", (int value) => ++tries < 3 ? throw new InvalidOperationException("not yet") : value, "first");
        var dag = Graphs.MapOver(new[] { 1 }, element, new NodeSettings { Retry = new RetryPolicy { Count = 2 } });

        var result = await new DagRunner(dag, _store, Writing(("first", 1), ("second", 1))).RunAsync();

        Assert.Equal((DagRunStatus.Completed, 2), (result.Status, result.ErrorCount));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Elements_that_failed_are_counted_when_they_fail_the_run(bool kept)
    {
        var element = Graphs.One("e", (int value) => value % 2 == 0 ? throw new InvalidOperationException("even") : value);
        var dag = Graphs.MapOver(new[] { 1, 2, 3, 4 }, element);

        var result = await new DagRunner(dag, kept ? _store : null, Writing(("list", 1)) with { ContinueOnFailure = true }).RunAsync();

        Assert.Equal((DagRunStatus.Failed, new ErrorCounts(3, 2, 4)), (result.Status, result.Errors));
        Assert.Equal(new ErrorCounts(2, 2, 4), result.Nodes[1].Errors);
        if (kept)
            Assert.Equal((new ErrorCounts(3, 2, 4), new ErrorCounts(2, 2, 4)),
                (Stored(result).Errors, _store.GetNodeRuns(Stored(result))[1].Errors));
    }

    [Theory]
    [InlineData(DagRunStatus.Paused)]
    [InlineData(DagRunStatus.Cancelled)]
    public async Task Elements_that_failed_are_counted_when_the_run_stops_before_its_end(DagRunStatus status)
    {
        using var stop = new CancellationTokenSource();
        var isStopping = true;
        var element = Graphs.One("e", (int value) => value switch
        {
            1 => throw new InvalidOperationException("one"),
            2 when isStopping => status == DagRunStatus.Paused ? throw new DagPauseException("wait") : Cancel(stop),
            _ => value,
        });
        var settings = new NodeSettings { AllowedFailure = AllowedFailure.OfCount(1), ThrottleLimit = 1 };
        var dag = Graphs.MapOver(new[] { 1, 2, 3 }, element, settings);

        var result = await new DagRunner(dag, _store).RunAsync(cancellationToken: stop.Token);

        Assert.Equal((status, new ErrorCounts(1, 1, 3)), (result.Status, result.Errors));
        Assert.Equal(new ErrorCounts(1, 1, 3), Stored(result).Errors);
        Assert.Equal(new ErrorCounts(1, 1, 3), _store.GetNodeRuns(Stored(result))[1].Errors);

        isStopping = false;
        var restarted = await new DagRunner(dag, _store).RestartAsync(result.RunId);
        Assert.Equal((DagRunStatus.Completed, new ErrorCounts(1, 1, 3)), (restarted.Status, restarted.Errors));
    }

    [Fact]
    public async Task An_element_that_failed_counts_once_whatever_failed_inside_it()
    {
        var inner = Graphs.One("e", (int value) => value == 2 ? throw new InvalidOperationException("two") : value);
        var listed = new Dag("l").Add("list", (int value) => new[] { value, 2 });
        listed.Add(DagNode.Map("deep", new SubDags(inner)), ["list"]);
        var middle = Graphs.One("first", (int value) => value).Add(DagNode.Call("call", listed), ["first"]);
        var dag = Graphs.MapOver(new[] { 1, 3 }, middle);

        var result = await new DagRunner(dag, _store, new DagRunOptions { ContinueOnFailure = true }).RunAsync();

        Assert.Equal((DagRunStatus.Failed, new ErrorCounts(2, 2, 2)), (result.Status, result.Errors));
        Assert.Equal([1, 1], _store.GetSubRuns(Stored(result), "map").Select(run => run.Errors.All));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_node_that_failed_counts_once_in_its_run_and_in_the_call_around_it(bool kept)
    {
        var dag = new Dag("d").Add("e", () => 1).Add("f", (int value) => Fail(value), "e").Add("g", (int value) => Fail(value), "e");
        var inner = new Dag("i").Add("a", (int value) => value).Add("b", (int value) => Fail(value), "a")
            .Add("c", (int value) => $"{Fail(value)}", "a").Add("end", (int b, string c) => $"{b}{c}", "b", "c");
        dag.Add(DagNode.Call("call", inner), ["e"]);

        var result = await new DagRunner(dag, kept ? _store : null, new DagRunOptions { ContinueOnFailure = true }).RunAsync();

        Assert.Equal((4, 2), (result.ErrorCount, result.Nodes.Single(node => node.Label == "call").Errors.All));
        if (kept)
            Assert.Equal((4, 2), (Stored(result).Errors.All, _store.GetSubRuns(Stored(result), "call").Single().Errors.All));
    }

    [Fact]
    public async Task A_node_that_failed_before_a_restart_and_then_completes_does_not_count()
    {
        var fails = true;
        var dag = new Dag("d").Add("a", () => 1)
            .Add("b", (int value) => fails ? Fail(value) : value, "a").Add("c", (int value) => Fail(value), "a");
        var options = new DagRunOptions { ContinueOnFailure = true };

        var result = await new DagRunner(dag, _store, options).RunAsync();
        fails = false;
        var restarted = await new DagRunner(dag, _store, options).RestartAsync(result.RunId);

        Assert.Equal((2, 1), (result.ErrorCount, restarted.ErrorCount));
        Assert.Equal(1, Stored(restarted).Errors.All);
    }

    private static int Fail(int value) => throw new InvalidOperationException($"no {value}");

    private static int Cancel(CancellationTokenSource stop)
    {
        stop.Cancel();
        throw new OperationCanceledException(stop.Token);
    }

    private StoredRun Stored(DagRunResult result) => _store.FindRun(result.RunId)!;

    private static DagRunOptions Writing(params (string Label, int Errors)[] nodes) =>
        new() { Invoker = new WritingInvoker(context => nodes.FirstOrDefault(node => node.Label == context.NodeLabel).Errors) };
}
