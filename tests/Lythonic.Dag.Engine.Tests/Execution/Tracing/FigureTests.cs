using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

// It does not run beside tests that must have no listener.
[Collection("Listeners")]
public sealed class FigureTests
{
    private readonly string _name = $"measured-{Guid.NewGuid():N}";

    [Fact]
    public async Task Runs_are_counted_by_how_they_ended()
    {
        using var figures = new FigureRecorder(_name);
        var tries = 0;
        var dag = new Dag(_name).Add("flaky", () => ++tries == 1 ? throw new InvalidOperationException("no") : tries);

        await new DagRunner(dag).RunAsync().Soon();
        await new DagRunner(dag).RunAsync().Soon();

        Assert.Equal([(1, "failed"), (1, "completed")], figures.Of("lythonic.dag.runs"));
        Assert.Equal(["failed", "completed"], figures.Of("lythonic.dag.run.duration").Select(figure => figure.Said));
    }

    [Fact]
    public async Task A_node_is_measured_in_seconds_over_all_its_attempts()
    {
        using var figures = new FigureRecorder(_name);
        var clock = new ManualClock();
        var tries = 0;
        var dag = new Dag(_name).Add(new DagNode(
            "flaky",
            MethodCode.From(() => ++tries == 1 ? throw new InvalidOperationException("no") : tries),
            new NodeSettings { Retry = new RetryPolicy { Count = 1, Delay = TimeSpan.FromMinutes(5) } }));

        var run = new DagRunner(dag, null, new DagRunOptions { Clock = clock }).RunAsync();
        await clock.ElapseAsync();
        await run.Soon();

        Assert.Equal([(300, "flaky completed")], figures.Of("lythonic.dag.node.duration"));
        Assert.Equal([(1, "flaky failed"), (1, "flaky completed")], figures.Of("lythonic.dag.node.attempts"));
        Assert.Equal([1, -1, 1, -1], figures.Of("lythonic.dag.node.in_flight").Select(figure => figure.Value));
    }

    [Fact]
    public async Task An_attempt_that_its_host_refused_is_none_and_is_not_in_flight()
    {
        using var figures = new FigureRecorder(_name);
        using var spans = new SpanRecorder();
        var invoker = new HostInvoker { Refuses = call => call.Host?.Name == "a" ? "down" : null };
        var hosts = NodeHosts.Of([new HostSpec("a", 1, "a"), new HostSpec("b", 1, "b")]);
        var dag = new Dag(_name).Add(new DagNode("far", HostCode.Same, new NodeSettings { Hosts = hosts }));

        await new DagRunner(dag, null, new DagRunOptions { Invoker = invoker }).RunAsync().Soon();

        Assert.Equal([(1, "far completed")], figures.Of("lythonic.dag.node.attempts"));
        Assert.Equal(0, figures.Of("lythonic.dag.node.in_flight").Sum(figure => figure.Value));
        var attempt = Assert.Single(spans.Of(_name), span => span.OperationName == "attempt far");
        Assert.Equal("b", attempt.GetTagItem("lythonic.dag.host"));
    }
}
