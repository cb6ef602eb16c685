using System.Diagnostics;
using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

// A listener hears of the whole process, and some tests must have no listener.
[Collection("Listeners")]
public sealed class TracingTests
{
    private const string Caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private readonly string _name = $"traced-{Guid.NewGuid():N}";

    [Fact]
    public async Task A_run_has_a_span_its_nodes_below_it_and_their_attempts_below_those()
    {
        using var spans = new SpanRecorder();
        var dag = new Dag(_name).Add("first", () => 1);

        var result = await new DagRunner(dag).RunAsync().Soon();

        var (run, node, attempt) = Single(spans, "first");
        Assert.Equal([default, run.SpanId, node.SpanId], new[] { run, node, attempt }.Select(span => span.ParentSpanId));
        Assert.Equal(
            ["lythonic.dag.name", "lythonic.dag.run.id", "lythonic.dag.status"], run.TagObjects.Select(tag => tag.Key));
        Assert.Equal([_name, result.RunId, "completed"], run.TagObjects.Select(tag => tag.Value));
        Assert.Equal(
            [_name, result.RunId, "first", "method", 1, "completed"], attempt.TagObjects.Select(tag => tag.Value));
        Assert.Equal(
            ["lythonic.dag.name", "lythonic.dag.run.id", "lythonic.dag.node.label", "lythonic.dag.node.kind", "lythonic.dag.attempt",
                "lythonic.dag.status"],
            attempt.TagObjects.Select(tag => tag.Key));
        Assert.Equal(attempt.TagObjects, node.TagObjects);
        Assert.All([run, node, attempt], span => Assert.Equal(ActivityStatusCode.Unset, span.Status));
    }

    [Fact]
    public async Task The_span_of_its_attempt_is_the_current_one_of_a_node_and_what_it_is_told()
    {
        using var spans = new SpanRecorder();
        var (told, current, later) = (new List<string?>(), new List<string?>(), new List<string?>());
        var dag = new Dag(_name);
        dag.Add("first", async (DagContext context) =>
        {
            told.Add(context.TraceParent);
            current.Add(Activity.Current?.Id);
            await Task.Yield();
            later.Add(Activity.Current?.Id);
        });

        var result = new DagRunner(dag).RunAsync();
        await result.Soon();

        var attempt = Single(spans, "first").Attempt;
        Assert.Equal([attempt.Id], told);
        Assert.EndsWith("-01", attempt.Id, StringComparison.Ordinal);
        Assert.Equal((told[0], told[0]), (current[0], later[0]));
        Assert.Null(Activity.Current);
    }

    [Fact]
    public async Task A_context_of_a_subclass_is_told_the_same()
    {
        using var spans = new SpanRecorder();
        string? told = null;
        var dag = new Dag(_name).Add("first", (Named context) => told = context.TraceParent);

        await new DagRunner(dag).RunAsync().Soon();

        Assert.Equal(Single(spans, "first").Attempt.Id, told);
    }

    [Fact]
    public async Task Each_attempt_has_a_span_and_its_own_error_and_the_node_that_completes_has_none()
    {
        using var spans = new SpanRecorder();
        var tries = 0;
        var dag = new Dag(_name).Add(new DagNode(
            "flaky",
            MethodCode.From(() => ++tries < 2 ? throw new InvalidOperationException("no luck") : tries),
            new NodeSettings { Retry = new RetryPolicy { Count = 1 } }));

        await new DagRunner(dag).RunAsync().Soon();

        var all = spans.Of(_name);
        var attempts = all.Where(span => span.OperationName == "attempt flaky").ToList();
        var node = Assert.Single(all, span => span.OperationName == "node flaky");
        Assert.Equal([1, 2], attempts.Select(span => span.GetTagItem("lythonic.dag.attempt")));
        Assert.All(attempts, span => Assert.Equal(node.SpanId, span.ParentSpanId));
        Assert.Equal([ActivityStatusCode.Error, ActivityStatusCode.Unset], attempts.Select(span => span.Status));
        Assert.Equal((ActivityStatusCode.Unset, 2), (node.Status, node.GetTagItem("lythonic.dag.attempt")));
    }

