using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

public sealed class ClockTests
{
    [Fact]
    public async Task Nothing_ends_before_it_began_where_the_clock_is_set_back_meanwhile()
    {
        var dag = new Dag("d").Add("a", () => 1).Add("b", (int a) => a + 1, "a");

        using var store = new MemoryProvenance();
        var run = await new DagRunner(dag, store, new DagRunOptions { Clock = new BackwardClock() }).RunAsync().Soon();

        DateTimeOffset?[] times =
            [run.StartedAt, .. run.Nodes.SelectMany(node => (DateTimeOffset?[])[node.StartedAt, node.FinishedAt]), run.FinishedAt];
        Assert.DoesNotContain(null, times);
        Assert.Equal(times.Order(), times);
        Assert.All(store.FindRuns(new()), stored => Assert.True(stored.StartedAt <= stored.FinishedAt));
    }

    private sealed class BackwardClock : TimeProvider
    {
        private int _asked;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddHours(1_000_000 - Interlocked.Increment(ref _asked));
    }
}
