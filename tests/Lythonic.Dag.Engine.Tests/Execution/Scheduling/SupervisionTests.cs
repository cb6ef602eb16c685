using System.Collections.Concurrent;
using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>
/// What goes wrong outside of the nodes ends the run, once, as failed, with the whole exception; and nothing waits for ever.
/// </summary>
public sealed class SupervisionTests
{
    private static readonly string[] Calls = ["RunStarted", "MapExpanded", "NodeStarted", "NodeEnded", "NodeSaid", "RunEnded"];

    public static TheoryData<string, int, bool> Observers()
    {
        var data = new TheoryData<string, int, bool>();
        foreach (var call in Calls)
        {
            foreach (var throttle in (int[])[1, 4])
            {
                data.Add(call, throttle, true);
                data.Add(call, throttle, false);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Observers))]
    public async Task An_observer_that_throws_ends_the_run_as_failed(string call, int throttle, bool always)
    {
        using var store = new MemoryProvenance();
        var observer = new ThrowingObserver(call, always);

        var result = await new DagRunner(Sample(), store, new DagRunOptions { Observer = observer, ThrottleLimit = throttle }).RunAsync()
            .Soon();

        AssertFault(result, observer.ThrownOf(result));
        var stored = store.FindRun(result.RunId)!;
        Assert.Equal(DagRunStatus.Failed, stored.Status);
        Assert.Contains("DagEngineFault", stored.Error, StringComparison.Ordinal);
        Assert.Contains(nameof(ThrowingObserver), stored.Error, StringComparison.Ordinal);
        Assert.Empty(store.Late);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(4, false)]
    [InlineData(1, true)]
    [InlineData(4, true)]
    public async Task A_store_that_fails_at_any_record_with_any_exception_ends_the_run(int throttle, bool forEver)
    {
        var records = 0;
        using (var sound = new MemoryProvenance { Posted = () => records++ })
            await new DagRunner(Sample(), sound, new DagRunOptions { ThrottleLimit = 1 }).RunAsync().Soon();
        Assert.True(records > 20);

        // The first record is that of the run. If it fails, there is no run.
        for (var failing = 2; failing <= records; failing++)
        {
            var error = new IOException($"record {failing}");
            var posted = 0;
            using var store = new MemoryProvenance();
            store.Posted = () =>
            {
                var now = Interlocked.Increment(ref posted);
                if (now == failing || (forEver && now > failing))
                    throw error;
            };

            var result = await new DagRunner(Sample(), store, new DagRunOptions { ThrottleLimit = throttle }).RunAsync().Soon();

            AssertFault(result, error);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task A_store_that_fails_to_make_durable_with_any_exception_ends_the_run(int flush)
    {
        var error = new IOException("flush");
        var flushed = 0;
        using var store = new MemoryProvenance();
        store.Flushed = () =>
        {
            if (Interlocked.Increment(ref flushed) >= flush)
                throw error;
        };

        AssertFault(await new DagRunner(Sample(), store).RunAsync().Soon(), error);
    }

    [Fact]
    public async Task A_store_whose_last_commit_fails_with_any_exception_ends_the_run()
    {
        var error = new IOException("flush");
        var runEnds = false;
        using var store = new MemoryProvenance();
        store.Flushed = () =>
        {
            if (runEnds)
                throw error;
        };
        var watcher = new Watcher { Ended = (label, _) => runEnds = label == "last" };

        var result = await new DagRunner(
            new Dag("d").Add("first", () => 1).Add("last", (int first) => first, "first"), store, new DagRunOptions { Observer = watcher })
            .RunAsync().Soon();

        AssertFault(result, error);
    }

    [Fact]
    public async Task A_clock_that_fails_where_nodes_are_dispatched_ends_the_run()
    {
        var error = new InvalidOperationException("clock");
        var dag = Graphs.MapOver(
            new[] { 1, 2, 3 }, Graphs.One("e", (int value) => value), new NodeSettings { Timeout = TimeSpan.FromHours(1) });

        AssertFault(await new DagRunner(dag, null, new DagRunOptions { Clock = new BrokenClock(error) }).RunAsync().Soon(), error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_invoker_that_breaks_its_promise_fails_the_node(bool atOnce)
    {
        var invoker = new BrokenInvoker(atOnce);

        var result = await new DagRunner(new Dag("d").Add("a", () => 1), null, new DagRunOptions { Invoker = invoker }).RunAsync().Soon();

        Assert.Equal((DagRunStatus.Failed, "a", "broken"), (result.Status, result.FailedNode, result.Error));
    }

    [Fact]
    public async Task Nodes_in_flight_at_a_fault_are_stopped_and_none_executes_after_the_end()
    {
        using var begun = new ManualResetEventSlim();
        var running = 0;
        var dag = new Dag("d").Add("long", (CancellationToken token) =>
        {
            Interlocked.Increment(ref running);
            begun.Set();
            token.WaitHandle.WaitOne();
            Interlocked.Decrement(ref running);
            return 1;
        });
        dag.Add("short", () =>
        {
            begun.Wait();
            return 1;
        });
        var observer = new ThrowingObserver("NodeEnded", always: false);

        var result = await new DagRunner(dag, null, new DagRunOptions { Observer = observer, ThrottleLimit = 2 }).RunAsync().Soon();

        AssertFault(result, observer.ThrownOf(result));
        Assert.Equal(0, running);
        Assert.DoesNotContain(result.Nodes, node => node.Status == NodeStatus.Running);
    }

    [Fact]
    public async Task A_run_that_met_a_fault_goes_on_with_a_restart()
    {
        using var store = new MemoryProvenance();
        var failed = await new DagRunner(
            Sample(), store, new DagRunOptions { Observer = new ThrowingObserver("MapExpanded", always: true) }).RunAsync().Soon();

        var result = await new DagRunner(Sample(), store).RestartAsync(failed.RunId).Soon();

        Assert.Equal(DagRunStatus.Completed, result.Status);
        Assert.Equal(3, result.Outputs["call"]);
        Assert.Equal([1, 2], result.Numbers("some"));
    }

    private static void AssertFault(DagRunResult result, Exception error)
    {
        Assert.Equal((DagRunStatus.Failed, DagErrorId.DagEngineFault, null), (result.Status, result.Failure?.ErrorId, result.FailedNode));
        Assert.Same(error, result.Failure!.Exception);
        Assert.Contains(error.Message, result.Error, StringComparison.Ordinal);
        Assert.Contains(error.GetType().FullName!, result.Failure.Detail, StringComparison.Ordinal);
    }

    // A map with two nodes an element, one of which is tried again; a switch and a call; an element that may fail, of which a warning
    // tells.
    private static Dag Sample()
    {
        var calls = new ConcurrentDictionary<string, int>();
        var flaky = MethodCode.From((int value, DagContext context) =>
            calls.AddOrUpdate(context.RunId, 1, (_, before) => before + 1) == 1 && value == 2
                ? throw new InvalidOperationException("once")
                : value * 2);
        var element = new Dag("e").Add("same", (int value) => value);
        element.Add(new DagNode("double", flaky, new NodeSettings { Retry = new RetryPolicy { Count = 1 } }), ["same"]);
        var dag = Graphs.MapOver(new[] { 1, 2, 3 }, element);
        dag.Add(DagNode.Call("call", Graphs.One("count", (object[] all) => all.Length)), ["map"]);
        var picky = Graphs.One("p", (int value) => value == 3 ? throw new InvalidOperationException("three") : value);
        dag.Add(DagNode.Map("some", new SubDags(picky), new NodeSettings { AllowedFailure = AllowedFailure.OfCount(1) }), ["list"]);
        return dag;
    }

    private sealed class ThrowingObserver(string call, bool always) : IRunObserver
    {
        private int _thrown;

        // One for each time: two threads that throw the same exception write over its stack.
        private readonly ConcurrentBag<Exception> _errors = [];

        public Exception ThrownOf(DagRunResult result) => Assert.Single(_errors, error => error == result.Failure?.Exception);

        public void RunStarted(string runId, string path, int nodeCount, string? parentRunId) => Called(nameof(RunStarted));

        public void MapExpanded(string runId, string label, int elements) => Called(nameof(MapExpanded));

        public void NodeStarted(string runId, string label) => Called(nameof(NodeStarted));

        public void NodeEnded(string runId, string label, NodeStatus status) => Called(nameof(NodeEnded));

        public void NodeSaid(DagContext context, NodeMessage message, object? native) => Called(nameof(NodeSaid));

        public void RunEnded(string runId, DagRunStatus status) => Called(nameof(RunEnded));

        private Exception Kept(Exception error)
        {
            _errors.Add(error);
            return error;
        }

        private void Called(string what)
        {
            if (what == call && (Interlocked.Increment(ref _thrown) == 1 || always))
                throw Kept(new InvalidTimeZoneException("observed"));
        }
    }

    private sealed class BrokenClock(Exception error) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => throw error;
    }

    private sealed class BrokenInvoker(bool atOnce) : INodeInvoker
    {
        private static readonly InvalidOperationException Error = new("broken");

        public ValueTask<NodeOutcome> InvokeAsync(NodeCall call) => atOnce ? throw Error : ValueTask.FromException<NodeOutcome>(Error);
    }
}