    [Fact]
    public async Task A_failure_is_an_error_and_an_event_of_attempt_node_and_run()
    {
        using var spans = new SpanRecorder();
        var dag = new Dag(_name).Add("bad", int () => throw new InvalidOperationException("no luck"));

        await new DagRunner(dag).RunAsync().Soon();

        var (run, node, attempt) = Single(spans, "bad");
        Assert.All([run, node, attempt], span =>
        {
            Assert.Equal((ActivityStatusCode.Error, "no luck"), (span.Status, span.StatusDescription));
            Assert.Equal(("failed", "System.InvalidOperationException"),
                (span.GetTagItem("lythonic.dag.status"), span.GetTagItem("error.type")));
            var said = Assert.Single(span.Events);
            var tags = said.Tags.ToDictionary(tag => tag.Key, tag => tag.Value);
            Assert.Equal(("exception", "System.InvalidOperationException", "no luck"),
                (said.Name, tags["exception.type"], tags["exception.message"]));
            // Only one span has the stack trace.
            Assert.Equal(span == attempt, tags.TryGetValue("exception.stacktrace", out var stack));
            Assert.True(stack is null || $"{stack}".Contains(nameof(TracingTests), StringComparison.Ordinal));
        });
        Assert.Equal("bad", run.GetTagItem("lythonic.dag.run.failed_node"));
    }

    [Fact]
    public async Task What_is_inside_a_map_stands_below_its_node()
    {
        using var spans = new SpanRecorder();
        var dag = new Dag(_name).Add("list", () => new[] { 10, 20 });
        dag.Add(DagNode.Map("each", new SubDags(Graphs.One("twice", (int value) => value * 2))), ["list"]);

        await new DagRunner(dag).RunAsync().Soon();

        var all = spans.Of(_name);
        var map = Assert.Single(all, span => span.OperationName == "node each");
        var runs = all.Where(span => span.OperationName == "run each").ToList();
        Assert.All(runs, run => Assert.Equal(map.SpanId, run.ParentSpanId));
        Assert.Equal([$"{_name}/each[0]", $"{_name}/each[1]"], runs.Select(run => run.GetTagItem("lythonic.dag.run.path")).Order());
        Assert.Equal(
            runs.Select(run => run.SpanId.ToString()).Order(),
            all.Where(span => span.OperationName == "node twice").Select(span => span.ParentSpanId.ToString()).Order());
        Assert.DoesNotContain(all, span => span.OperationName == "attempt each");
    }

    [Fact]
    public async Task A_sub_run_that_goes_on_in_another_attempt_of_what_is_around_it_has_a_span_for_each()
    {
        using var spans = new SpanRecorder();
        var tries = 0;
        var inner = Graphs.One("flaky", (int value) => ++tries == 1 ? throw new InvalidOperationException("no luck") : value);
        var element = new Dag("element").Add("start", (int value) => value);
        element.Add(DagNode.Call("call", inner), ["start"]);
        var retried = new NodeSettings { Retry = new RetryPolicy { Count = 1 } };
        var dag = new Dag(_name).Add("list", () => new[] { 1 }).Add(DagNode.Map("map", new SubDags(element), retried), ["list"]);

        await new DagRunner(dag).RunAsync().Soon();

        var all = spans.Of(_name);
        List<ActivitySpanId> Ids(string name, Func<Activity, ActivitySpanId> id) =>
            [.. all.Where(span => span.OperationName == name).OrderBy(span => span.StartTimeUtc).Select(id)];
        Assert.Single(Ids("run map", span => span.SpanId));
        Assert.Equal(2, Ids("run call", span => span.SpanId).Count);
        Assert.Equal(Ids("node call", span => span.SpanId), Ids("run call", span => span.ParentSpanId));
        Assert.Equal(Ids("run call", span => span.SpanId), Ids("node flaky", span => span.ParentSpanId));
    }

    [Fact]
    public async Task A_composite_node_that_fails_without_an_attempt_of_its_own_tells_why()
    {
        using var spans = new SpanRecorder();
        var dag = new Dag(_name).Add("one", () => 1);
        dag.Add(DagNode.Call("call", Graphs.One("bad", int (int _) => throw new InvalidOperationException("no luck"))), ["one"]);

        await new DagRunner(dag).RunAsync().Soon();

        var call = Assert.Single(spans.Of(_name), span => span.OperationName == "node call");
        Assert.Equal((ActivityStatusCode.Error, "failed"), (call.Status, call.GetTagItem("lythonic.dag.status")));
        Assert.Contains("no luck", call.StatusDescription, StringComparison.Ordinal);
        Assert.Single(call.Events);
    }

    [Fact]
    public async Task A_node_whose_condition_says_no_has_a_span_of_its_own_and_no_attempt()
    {
        using var spans = new SpanRecorder();
        var never = new NodePredicate(MethodCode.From(() => false));
        var dag = new Dag(_name).Add(new DagNode("maybe", MethodCode.From(() => 1), new NodeSettings { If = never }));

        await new DagRunner(dag).RunAsync().Soon();

        Assert.Equal(["node maybe", $"run {_name}"], spans.Of(_name).Select(span => span.OperationName));
        Assert.Equal("omitted", spans.Of(_name)[0].GetTagItem("lythonic.dag.status"));
    }

