using System.Collections.Concurrent;
using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>A pause is a state that every start looks at. Whenever it is asked for, it takes effect, and nothing is lost.</summary>
public sealed class PausingTests
{
    private readonly ConcurrentBag<string> _ran = [];

    private sealed class Handle() : RunHandle("r");

    [Fact]
    public void Who_listens_after_the_request_is_told_at_once()
    {
        var handle = new Handle();
        handle.OnPauseRequested();
        handle.OnPauseRequested();

        var told = 0;
        handle.PauseRequested += () => told++;

        Assert.True(handle.IsPauseRequested);
        Assert.Equal(1, told);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pause_asked_for_while_the_run_is_opened_is_heard(bool restarts)
    {
        using var store = new MemoryProvenance();
        var runId = restarts ? (await new DagRunner(Chain(fails: true), store).RunAsync().Soon()).RunId : "";
        _ran.Clear();
        store.Opened = handle => handle.OnPauseRequested();

        var runner = new DagRunner(Chain(fails: false), store);
        var result = await (restarts ? runner.RestartAsync(runId) : runner.RunAsync()).Soon();

        Assert.Equal((DagRunStatus.Paused, "Paused on request."), (result.Status, result.Error));
        Assert.Empty(_ran);
    }

    [Fact]
    public async Task A_pause_of_the_runner_while_the_run_is_opened_is_heard()
    {
        using var store = new MemoryProvenance();
        var runner = new DagRunner(Chain(fails: false), store);
        store.Opened = _ => runner.Pause();

        Assert.Equal(DagRunStatus.Paused, (await runner.RunAsync().Soon()).Status);
        Assert.Empty(_ran);
    }

    [Fact]
    public async Task A_pause_while_a_replay_takes_over_its_nodes_loses_none_of_them()
    {
        using var store = new MemoryProvenance();
        var first = await new DagRunner(Chain(fails: false), store).RunAsync().Soon();
        _ran.Clear();
        var runner = new DagRunner(Chain(fails: false), store);
        var records = 0;
        store.Posted = () =>
        {
            // The records of the run and of its first node have been posted.
            if (Interlocked.Increment(ref records) == 3)
                ThreadPool.QueueUserWorkItem(_ => runner.Pause());
        };

        var paused = await runner.ReplayAsync(first.RunId, ["c"]).Soon();
        store.Posted = null;
        // If the pause came after the end, there is nothing to continue.
        var done = paused.Status == DagRunStatus.Completed
            ? paused
            : await new DagRunner(Chain(fails: false), store).RestartAsync(paused.RunId).Soon();

        Assert.Equal(DagRunStatus.Completed, done.Status);
        Assert.Equal(["c"], _ran);
        Assert.Empty(store.Late);
    }

    [Fact]
    public async Task A_replay_that_is_paused_before_it_took_its_nodes_over_has_them_all_when_it_goes_on()
    {
        using var store = new MemoryProvenance();
        var first = await new DagRunner(Chain(fails: false), store).RunAsync().Soon();
        _ran.Clear();
        store.Opened = handle => handle.OnPauseRequested();
        var paused = await new DagRunner(Chain(fails: false), store).ReplayAsync(first.RunId, ["c"]).Soon();
        store.Opened = null;

        Assert.Equal(DagRunStatus.Paused, paused.Status);
        Assert.Equal(DagRunStatus.Completed, (await new DagRunner(Chain(fails: false), store).RestartAsync(paused.RunId).Soon()).Status);
        Assert.Equal(["c"], _ran);
    }

    [Fact]
    public async Task Who_watches_a_replay_hears_of_the_run_before_the_nodes_that_it_takes_over()
    {
        using var store = new MemoryProvenance();
        var first = await new DagRunner(Chain(fails: false), store).RunAsync().Soon();
        var heard = new Order();

        await new DagRunner(Chain(fails: false), store, new DagRunOptions { Observer = heard }).ReplayAsync(first.RunId, ["c"]).Soon();

        Assert.Equal(["run", "a", "b", "c", "end"], heard.All);
    }

    private Dag Chain(bool fails) => new Dag("d")
        .Add("a", () => Ran("a", 1))
        .Add("b", (int a) => fails ? throw new InvalidOperationException("b") : Ran("b", a), "a")
        .Add("c", (int b) => Ran("c", b), "b");

    private int Ran(string label, int value)
    {
        _ran.Add(label);
        return value;
    }

    private sealed class Order : IRunObserver
    {
        public ConcurrentQueue<string> All { get; } = [];

        public void RunStarted(string runId, string path, int nodeCount, string? parentRunId) => All.Enqueue("run");

        public void MapExpanded(string runId, string label, int elements)
        {
        }

        public void NodeStarted(string runId, string label)
        {
        }

        public void NodeEnded(string runId, string label, NodeStatus status) => All.Enqueue(label);

        public void NodeSaid(DagContext context, NodeMessage message, object? native)
        {
        }

        public void RunEnded(string runId, DagRunStatus status) => All.Enqueue("end");
    }
}
