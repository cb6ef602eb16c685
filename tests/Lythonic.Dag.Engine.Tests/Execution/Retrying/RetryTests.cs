using System.Collections.Concurrent;
using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

public sealed class RetryTests : IDisposable
{
    private readonly MemoryProvenance _store = new();
    private readonly ManualClock _clock = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Every_attempt_is_a_row_with_its_own_error_and_times()
    {
        var tries = 0;
        var dag = Flaky(() => ++tries < 3 ? throw new InvalidOperationException($"try {tries}") : tries,
            new RetryPolicy { Count = 2, Delay = TimeSpan.FromMinutes(5) });

        var run = new DagRunner(dag, _store, Options(1)).RunAsync();
        await _clock.ElapseAsync();
        await _clock.ElapseAsync();
        var result = await run.Soon();

        Assert.Equal(3, result.Outputs["flaky"]);
        var rows = _store.NodeRuns("flaky");
        Assert.Equal([1, 2, 3], rows.Select(row => row.Attempt));
        Assert.Equal([NodeStatus.Failed, NodeStatus.Failed, NodeStatus.Completed], rows.Select(row => row.Status));
        Assert.Contains("try 1", rows[0].Error, StringComparison.Ordinal);
        Assert.Contains("try 2", rows[1].Error, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMinutes(5), rows[1].StartedAt - rows[0].FinishedAt);
        Assert.Equal(TimeSpan.FromMinutes(5), rows[2].StartedAt - rows[1].FinishedAt);
    }

    [Fact]
    public async Task There_is_no_wait_after_the_last_attempt()
    {
        var dag = Flaky(() => throw new InvalidOperationException("never"), new RetryPolicy { Count = 1, Delay = TimeSpan.FromHours(1) });

        var run = new DagRunner(dag, _store, Options(1)).RunAsync();
        await _clock.ElapseAsync();
        var result = await run.Soon();

        Assert.Equal(DagRunStatus.Failed, result.Status);
        Assert.Single(_clock.Waits);
        Assert.Equal(2, _store.Attempts("flaky"));
    }

