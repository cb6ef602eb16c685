using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>
/// What follows from the end of a node, or from a stop, never happens on a thread of the user, because that thread may hold a lock that
/// others wait for.
/// </summary>
public sealed class ForeignThreadTests : IDisposable
{
    private readonly MemoryProvenance _store = new() { IsBuffered = true };
    private readonly object _gate = new();
    private readonly TaskCompletionSource<int> _given = new();

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_task_that_is_completed_under_a_lock_holds_up_nobody_who_waits_for_the_lock(bool inline)
    {
        var code = MethodCode.From(() => _given.Task);
        var dag = new Dag("d").Add(new DagNode("a", code, new NodeSettings { Inline = inline })).Add("b", (int a) => Locked(a + 1), "a");
        // The caller's thread works on inline nodes until the run has ended.
        var options = new DagRunOptions { Observer = Watching(out var ended) };
        var run = Task.Run(() => new DagRunner(dag, _store, options).RunAsync());

        await EndsWhileUnderLockAsync(() => _given.SetResult(1), ended);

        Assert.Equal(2, (await run.Soon()).Outputs["b"]);
    }

    [Fact]
    public async Task An_invoker_that_ends_a_call_under_a_lock_holds_up_nobody_who_waits_for_the_lock()
    {
        var invoker = new Held(_given.Task);
        var dag = new Dag("d").Add("a", () => 0).Add("b", (int a) => Locked(a), "a");
        var run = new DagRunner(dag, _store, new DagRunOptions { Invoker = invoker, Observer = Watching(out var ended) }).RunAsync();

        await EndsWhileUnderLockAsync(() => _given.SetResult(1), ended);

        Assert.Equal(DagRunStatus.Completed, (await run.Soon()).Status);
    }

    [Fact]
    public async Task A_thread_that_the_stop_of_a_node_may_interrupt_commits_nothing()
    {
        var settings = new NodeSettings { If = new NodePredicate(MethodCode.From(() => true)) };
        var dag = new Dag("d").Add(new DagNode("a", MethodCode.From(() => true), settings));
        var (flushes, own) = (0, 0);
        _store.Flushed = () =>
        {
            Interlocked.Increment(ref flushes);
            if (OwnThread.IsOne)
                Interlocked.Increment(ref own);
        };

        var result = await new DagRunner(dag, _store, new DagRunOptions { Invoker = new OwnThread() }).RunAsync().Soon();

        Assert.Equal((DagRunStatus.Completed, true, 0), (result.Status, flushes > 0, own));
    }

    [Fact]
    public async Task Who_cancels_under_a_lock_holds_up_nobody_who_waits_for_the_lock()
    {
        using var cancel = new CancellationTokenSource();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var dag = new Dag("d").Add("a", async (CancellationToken token) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return 1;
        });
        var run = new DagRunner(dag, _store, new DagRunOptions { Observer = Watching(out var ended) })
            .RunAsync(cancellationToken: cancel.Token);
        await begun.Task.Soon();

        await EndsWhileUnderLockAsync(cancel.Cancel, ended);

        Assert.Equal(DagRunStatus.Cancelled, (await run.Soon()).Status);
    }

    [Fact]
    public async Task Who_pauses_under_a_lock_holds_up_nobody_who_waits_for_the_lock()
    {
        using var go = new ManualResetEventSlim();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var dag = new Dag("d").Add("first", () =>
        {
            begun.SetResult();
            go.Wait();
            return 1;
        }).Add("second", (int first) => first, "first");
        var runner = new DagRunner(dag, _store, new DagRunOptions { Observer = Watching(out var ended) });
        var run = runner.RunAsync();
        await begun.Task.Soon();

        await EndsWhileUnderLockAsync(
            () =>
            {
                runner.Pause();
                go.Set();
            },
            ended);

        Assert.Equal(DagRunStatus.Paused, (await run.Soon()).Status);
    }

    // Observers take the lock too: had the end been told on the thread that holds it, it would be told under the lock.

    [Fact]
    public async Task A_run_of_many_nodes_leaves_the_thread_that_started_it_to_others()
    {
        var threads = new List<int>();
        var dag = new Dag("d").Add("n0", () => 0);
        for (var node = 1; node < 20; node++)
            dag.Add($"n{node}", (int x) => x, $"n{node - 1}");
        // This invoker ends each call at once, so the thread that starts a node could go on with the next one.
        var invoker = new Instant(() => threads.Add(Environment.CurrentManagedThreadId));
        using var started = new ManualResetEventSlim();
        Task<DagRunResult>? run = null;
        var caller = new Thread(() =>
        {
            run = new DagRunner(dag, null, new DagRunOptions { Invoker = invoker, ThrottleLimit = 1 }).RunAsync();
            started.Set();
        });
        caller.Start();
        started.Wait();

        Assert.Equal(DagRunStatus.Completed, (await run!.Soon()).Status);
        Assert.Equal(caller.ManagedThreadId, threads[0]);
        Assert.NotEqual(caller.ManagedThreadId, threads[^1]);
    }

    private async Task EndsWhileUnderLockAsync(Action act, Task<bool> toldUnderLock)
    {
        var thread = new Thread(() =>
        {
            lock (_gate)
                act();
        });
        thread.Start();

        Assert.False(await toldUnderLock.Soon());
        thread.Join();
    }

    private Told Watching(out Task<bool> underLock)
    {
        var told = new Told(_gate);
        underLock = told.UnderLock;
        return told;
    }

    private T Locked<T>(T value)
    {
        lock (_gate)
            return value;
    }

    private sealed class Told(object gate) : IRunObserver
    {
        private readonly TaskCompletionSource<bool> _underLock = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<bool> UnderLock => _underLock.Task;

        public void NodeEnded(string runId, string label, NodeStatus status) => _underLock.TrySetResult(Monitor.IsEntered(gate));

        public void RunEnded(string runId, DagRunStatus status) => _underLock.TrySetResult(Monitor.IsEntered(gate));

        public void RunStarted(string runId, string path, int nodeCount, string? parentRunId)
        {
        }

        public void MapExpanded(string runId, string label, int elements)
        {
        }

        public void NodeStarted(string runId, string label)
        {
        }

        public void NodeSaid(DagContext context, NodeMessage message, object? native)
        {
        }
    }

    private sealed class Held(Task<int> given) : INodeInvoker
    {
        private readonly PoolInvoker _methods = new(new ClrValueConverter(), null);

        public ValueTask<NodeOutcome> InvokeAsync(NodeCall call)
        {
            if (call.Context.NodeLabel != "a")
                return _methods.InvokeAsync(call);
            call.Begin();
            return new(GivenAsync());
        }

        private async Task<NodeOutcome> GivenAsync() => NodeOutcome.Completed(await given.ConfigureAwait(false));
    }

    private sealed class OwnThread : INodeInvoker
    {
        [ThreadStatic]
        private static bool _isOne;

        public static bool IsOne => _isOne;

        public ValueTask<NodeOutcome> InvokeAsync(NodeCall call)
        {
            var end = new TaskCompletionSource<NodeOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
            var thread = new Thread(() =>
            {
                _isOne = true;
                call.Begin();
                end.SetResult(NodeOutcome.Completed(true));
            }) { IsBackground = true };
            thread.Start();
            return new(end.Task);
        }
    }

    private sealed class Instant(Action called) : INodeInvoker
    {
        public bool EndsOnOwnThread => true;

        public ValueTask<NodeOutcome> InvokeAsync(NodeCall call)
        {
            call.Begin();
            called();
            return new(NodeOutcome.Completed(0));
        }
    }
}
