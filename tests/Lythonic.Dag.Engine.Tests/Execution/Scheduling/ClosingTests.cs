using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>Closing nodes run after any end of their upstreams.</summary>
public sealed class ClosingTests : ClosingScenario
{
    [Theory]
    [InlineData(NodeWhen.Succeeded, true, NodeStatus.Pending)]
    [InlineData(NodeWhen.Succeeded, false, NodeStatus.Completed)]
    [InlineData(NodeWhen.Failed, true, NodeStatus.Completed)]
    [InlineData(NodeWhen.Failed, false, NodeStatus.Omitted)]
    [InlineData(NodeWhen.Always, true, NodeStatus.Completed)]
    [InlineData(NodeWhen.Always, false, NodeStatus.Completed)]
    public async Task A_node_runs_after_the_end_of_its_upstream_that_it_names(NodeWhen when, bool breaks, NodeStatus status)
    {
        Broken = breaks;
        var dag = new Dag("d").Add("a", Break).Add(Node("c", () => 1, when), ["a"]);

        var result = await RunAsync(dag);

        Assert.Equal((breaks ? DagRunStatus.Failed : DagRunStatus.Completed, status), (result.Status, result.Nodes[1].Status));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_that_a_failure_kept_from_running_is_upstream_failed_for_a_closing_node(bool goesOn)
    {
        var dag = new Dag("d").Add("a", Break).Add("b", (int value) => value, "a").Add(Node("c", Say, NodeWhen.Failed), ["a", "b"]);

        var result = await new DagRunner(dag, Store, new DagRunOptions { ContinueOnFailure = goesOn }).RunAsync().Soon();

        Assert.Equal((DagRunStatus.Failed, "a"), (result.Status, result.FailedNode));
        Assert.Equal(["c: a failed no, b upstream_failed"], Ran);
    }

    [Fact]
    public async Task A_node_beside_the_failure_that_never_started_is_upstream_failed_too()
    {
        var dag = new Dag("d").Add("a", Break).Add("z", () => 1).Add(Node("c", Say, NodeWhen.Failed), ["z"]);

        await new DagRunner(dag, Store, new DagRunOptions { ThrottleLimit = 1 }).RunAsync().Soon();

        Assert.Equal(["c: z upstream_failed"], Ran);
    }

    [Fact]
    public async Task A_closing_node_runs_as_soon_as_its_upstreams_have_ended()
    {
        TaskCompletionSource begun = new(), released = new();
        var dag = new Dag("d")
            .Add("a", async () =>
            {
                await begun.Task.Soon().ConfigureAwait(false);
                Break();
            })
            .Add("slow", async () =>
            {
                begun.SetResult();
                await released.Task.Soon().ConfigureAwait(false);
            })
            .Add(Node("c", released.SetResult, NodeWhen.Failed), ["a"]);

        var result = await new DagRunner(dag, Store, new DagRunOptions { ThrottleLimit = 2 }).RunAsync().Soon();

        Assert.Equal(NodeStatus.Completed, result.Nodes[1].Status);
    }

    [Fact]
    public async Task What_an_upstream_could_not_give_is_nothing_and_missing_in_a_list()
    {
        var dag = new Dag("d").Add("a", Break).Add("b", () => 2)
            .Add(Node("one", (object? a) => Ran.Enqueue($"one {a ?? "null"}"), NodeWhen.Always), ["a"])
            .Add(Node("list", (int[] all) => Ran.Enqueue($"list {string.Join(',', all)}"), NodeWhen.Always), ["a", "b"])
            .Add(Node("empty", (int[] all) => Ran.Enqueue($"empty {all.Length}"), NodeWhen.Always), ["a"]);
        dag.Connect("b", "one");

        await new DagRunner(dag, Store, new DagRunOptions { ContinueOnFailure = true, ThrottleLimit = 1 }).RunAsync().Soon();

        Assert.Equal(["empty 0", "list 2", "one null"], Ran.Order());
        Assert.Equal("""{"all":[]}""", InputOf("empty"));
        Assert.Equal("""{"a":null}""", InputOf("one"));
    }

    [Fact]
    public async Task Without_parameters_a_closing_node_is_given_what_there_is()
    {
        var dag = new Dag("d").Add("a", Break).Add("b", () => 2);
        dag.Add(Whole("one"), ["a"]).Add(Whole("both"), ["a", "b"]);
        var options = new DagRunOptions { ContinueOnFailure = true, Invoker = new Whole.Invoker() };

        await new DagRunner(dag, Store, options).RunAsync().Soon();

        Assert.Equal(("""{"$_":null}""", """{"$_":[2]}"""), (InputOf("one"), InputOf("both")));

        static DagNode Whole(string label) => new(label, new Whole(), new NodeSettings { When = NodeWhen.Always });
    }

    [Fact]
    public async Task Upstreams_say_how_each_ended_with_its_error_and_its_output()
    {
        Broken = false;
        Upstream[] seen = [];
        var dag = new Dag("d").Add("a", () => 5).Add(new DagNode("o", MethodCode.From(() => 1), Never), null).Add("b", Fail);
        dag.Add(Node("c", (DagContext context) => seen = [.. Entries(context)], NodeWhen.Always), ["b", "o", "a"]);

        await new DagRunner(dag, Store, new DagRunOptions { ContinueOnFailure = true }).RunAsync().Soon();

        Assert.Equal(["b", "o", "a"], seen.Select(entry => entry.Label));
        Assert.Equal(["failed", "omitted", "completed"], seen.Select(entry => entry.End.Status));
        Assert.Equal([null, null, 5], seen.Select(entry => entry.End.Output));
        Assert.Equal([true, false, false], seen.Select(entry => entry.End.Error is not null));
    }

    [Fact]
    public async Task Closing_nodes_are_no_sinks_and_leave_their_upstreams_sinks()
    {
        var dag = new Dag("d").Add("a", () => 5).Add(Node("c", () => 1, NodeWhen.Always), ["a"]);

        var result = await RunAsync(dag);

        Assert.Equal(["a"], result.Outputs.Keys.Cast<string>());
        Assert.Equal(["a"], Store.FindRun(result.RunId)!.SinkLabels);
    }

    [Fact]
    public async Task A_dag_that_differs_in_closing_nodes_alone_has_sinks_of_its_own()
    {
        var code = MethodCode.From(() => 5);
        Dag Shape(NodeWhen when) => new Dag("d").Add(new DagNode("a", code)).Add(
            new DagNode("c", code, new NodeSettings { When = when }), ["a"]);

        var plain = await RunAsync(Shape(NodeWhen.Succeeded));
        var closing = await RunAsync(Shape(NodeWhen.Always));

        Assert.Equal(["c"], Store.FindRun(plain.RunId)!.SinkLabels);
        Assert.Equal(["a"], Store.FindRun(closing.RunId)!.SinkLabels);
        Assert.Equal(
            Store.GetDefinition(Store.FindRun(plain.RunId)!)!.Nodes.Select(node => node.Fingerprint),
            Store.GetDefinition(Store.FindRun(closing.RunId)!)!.Nodes.Select(node => node.Fingerprint));
    }

    [Fact]
    public void What_lies_downstream_of_a_closing_node_must_be_one()
    {
        var dag = new Dag("d").Add("a", () => 1).Add("b", () => 2).Add(Node("c", () => 1, NodeWhen.Always), ["a"]);

        var added = Assert.Throws<DagException>(() => dag.Add("x", () => 1, "c"));
        var connected = Assert.Throws<DagException>(() => dag.Connect("c", "b"));
        dag.Add(Node("e", () => 1, NodeWhen.Failed), ["c"]);

        Assert.Equal((DagErrorId.DagClosingDownstream, DagErrorId.DagClosingDownstream), (added.Id, connected.Id));
        Assert.Equal(["a", "b", "c", "e"], dag.Nodes.Select(node => node.Label));
    }

    [Fact]
    public async Task A_closing_node_that_fails_makes_a_completed_run_failed_and_keeps_no_other_node_from_running()
    {
        var dag = new Dag("d").Add("a", () => 1).Add(Node("c", Fail, NodeWhen.Always), ["a"]).Add("b", () => 2, "a").Add("z", () => 3, "b");

        var result = await new DagRunner(dag, Store, new DagRunOptions { ThrottleLimit = 1 }).RunAsync().Soon();

        Assert.Equal((DagRunStatus.Failed, "c", "fails"), (result.Status, result.FailedNode, result.Error));
        Assert.Equal(3, result.Outputs["z"]);
    }

    [Fact]
    public async Task A_failed_run_keeps_its_first_error()
    {
        var dag = new Dag("d").Add("a", Break).Add(Node("c", Fail, NodeWhen.Always), ["a"]);

        var result = await RunAsync(dag);

        Assert.Equal(("a", "no"), (result.FailedNode, result.Error));
        Assert.Equal(NodeStatus.Failed, result.Nodes[1].Status);
    }

    [Fact]
    public async Task What_follows_a_closing_node_that_failed_sees_that()
    {
        var dag = new Dag("d").Add("a", () => 1).Add(Node("c", Fail, NodeWhen.Always), ["a"]).Add(Node("mail", Say, NodeWhen.Failed), ["c"])
            .Add(Node("none", Say, NodeWhen.Failed), ["a"]);

        await RunAsync(dag);

        Assert.Equal(["mail: c failed fails"], Ran);
    }

    [Fact]
    public async Task A_closing_node_is_tried_again_as_any_other_also_after_a_failure()
    {
        var node = new DagNode(
            "c",
            MethodCode.From((DagContext context) => context.Attempt < 3 ? throw new InvalidOperationException("yet") : 1),
            new NodeSettings { When = NodeWhen.Always, Retry = new RetryPolicy { Count = 2 } });

        var result = await RunAsync(new Dag("d").Add("a", Break).Add(node, ["a"]));

        Assert.Equal((NodeStatus.Completed, 3), (result.Nodes[1].Status, result.Nodes[1].Attempt));
    }

    [Fact]
    public async Task A_closing_node_has_its_own_timeout_also_after_a_failure()
    {
        var clock = new ManualClock();
        var node = new DagNode("c", MethodCode.From(Forever), Always with { Timeout = TimeSpan.FromSeconds(5) });
        var run = new DagRunner(new Dag("d").Add("a", Break).Add(node, ["a"]), Store, new DagRunOptions { Clock = clock }).RunAsync();
        await clock.ElapseAsync(TimeSpan.FromSeconds(5));

        var result = await run.Soon();

        Assert.Equal((NodeStatus.Failed, "a"), (result.Nodes[1].Status, result.FailedNode));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pause_in_a_closing_node_or_inside_one_fails_it(bool inside)
    {
        var pausing = Graphs.One("x", int (int _) => throw new DagPauseException("wait"));
        var dag = new Dag("d").Add("a", () => 1).Add(
            inside ? DagNode.Call("c", pausing, Always) : Node("c", int () => throw new DagPauseException("wait"), NodeWhen.Always), ["a"]);

        var result = await RunAsync(dag);

        Assert.Equal((DagRunStatus.Failed, "c"), (result.Status, result.FailedNode));
        Assert.Contains("cannot pause the run", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_condition_of_a_closing_node_is_asked_after_a_failure()
    {
        var asked = new List<object?>();
        NodeSettings Asked(bool says) => Always with
        {
            If = new NodePredicate(MethodCode.From((object? value) =>
            {
                asked.Add(value);
                return says;
            })),
        };
        var dag = new Dag("d").Add("a", Break).Add(new DagNode("y", MethodCode.From(Say), Asked(true)), ["a"])
            .Add(new DagNode("n", MethodCode.From(Say), Asked(false)), ["a"]);

        var result = await new DagRunner(dag, Store, new DagRunOptions { ThrottleLimit = 1 }).RunAsync().Soon();

        Assert.Equal([null, null], asked);
        Assert.Equal([NodeStatus.Completed, NodeStatus.Omitted], result.Nodes.Skip(1).Select(node => node.Status));
    }

    [Fact]
    public async Task An_omitted_upstream_does_not_omit_a_closing_node()
    {
        var dag = new Dag("d").Add(new DagNode("a", MethodCode.From(() => 1), Never), null);
        dag.Add(Node("c", (object? a) => a, NodeWhen.Always), ["a"]);

        var result = await RunAsync(dag);

        Assert.Equal([NodeStatus.Omitted, NodeStatus.Completed], result.Nodes.Select(node => node.Status));
    }
}
