using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>Code of users runs in unexpected places. If it fails there, its node fails.</summary>
[SuppressMessage("Usage", "CA2201:Do not raise reserved exception types", Justification = "It stands for what the runtime raises.")]
public sealed class UserCodeTests
{
    private readonly ManualClock _clock = new();

    private sealed class Unspeakable(string what) : IEquatable<Unspeakable>
    {
        private readonly string _what = what;

        public override string ToString() => throw new InvalidOperationException($"no text for {_what}");

        public bool Equals(Unspeakable? other) => ReferenceEquals(this, other);

        public override bool Equals(object? obj) => ReferenceEquals(this, obj);

        public override int GetHashCode() => 1;
    }

    private sealed class Mute : Exception
    {
        public override string Message => throw new InvalidOperationException("no message");

        public override string ToString() => throw new InvalidOperationException("no text");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_exception_that_has_no_message_fails_its_node(bool isLate)
    {
        var gate = new TaskCompletionSource();
        async Task<int> Late()
        {
            await gate.Task;
            throw new Mute();
        }

        var dag = isLate ? new Dag("d").Add("mute", Late) : new Dag("d").Add("mute", int () => throw new Mute());
        var run = FailsAsync(dag, "mute", typeof(Mute).ToString());
        gate.SetResult();

        await run;
    }

    [Fact]
    public async Task A_key_that_has_no_text_fails_the_map()
    {
        var keyed = new Hashtable { [new Unspeakable("key")] = 1 };
        var dag = new Dag("d").Add("table", () => keyed);
        dag.Add(DagNode.Map("map", new SubDags(Graphs.One("e", (object value) => value))), ["table"]);

        await FailsAsync(dag, "map", "no text for key");
    }

    [Fact]
    public async Task A_branch_that_has_no_text_fails_the_switch()
    {
        var by = new NodePredicate(MethodCode.From((object value) => new Unspeakable($"branch of {value}")));

        await FailsAsync(Switching(1, by), "pick", "no text for branch of 1");
    }

    [Fact]
    public async Task A_tag_that_has_no_text_fails_the_switch() =>
        await FailsAsync(Switching(new Hashtable { ["__switch__"] = new Unspeakable("tag") }, null), "pick", "no text for tag");

    [Fact]
    public async Task A_pair_whose_branch_has_no_text_fails_the_switch() =>
        await FailsAsync(Switching(new object[] { new Unspeakable("pair"), 1 }, null), "pick", "no text for pair");

    [Fact]
    public async Task Of_a_map_of_branches_that_element_alone_fails()
    {
        var by = new NodePredicate(MethodCode.From(object (int value) => value == 2 ? new Unspeakable("2") : "a"));
        var dag = new Dag("d").Add("list", () => new[] { 1, 2, 3 });
        var branches = new SubDags([KeyValuePair.Create("a", Graphs.One("e", (int value) => value))], by);
        dag.Add(DagNode.Map("map", branches, new NodeSettings { AllowedFailure = AllowedFailure.OfCount(1) }), ["list"]);

        var result = await new DagRunner(dag).RunAsync().Soon();

        Assert.Equal(DagRunStatus.Completed, result.Status);
        Assert.Equal([1, 3], result.Numbers());
    }

    [Fact]
    public async Task An_element_that_has_no_text_does_not_hide_its_failure()
    {
        var dag = new Dag("d").Add("list", () => new object[] { new Unspeakable("element") });
        dag.Add(DagNode.Map("map", new SubDags(Graphs.One("e", object (object value) => throw new InvalidOperationException("the cause")))),
            ["list"]);

        await FailsAsync(dag, "map", "the cause");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Running_out_of_memory_is_a_failure_like_any_other(bool inline, bool isTask)
    {
        var code = isTask
            ? MethodCode.From(async Task<int> () =>
            {
                await Task.Yield();
                throw new OutOfMemoryException("too long");
            })
            : MethodCode.From(int () => throw new OutOfMemoryException("too long"));
        var dag = new Dag("d").Add(new DagNode("a", code, new NodeSettings { Inline = inline }));

        var result = await FailsAsync(dag, "a", "too long");

        Assert.IsType<OutOfMemoryException>(result.Failure!.Exception);
    }

    [Fact]
    public async Task An_array_that_is_too_long_is_a_failure_like_any_other()
    {
        var result = await new DagRunner(new Dag("d").Add("a", (int length) => new long[length]))
            .RunAsync(new Hashtable { ["length"] = int.MaxValue }).Soon();

        Assert.Equal((DagRunStatus.Failed, "a"), (result.Status, result.FailedNode));
    }

    [Fact]
    public async Task A_predicate_that_runs_out_of_memory_fails_the_switch() => await FailsAsync(
        Switching(1, new NodePredicate(MethodCode.From(object (object _) => throw new OutOfMemoryException("by")))), "pick", "by");

    [Fact]
    public async Task What_a_node_does_when_its_time_is_up_takes_nothing_down()
    {
        var code = MethodCode.From(async (CancellationToken token) =>
        {
            token.Register(() => throw new InvalidOperationException("from the token"));
            await Task.Delay(Timeout.Infinite, token);
            return 1;
        });
        var dag = new Dag("d").Add(new DagNode("a", code, new NodeSettings { Timeout = TimeSpan.FromHours(1) }));
        var run = new DagRunner(dag, null, new DagRunOptions { Clock = _clock }).RunAsync();

        await _clock.ElapseAsync(TimeSpan.FromHours(1));

        Assert.Contains("timed out", (await run.Soon()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_node_does_when_the_time_of_its_sub_run_is_up_takes_nothing_down()
    {
        var element = Graphs.One("e", async (int value, CancellationToken token) =>
        {
            token.Register(() => throw new InvalidOperationException("from the token"));
            await Task.Delay(Timeout.Infinite, token);
            return value;
        });
        var dag = Graphs.MapOver(new[] { 1 }, element, new NodeSettings { Timeout = TimeSpan.FromHours(1) });
        var run = new DagRunner(dag, null, new DagRunOptions { Clock = _clock }).RunAsync();

        await _clock.ElapseAsync(TimeSpan.FromHours(1));

        Assert.Contains("timed out", (await run.Soon()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_node_does_when_its_run_is_cancelled_does_not_reach_who_cancels()
    {
        using var cancel = new CancellationTokenSource();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var dag = new Dag("d").Add("a", async (CancellationToken token) =>
        {
            token.Register(() => throw new InvalidOperationException("from the token"));
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return 1;
        });
        var run = new DagRunner(dag).RunAsync(cancellationToken: cancel.Token);
        await begun.Task.Soon();

        cancel.Cancel();

        Assert.Equal(DagRunStatus.Cancelled, (await run.Soon()).Status);
    }

    private static Dag Switching(object value, NodePredicate? by)
    {
        var dag = new Dag("d").Add("value", () => value);
        return dag.Add(DagNode.Switch("pick", new SubDags([KeyValuePair.Create("a", Graphs.One("e", (object given) => given))], by)),
            ["value"]);
    }

    private static async Task<DagRunResult> FailsAsync(Dag dag, string node, string why)
    {
        var result = await new DagRunner(dag).RunAsync().Soon();

        Assert.Equal((DagRunStatus.Failed, node), (result.Status, result.FailedNode));
        Assert.Contains(why, result.Error, StringComparison.Ordinal);
        return result;
    }
}
