using System.Collections.Concurrent;
using System.Collections.Specialized;
using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>A replay of the elements of a map that did not complete.</summary>
public sealed class FailedElementsTests : IDisposable
{
    private readonly MemoryProvenance _store = new();
    private readonly ConcurrentQueue<string> _ran = [];
    private bool _broken = true;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Elements_that_failed_run_from_the_start_of_their_sub_dag_and_the_rest_is_taken_over()
    {
        var first = await RunAsync();
        _ran.Clear();
        _broken = false;

        var result = await ReplayAsync(first, "map");

        Assert.Equal([10, 20, 30], result.Numbers());
        Assert.Equal(["x 2", "y 2"], _ran);
        Assert.Equal([NodeStatus.Skipped, NodeStatus.Completed], result.Nodes.Select(node => node.Status));
    }

    [Fact]
    public async Task The_elements_that_are_taken_over_are_sub_runs_of_the_new_run()
    {
        var first = await RunAsync();
        _broken = false;

        var result = await ReplayAsync(first, "map");

        var subRuns = _store.GetSubRuns(_store.FindRun(result.RunId)!, "map").ToList();
        Assert.Equal(["0", "1", "2"], subRuns.Select(run => run.ElementKey));
        Assert.All(subRuns, run => Assert.Equal(DagRunStatus.Completed, run.Status));
        Assert.Equal(NodeStatus.Skipped, _store.GetNodeRuns(subRuns[0]).Single().Status);
    }