    [Fact]
    public async Task A_wait_for_the_next_attempt_holds_no_slot()
    {
        var (tries, other) = (0, new TaskCompletionSource());
        var dag = Flaky(() => ++tries < 2 ? throw new InvalidOperationException("no") : 1,
            new RetryPolicy { Count = 1, Delay = TimeSpan.FromHours(1) });
        dag.Add("other", () => { other.SetResult(); return 1; });

        var run = new DagRunner(dag, _store, Options(1)).RunAsync();
        await other.Task.Soon();
        await _clock.ElapseAsync();
        var result = await run.Soon();

        Assert.Equal(DagRunStatus.Completed, result.Status);
        Assert.Equal(["d:other", "d:flaky"], _store.Completions);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pause_or_a_cancel_ends_a_wait_at_once(bool pause)
    {
        using var cancel = new CancellationTokenSource();
        var tries = 0;
        var dag = Flaky(() => ++tries == 1 ? throw new InvalidOperationException("no") : tries,
            new RetryPolicy { Count = 1, Delay = TimeSpan.FromDays(300) });
        var runner = new DagRunner(dag, _store, Options(1));

        var run = runner.RunAsync(cancellationToken: cancel.Token);
        await _clock.WaitAsync();
        if (pause)
            runner.Pause();
        else
            await cancel.CancelAsync();
        var stopped = await run.Soon();
        var result = await runner.RestartAsync(stopped.RunId).Soon();

        Assert.Equal((pause ? DagRunStatus.Paused : DagRunStatus.Cancelled, pause ? "Paused on request." : null),
            (stopped.Status, stopped.Error));
        Assert.Equal((NodeStatus.Failed, 1), (stopped.Nodes[0].Status, stopped.Nodes[0].Attempt));
        Assert.Equal(2, result.Outputs["flaky"]);
    }

    [Fact]
    public async Task A_failure_beside_it_ends_a_wait_inside_a_sub_dag()
    {
        var waits = new TaskCompletionSource();
        var inner = new Dag("inner").Add("start", (int value) => value);
        inner.Add(new DagNode("flaky", MethodCode.From(int (int _) => throw new InvalidOperationException("flaky")),
            Retry(5, TimeSpan.FromDays(1))), ["start"]);
        inner.Add("bad", async (int value) => { await waits.Task; return value > 0 ? throw new InvalidOperationException("bad") : 1; },
            "start");
        inner.Add("end", (int[] all) => all.Length, "flaky", "bad");
        var dag = new Dag("d").Add("one", () => 1);
        dag.Add(DagNode.Call("call", inner), ["one"]);

        var run = new DagRunner(dag, _store, Options(4)).RunAsync();
        await _clock.WaitAsync();
        waits.SetResult();
        var result = await run.Soon();

        Assert.Equal("call/bad: bad", result.Error);
    }

    [Fact]
    public async Task A_pause_in_an_attempt_leaves_the_attempts_that_remain_for_the_restart()
    {
        DagRunner? runner = null;
        var tries = 0;
        var dag = Flaky(
            () =>
            {
                if (++tries > 1)
                    return tries;
                runner!.Pause();
                throw new InvalidOperationException("no");
            },
            new RetryPolicy { Count = 1 });
        runner = new DagRunner(dag, _store, Options(1));

        var paused = await runner.RunAsync().Soon();
        var result = await runner.RestartAsync(paused.RunId).Soon();

        Assert.Equal(DagRunStatus.Paused, paused.Status);
        Assert.Equal(2, result.Outputs["flaky"]);
    }

    [Fact]
    public async Task RetryOn_sees_the_error_and_says_whether_to_go_on()
    {
        var seen = new ConcurrentQueue<string>();
        var tries = 0;
        var on = new NodePredicate(MethodCode.From((Exception error) =>
        {
            seen.Enqueue(error.Message);
            return error is not ArgumentException;
        }));
        var dag = Flaky(() => ++tries == 2 ? throw new ArgumentException("stop") : throw new InvalidOperationException("go on"),
            new RetryPolicy { Count = 9, On = on });

        var result = await new DagRunner(dag, _store, Options(1)).RunAsync().Soon();

        Assert.Equal(["go on", "stop"], seen);
        Assert.Equal("stop", result.Error);
        Assert.Equal(2, tries);
    }

    [Fact]
    public async Task A_RetryOn_that_fails_ends_the_attempts_and_says_so()
    {
        var on = new NodePredicate(MethodCode.From(bool (Exception _) => throw new InvalidOperationException("cannot say")));
        var dag = Flaky(() => throw new InvalidOperationException("no"), new RetryPolicy { Count = 9, On = on });

        var result = await new DagRunner(dag, _store, Options(1)).RunAsync().Soon();

        Assert.Equal("no It was not tried again, because the code that decides on retries failed: cannot say", result.Error);
    }

    [Fact]
    public async Task Exponential_waits_double_and_are_lengthened_by_up_to_a_half()
    {
        var policy = new RetryPolicy { Count = 3, Delay = TimeSpan.FromSeconds(10), Backoff = RetryBackoff.Exponential };

        var run = new DagRunner(Flaky(() => throw new InvalidOperationException("no"), policy), _store, Options(1)).RunAsync();
        for (var wait = 0; wait < 3; wait++)
            await _clock.ElapseAsync();
        await run.Soon();

        Assert.Equal(3, _clock.Waits.Count);
        Assert.All(_clock.Waits.Zip([10, 20, 40]), wait => Assert.InRange(wait.First.TotalSeconds, wait.Second, wait.Second * 1.5));
    }

    [Fact]
    public async Task A_timeout_is_for_each_attempt_and_gives_its_slot_back()
    {
        var tries = 0;
        var dag = new Dag("d");
        var code = MethodCode.From(async (CancellationToken token) =>
        {
            if (++tries < 3)
                await Task.Delay(Timeout.Infinite, token);
            return tries;
        });
        dag.Add(new DagNode("slow", code, new NodeSettings { Timeout = TimeSpan.FromHours(1), Retry = new RetryPolicy { Count = 2 } }));

        var run = new DagRunner(dag, _store, Options(1)).RunAsync();
        await _clock.ElapseAsync(TimeSpan.FromHours(1));
        await _clock.ElapseAsync(TimeSpan.FromHours(1));
        var result = await run.Soon();

        Assert.Equal(3, result.Outputs["slow"]);
        Assert.Equal(
            ["The node 'slow' timed out after 1 h 0 min.", "The node 'slow' timed out after 1 h 0 min, in attempt 2."],
            _store.NodeRuns("slow").Take(2).Select(row => row.Error));
    }

    [Fact]
    public async Task A_call_that_cannot_be_stopped_is_given_up_and_the_node_run_says_so()
    {
        using var never = new ManualResetEventSlim();
        var dag = new Dag("d");
        dag.Add(new DagNode(
            "stuck", MethodCode.From(() => { never.Wait(); return 1; }), new NodeSettings { Timeout = TimeSpan.FromHours(1) }));

        var run = new DagRunner(dag, _store, Options(1)).RunAsync();
        await _clock.ElapseAsync();
        await _clock.ElapseAsync();
        var result = await run.Soon();
        never.Set();

        Assert.Contains("could not be stopped", Assert.Single(_store.NodeRuns("stuck")).Error, StringComparison.Ordinal);
        Assert.Contains("timed out", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_that_comes_after_the_time_is_up_does_not_count()
    {
        var dag = new Dag("d");
        var code = MethodCode.From((CancellationToken token) => { token.WaitHandle.WaitOne(); return 1; });
        dag.Add(new DagNode("late", code, new NodeSettings { Timeout = TimeSpan.FromHours(1) }));

        var run = new DagRunner(dag, _store, Options(1)).RunAsync();
        await _clock.ElapseAsync();
        var result = await run.Soon();

        Assert.Equal(DagRunStatus.Failed, result.Status);
        Assert.Contains("timed out", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timeout_longer_than_any_timer_is_no_error()
    {
        var dag = new Dag("d").Add(new DagNode("n", MethodCode.From(() => 1), new NodeSettings { Timeout = TimeSpan.MaxValue }));

        Assert.Equal(DagRunStatus.Completed, (await new DagRunner(dag, _store).RunAsync().Soon()).Status);
    }

    private static NodeSettings Retry(int count, TimeSpan delay) => new() { Retry = new RetryPolicy { Count = count, Delay = delay } };

    private static Dag Flaky(Func<int> code, RetryPolicy policy) =>
        new Dag("d").Add(new DagNode("flaky", MethodCode.From(code), new NodeSettings { Retry = policy }));

    private DagRunOptions Options(int throttle) => new() { ThrottleLimit = throttle, Clock = _clock };
}