    [Fact]
    public async Task A_cancelled_run_leaves_no_span_open_and_is_no_error()
    {
        using var spans = new SpanRecorder();
        using var cancel = new CancellationTokenSource();
        var dag = new Dag(_name).Add("waits", async (CancellationToken stop) =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, stop);
        });

        await new DagRunner(dag).RunAsync(cancellationToken: cancel.Token).Soon();

        var all = spans.Of(_name);
        Assert.Equal((3, 3), (all.Count, spans.Started(_name)));
        Assert.All(all, span => Assert.Equal(
            (ActivityStatusCode.Unset, "cancelled"), (span.Status, (string?)span.GetTagItem("lythonic.dag.status"))));
    }

    [Fact]
    public async Task A_node_whose_next_attempt_does_not_come_ends_as_its_latest_one()
    {
        using var spans = new SpanRecorder();
        using var cancel = new CancellationTokenSource();
        var clock = new ManualClock();
        var dag = new Dag(_name).Add(new DagNode(
            "flaky",
            MethodCode.From(int () => throw new InvalidOperationException("no luck")),
            new NodeSettings { Retry = new RetryPolicy { Count = 1, Delay = TimeSpan.FromDays(1) } }));

        var run = new DagRunner(dag, null, new DagRunOptions { Clock = clock }).RunAsync(cancellationToken: cancel.Token);
        await clock.WaitAsync();
        await cancel.CancelAsync();
        await run.Soon();

        var node = Assert.Single(spans.Of(_name), span => span.OperationName == "node flaky");
        Assert.Equal((ActivityStatusCode.Error, "failed"), (node.Status, node.GetTagItem("lythonic.dag.status")));
    }

    [Theory]
    [InlineData(Caller, "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331")]
    [InlineData("00-not a parent", null)]
    [InlineData(null, null)]
    public async Task The_parent_of_a_run_is_what_the_environment_says(string? said, string? expected)
    {
        using var spans = new SpanRecorder();

        await RunBelowAsync(said);

        var run = Single(spans, "first").Run;
        Assert.Equal(expected, run.ParentSpanId == default ? null : $"{run.TraceId}-{run.ParentSpanId}");
        Assert.Equal(expected is not null, run.HasRemoteParent);
    }

    [Fact]
    public async Task The_span_that_the_caller_is_in_wins_over_the_environment()
    {
        using var spans = new SpanRecorder();
        using var around = new Activity("around").Start();

        await RunBelowAsync(Caller);

        var run = Single(spans, "first").Run;
        Assert.Equal((around.TraceId, around.SpanId), (run.TraceId, run.ParentSpanId));
        Assert.Same(around, Activity.Current);
    }

    [Fact]
    public async Task Without_a_listener_nothing_is_made()
    {
        var dag = new Dag(_name).Add("first", (DagContext context) => (context.TraceParent, Activity.Current));

        var result = await new DagRunner(dag).RunAsync().Soon();

        Assert.Equal(((string?)null, (Activity?)null), result.Outputs["first"]);
    }

    [Fact]
    public async Task Of_a_run_that_is_not_sampled_no_node_begins_a_trace()
    {
        using var spans = new SpanRecorder(ActivitySamplingResult.None);
        var dag = new Dag(_name).Add("first", (DagContext context) => context.TraceParent);

        var result = await new DagRunner(dag).RunAsync().Soon();

        Assert.Null(result.Outputs["first"]);
        Assert.Empty(spans.Of(_name));
    }

    [Fact]
    public async Task A_listener_that_throws_ends_no_run()
    {
        var name = _name;
        using var spans = new SpanRecorder(
            stopped: span => _ = Equals(span.GetTagItem("lythonic.dag.name"), name) ? throw new InvalidOperationException("mine") : 0);

        var result = await RunBelowAsync(null);

        Assert.Equal(DagRunStatus.Completed, result.Status);
    }

    private async Task<DagRunResult> RunBelowAsync(string? parent)
    {
        var before = Environment.GetEnvironmentVariable("TRACEPARENT");
        Environment.SetEnvironmentVariable("TRACEPARENT", parent);
        try
        {
            // The environment is that of the process: a run of another test may be in the same trace.
            await new DagRunner(new Dag("other").Add("first", () => 1)).RunAsync().Soon();
            return await new DagRunner(new Dag(_name).Add("first", () => 1)).RunAsync().Soon();
        }
        finally
        {
            Environment.SetEnvironmentVariable("TRACEPARENT", before);
        }
    }

    private (Activity Run, Activity Node, Activity Attempt) Single(SpanRecorder spans, string label)
    {
        var all = spans.Of(_name);
        Activity Named(string name) => Assert.Single(all, span => span.OperationName == name);
        return (Named($"run {_name}"), Named($"node {label}"), Named($"attempt {label}"));
    }

    public sealed class Named : DagContext;
}