    [Fact]
    public async Task A_restart_of_the_replay_runs_what_still_did_not_complete_alone()
    {
        var dag = Map(allowed: 1);
        var first = await new DagRunner(dag, _store).RunAsync().Soon();
        var strict = Map(allowed: 0);
        var failed = await new DagRunner(strict, _store, new DagRunOptions { FailedOnly = true }).ReplayAsync(first.RunId, ["map"]).Soon();
        _ran.Clear();
        _broken = false;

        var result = await new DagRunner(strict, _store).RestartAsync(failed.RunId).Soon();

        Assert.Equal(DagRunStatus.Failed, failed.Status);
        Assert.Equal([10, 20, 30], result.Numbers());
        Assert.Equal(["y 2"], _ran);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public async Task A_restart_of_a_replay_that_died_at_any_record_takes_over_what_the_replay_would_have(int kept)
    {
        var records = await ReplayAndDieAsync(null, kept);
        Assert.True(records > 15);
        for (var record = 1; record <= records; record++)
            await ReplayAndDieAsync(record, kept);
    }

    private async Task<int> ReplayAndDieAsync(int? crashAt, int kept)
    {
        var records = 0;
        using var cancel = new CancellationTokenSource();
        using var store = new MemoryProvenance { IsBuffered = true };
        var dag = new Dag("d").Add("list", () => new[] { Say("list", 1), 2, 3 });
        dag.Add(DagNode.Map("map", new SubDags(Inner()), new NodeSettings { AllowedFailure = AllowedFailure.OfCount(1) }), ["list"]);
        dag.Add("sum", (int[] map) => map.Sum(), "map");
        _broken = true;
        var first = await new DagRunner(dag, store).RunAsync().Soon();
        (_broken, store.Posted) = (false, () =>
        {
            if (Interlocked.Increment(ref records) != crashAt)
                return;
            store.Crash(kept);
            cancel.CancelAfter(0);
        });
        _ran.Clear();

        var replay = await new DagRunner(dag, store, new DagRunOptions { FailedOnly = true, IncludeDownstream = true })
            .ReplayAsync(first.RunId, ["map"], cancel.Token).Soon();
        store.Posted = null;
        var result = store.FindRun(replay.RunId) is { Status: DagRunStatus.Interrupted }
            ? await new DagRunner(dag, store).RestartAsync(replay.RunId).Soon()
            : replay;

        if (store.FindRun(replay.RunId) is null)
            return records;
        Assert.Equal((crashAt, DagRunStatus.Completed), (crashAt, result.Status));
        Assert.Equal((crashAt, 60), (crashAt, result.Outputs["sum"]));
        Assert.DoesNotContain(_ran, said => said is not ("x 2" or "y 2"));
        Assert.Equal(
            ["0", "1", "2"],
            store.GetSubRuns(store.FindRun(replay.RunId)!, "map").Where(run => run.Status == DagRunStatus.Completed)
                .Select(run => run.ElementKey).Order());
        return records;
    }

    [Fact]
    public async Task A_replay_of_a_replay_that_took_the_map_over_finds_its_elements()
    {
        var first = await RunAsync();
        var second = await new DagRunner(Map(), _store).ReplayAsync(first.RunId, ["list"]).Soon();
        _ran.Clear();
        _broken = false;

        var result = await ReplayAsync(second, "map");

        Assert.Equal([10, 20, 30], result.Numbers());
        Assert.Equal(["x 2", "y 2"], _ran);
    }

    [Fact]
    public async Task Elements_of_a_dictionary_are_found_by_their_keys()
    {
        var dag = new Dag("d").Add("list", () => new OrderedDictionary { ["p"] = 1, ["q"] = 2 });
        dag.Add(DagNode.Map("map", new SubDags(Inner()), new NodeSettings { AllowedFailure = AllowedFailure.OfCount(1) }), ["list"]);
        var first = await new DagRunner(dag, _store).RunAsync().Soon();
        _ran.Clear();
        _broken = false;

        var result = await new DagRunner(dag, _store, new DagRunOptions { FailedOnly = true }).ReplayAsync(first.RunId, ["map"]).Soon();

        Assert.Equal(["x 2", "y 2"], _ran);
        Assert.Equal(["p", "q"], ((OrderedDictionary)result.Outputs["map"]!).Keys.Cast<string>());
    }

    [Fact]
    public async Task An_element_that_was_omitted_has_completed()
    {
        var inner = new Dag("e").Add("x", (int value) => Say("x", value));
        int Break(int x) => x == 2 && _broken ? throw new InvalidOperationException("no") : x;
        var settings = new NodeSettings { If = new NodePredicate(MethodCode.From((object? value) => (int)value! != 3)) };
        inner.Add(new DagNode("y", MethodCode.From(Break), settings), ["x"]);
        var dag = Graphs.MapOver(new[] { 1, 2, 3 }, inner, new NodeSettings { AllowedFailure = AllowedFailure.OfCount(1) });
        var first = await new DagRunner(dag, _store).RunAsync().Soon();
        _ran.Clear();
        _broken = false;

        var result = await new DagRunner(dag, _store, new DagRunOptions { FailedOnly = true }).ReplayAsync(first.RunId, ["map"]).Soon();

        Assert.Equal([1, 2], result.Numbers());
        Assert.Equal(["x 2"], _ran);
    }

    [Fact]
    public async Task A_restart_reads_no_result_of_an_element_before_somebody_wants_it()
    {
        var failed = await new DagRunner(Map(allowed: 0), _store, new DagRunOptions { ContinueOnFailure = true }).RunAsync().Soon();
        _broken = false;
        var codec = new WatchedCodec();

        var result = await new DagRunner(Map(allowed: 0), _store, new DagRunOptions { Codec = codec }).RestartAsync(failed.RunId).Soon();

        Assert.Equal(DagRunStatus.Completed, result.Status);
        Assert.DoesNotContain("10", codec.Read);
        Assert.Equal([10, 20, 30], result.Numbers());
        Assert.Contains("10", codec.Read);
    }

    [Fact]
    public async Task A_plan_says_how_many_elements_run()
    {
        var first = await RunAsync();

        var plan = new DagRunner(Map(), _store, new DagRunOptions { FailedOnly = true }).PrepareReplay(first.RunId, ["map"]);

        Assert.Equal("it is named: 1 of its 3 elements did not complete", plan.Nodes[1].Reason);
    }

    [Fact]
    public async Task A_completed_run_in_which_nothing_failed_has_nothing_to_run_and_no_new_run_is_stored()
    {
        _broken = false;
        var first = await RunAsync();
        var runs = _store.RunCount;

        var error = await Assert.ThrowsAsync<DagException>(() => ReplayAsync(first, "map"));

        Assert.Equal((DagErrorId.DagRunNotRestartable, first.RunId, runs), (error.Id, error.Target, _store.RunCount));
        Assert.StartsWith($"Nothing failed in 'map' of the run {first.RunId}, so", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_no_map_is_refused_and_nothing_is_stored()
    {
        var first = await RunAsync();
        var runs = _store.RunCount;

        var error = await Assert.ThrowsAsync<DagException>(() => ReplayAsync(first, "list"));

        Assert.Equal((DagErrorId.DagTypeMismatch, "list", runs), (error.Id, error.Target, _store.RunCount));
    }

    private int Say(string label, int value)
    {
        _ran.Enqueue($"{label} {value}");
        return value;
    }

    private Dag Inner() => new Dag("e").Add("x", (int value) => Say("x", value))
        .Add("y", (int x) => Say("y", x) == 2 && _broken ? throw new InvalidOperationException("no") : x * 10, "x");

    private Dag Map(int allowed = 1) => Graphs.MapOver(
        new[] { 1, 2, 3 }, Inner(), new NodeSettings { AllowedFailure = allowed == 0 ? null : AllowedFailure.OfCount(allowed) });

    private Task<DagRunResult> RunAsync() => new DagRunner(Map(), _store).RunAsync().Soon();

    private Task<DagRunResult> ReplayAsync(DagRunResult run, string label) =>
        new DagRunner(Map(), _store, new DagRunOptions { FailedOnly = true }).ReplayAsync(run.RunId, [label]).Soon();
}
