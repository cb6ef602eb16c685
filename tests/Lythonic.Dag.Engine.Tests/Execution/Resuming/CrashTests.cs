using System.Collections.Concurrent;
using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

public sealed class CrashTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, int.MaxValue)]
    [InlineData(8, 0)]
    [InlineData(8, 2)]
    public async Task A_crash_at_any_record_loses_no_element_and_runs_none_again_that_was_durable(int throttle, int kept)
    {
        var records = await RunAsync(throttle, null, kept);
        Assert.True(records > 20);
        for (var record = 1; record <= records; record++)
            await RunAsync(throttle, record, kept);
    }

    private static async Task<int> RunAsync(int throttle, int? crashAt, int kept)
    {
        var records = 0;
        var calls = new ConcurrentDictionary<string, int>();
        using var cancel = new CancellationTokenSource();
        using var store = new MemoryProvenance { IsBuffered = true };
        store.Posted = () =>
        {
            if (Interlocked.Increment(ref records) != crashAt)
                return;
            store.Crash(kept);
            cancel.CancelAfter(0);
        };
        var dag = Sample(calls);

        var first = await new DagRunner(dag, store, new DagRunOptions { ThrottleLimit = throttle })
            .RunAsync(cancellationToken: cancel.Token).Soon();
        store.Posted = null;
        var before = store.Completions.ToHashSet();
        calls.Clear();
        var interrupted = store.FindRun(first.RunId);
        var result = crashAt is null || interrupted is not { Status: DagRunStatus.Interrupted }
            ? first
            : await new DagRunner(dag, store, new DagRunOptions { ThrottleLimit = throttle }).RestartAsync(first.RunId).Soon();

        if (interrupted is null)
            return records;
        Assert.Equal((crashAt, DagRunStatus.Completed), (crashAt, result.Status));
        Assert.Equal([2, 4, 6, 4], result.Numbers());
        Assert.DoesNotContain(calls.Keys, before.Contains);
        Assert.Equal(store.Completions.Count, store.Completions.Distinct().Count());
        Assert.Equal(5, store.FindRuns(new() { IncludeSubRuns = true }).Count());
        return records;
    }

    private static Dag Sample(ConcurrentDictionary<string, int> calls)
    {
        var element = new Dag("e")
            .Add("add", (int value, DagContext context) => Called(calls, context, value + value))
            .Add("same", (int value, DagContext context) => Called(calls, context, value), "add");
        var dag = new Dag("d").Add("list", (DagContext context) => new[] { 1, 2, 3, Called(calls, context, 2) });
        dag.Add(DagNode.Map("map", new SubDags(element)), ["list"]);
        return dag;
    }

    private static int Called(ConcurrentDictionary<string, int> calls, DagContext context, int value)
    {
        calls.AddOrUpdate($"{context.Path}:{context.NodeLabel}", 1, (_, before) => before + 1);
        return value;
    }
}
