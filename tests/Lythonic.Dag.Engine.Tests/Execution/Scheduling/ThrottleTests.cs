using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

public sealed class ThrottleTests
{
    private readonly ManualClock _clock = new();
    private int _inFlight;
    private int _most;

    [Theory]
    [InlineData(1, 8)]
    [InlineData(3, 8)]
    [InlineData(8, 2)]
    [InlineData(2, 1)]
    public async Task Neither_the_limit_of_the_run_nor_that_of_a_map_is_ever_exceeded(int run, int map)
    {
        var wide = new Dag("wide").Add("start", (int value) => Leaf(value));
        for (var index = 0; index < 4; index++)
            wide.Add($"side{index}", (int value) => Leaf(value), "start");
        wide.Add("end", (int[] all) => Leaf(all.Length), "side0", "side1", "side2", "side3");
        var watcher = new Watcher();
        var dag = Graphs.MapOver(Enumerable.Range(0, 60).ToArray(), wide, new NodeSettings { ThrottleLimit = map });

        var result = await new DagRunner(dag, null, new DagRunOptions { ThrottleLimit = run, Observer = watcher }).RunAsync().Soon();

        Assert.Equal(DagRunStatus.Completed, result.Status);
        Assert.InRange(_most, 1, run);
        Assert.InRange(watcher.MostRuns - 1, 1, map);
    }

    [Fact]
    public async Task Elements_that_wait_for_a_commit_leave_their_slots_to_others_and_share_it()
    {
        const int Elements = 400;
        var (commits, watcher) = (0, new Watcher());
        using var store = new MemoryProvenance { SharesFlushes = true, Flushed = () => Interlocked.Increment(ref commits) };
        var element = new Dag("e").Add("first", (int value) => value).Add("second", (int value) => value, "first");
        var dag = Graphs.MapOver(Enumerable.Range(0, Elements).ToArray(), element);

        var result = await new DagRunner(dag, store, new DagRunOptions { ThrottleLimit = 2, Observer = watcher }).RunAsync().Soon();

        Assert.Equal(DagRunStatus.Completed, result.Status);
        Assert.InRange(commits, 1, Elements / 2);
        Assert.InRange(watcher.MostRuns - 1, 33, 128);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_the_first_element_fails_no_more_have_begun_than_there_are_slots(bool keeps)
    {
        var begun = 0;
        using var store = new MemoryProvenance();
        var element = new Dag("e").Add("first", (int value) => Interlocked.Increment(ref begun))
            .Add("second", int (int value) => throw new InvalidOperationException("bad"), "first");
        var dag = Graphs.MapOver(Enumerable.Range(0, 200).ToArray(), element);

        await new DagRunner(dag, keeps ? store : null, new DagRunOptions { ThrottleLimit = 2 }).RunAsync().Soon();

        Assert.InRange(begun, 1, 2);
    }

    [Fact]
    public async Task Slots_come_back_after_a_failure_and_a_timeout()
    {
        var dag = new Dag("d");
        for (var index = 0; index < 5; index++)
        {
            dag.Add($"bad{index}", int () => throw new InvalidOperationException("bad"));
            var slow = MethodCode.From(async (CancellationToken token) => { await Task.Delay(Timeout.Infinite, token); return 1; });
            dag.Add(new DagNode($"slow{index}", slow, new NodeSettings { Timeout = TimeSpan.FromHours(1 + index) }));
        }

        dag.Add("last", () => 1);
        var run = new DagRunner(dag, null, new DagRunOptions { ThrottleLimit = 2, ContinueOnFailure = true, Clock = _clock }).RunAsync();
        for (var index = 0; index < 5; index++)
            await _clock.ElapseAsync(TimeSpan.FromHours(1 + index));
        var result = await run.Soon();

        Assert.Equal(1, result.Outputs["last"]);
        Assert.Equal(10, result.Nodes.Count(node => node.Status == NodeStatus.Failed));
    }

    [Fact]
    public async Task Nothing_of_a_run_executes_after_it_has_reported_its_end()
    {
        var dag = new Dag("d");
        for (var index = 0; index < 40; index++)
        {
            var bad = index == 20;
            dag.Add($"n{index}", () => Leaf(bad ? throw new InvalidOperationException("bad") : 1));
        }

        var result = await new DagRunner(dag, null, new DagRunOptions { ThrottleLimit = 8 }).RunAsync().Soon();

        Assert.Equal(0, _inFlight);
        Assert.Equal(DagRunStatus.Failed, result.Status);
        Assert.DoesNotContain(result.Nodes, node => node.Status == NodeStatus.Running);
    }

    private int Leaf(int value)
    {
        var now = Interlocked.Increment(ref _inFlight);
        for (var seen = _most; now > seen; seen = _most)
            Interlocked.CompareExchange(ref _most, now, seen);
        Thread.Yield();
        Interlocked.Decrement(ref _inFlight);
        return value;
    }
}
