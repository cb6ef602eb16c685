using System.Collections.Concurrent;
using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Execution;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>The elements of a map in groups, one after the other.</summary>
public sealed class BatchTests : IDisposable
{
    private readonly MemoryProvenance _store = new() { IsBuffered = true };
    private readonly ConcurrentQueue<int> _begun = new();
    private readonly HashSet<int> _bad = [];

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData(10, "1 5 25%", "1 5 3 1")]
    [InlineData(10, "3", "3 3 3 1")]
    [InlineData(4, "100%", "4")]
    [InlineData(3, "50%", "2 1")]
    [InlineData(2, "9", "2")]
    [InlineData(3, "0.1%", "1 1 1")]
    public void The_last_size_repeats_and_a_percentage_is_of_the_whole_list_rounded_up(int elements, string sizes, string expected)
    {
        var batches = new Batches(BatchSizes.Parse(sizes.Split(' ')), elements);
        var found = new List<int>();
        do
            found.Add(batches.Size);
        while (batches.Next());

        Assert.Equal(expected, string.Join(' ', found));
        Assert.Equal((elements, found.Count), (batches.End, batches.Number));
    }

    [Fact]
    public async Task A_batch_begins_when_every_element_of_the_one_before_has_ended()
    {
        var (open, atOnce) = (0, new ConcurrentQueue<int>());
        var dag = Map(7, value =>
        {
            _begun.Enqueue(value);
            atOnce.Enqueue(Interlocked.Increment(ref open) + (10 * (value / 3)));
            Thread.Yield();
            Assert.All(_begun, begun => Assert.True(begun / 3 <= value / 3));
            Interlocked.Decrement(ref open);
            return value;
        }, Batch("3"));

        var result = await RunAsync(dag, throttle: 8);

        Assert.Equal(Enumerable.Range(0, 7), result.Numbers());
        Assert.All(atOnce, count => Assert.InRange(count % 10, 1, 3));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_exceeds_the_failures_of_a_batch_starts_no_further_one_and_the_error_names_it(bool continues)
    {
        _bad.UnionWith([0, 3, 4]);
        var result = await RunAsync(Map(9, Work, Batch("3") with { AllowedFailure = AllowedFailure.OfPercent(34) }), continues: continues);

        Assert.Equal(DagRunStatus.Failed, result.Status);
        Assert.Contains(
            "; 2 of 3 elements failed in batch 2, after which no other one starts\n", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("[0]", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(6, _begun);
    }

    [Fact]
    public async Task The_first_canary_that_fails_is_named_and_a_percentage_of_one_allows_none()
    {
        _bad.Add(0);
        var result = await RunAsync(Map(9, Work, Batch("1", "25%") with { AllowedFailure = AllowedFailure.OfPercent(50) }));

        Assert.StartsWith("map[0]", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("; failed in batch 1, after which no other one starts", result.Error, StringComparison.Ordinal);
        Assert.Equal([0], _begun);
    }

    [Fact]
    public async Task What_each_batch_is_allowed_is_allowed_again_in_the_next()
    {
        _bad.UnionWith([0, 3, 6]);
        var result = await RunAsync(Map(9, Work, Batch("3") with { AllowedFailure = AllowedFailure.OfCount(1) }));

        Assert.Equal((DagRunStatus.Completed, 3), (result.Status, result.Errors.All));
        Assert.Equal([1, 2, 4, 5, 7, 8], result.Numbers());
        Assert.Contains("(1 of each batch)", _store.NodeRuns("map")[0].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_passes_batches_with_nothing_left_and_runs_failures_again_that_were_allowed_in_their_batch()
    {
        _bad.UnionWith([1, 6, 7]);
        var dag = Map(9, Work, Batch("3") with { AllowedFailure = AllowedFailure.OfCount(1) });
        var failed = await RunAsync(dag);
        Assert.StartsWith("map[6]/x: bad; 2 of 3 elements failed in batch 3", failed.Error, StringComparison.Ordinal);
        _bad.Clear();
        _begun.Clear();

        var result = await new DagRunner(dag, _store, Options()).RestartAsync(failed.RunId).Soon();

        Assert.Equal(Enumerable.Range(0, 9), result.Numbers());
        Assert.Equal(1, _begun.First());
        Assert.Equal([1, 6, 7], _begun.Where(value => value is 1 or 6 or 7));
        Assert.DoesNotContain(0, _begun);
        Assert.DoesNotContain(3, _begun);
    }

    [Fact]
    public async Task A_pause_between_batches_leaves_the_rest_for_the_restart()
    {
        DagRunner? runner = null;
        var dag = Map(6, value =>
        {
            if (value == 1)
                runner!.Pause();
            return Work(value);
        }, Batch("2"));
        runner = new DagRunner(dag, _store, Options());
        var paused = await runner.RunAsync().Soon();
        Assert.Equal((DagRunStatus.Paused, 1), (paused.Status, _begun.Max()));

        Assert.Equal(Enumerable.Range(0, 6), (await runner.RestartAsync(paused.RunId).Soon()).Numbers());
        Assert.Equal(Enumerable.Range(0, 6), _begun.Order());
    }

    [Fact]
    public async Task An_element_that_is_tried_again_holds_its_batch_up()
    {
        var tries = 0;
        var dag = Map(
            4,
            value => value == 0 && ++tries < 3 ? throw new InvalidOperationException("no") : Work(value),
            Batch("1") with { Retry = new RetryPolicy { Count = 2 } });

        Assert.Equal(Enumerable.Range(0, 4), (await RunAsync(dag)).Numbers());
        Assert.Equal([0, 1, 2, 3], _begun);
    }

    [Fact]
    public async Task An_empty_list_has_no_batch() => Assert.Empty((await RunAsync(Map(0, Work, Batch("1")))).Numbers());

    private static NodeSettings Batch(params string[] sizes) => new() { Batch = BatchSizes.Parse(sizes) };

    private static Dag Map(int count, Func<int, int> work, NodeSettings settings) =>
        Graphs.MapOver(Enumerable.Range(0, count).ToArray(), Graphs.One("x", work), settings);

    private int Work(int value)
    {
        _begun.Enqueue(value);
        return _bad.Contains(value) ? throw new InvalidOperationException("bad") : value;
    }

    private static DagRunOptions Options(int throttle = 1, bool continues = false) =>
        new() { ThrottleLimit = throttle, ContinueOnFailure = continues };

    private Task<DagRunResult> RunAsync(Dag dag, int throttle = 1, bool continues = false) =>
        new DagRunner(dag, _store, Options(throttle, continues)).RunAsync().Soon();
}
