using System.Collections;
using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>Going on with the newest run that has not completed, and what is left of those that have.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly MemoryProvenance _store = new();
    private bool _fails = true;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Without_a_run_that_can_go_on_a_new_one_begins()
    {
        _fails = false;

        var result = await ResumeAsync();

        Assert.Equal((DagRunStatus.Completed, 1), (result.Status, _store.RunCount));
    }

    [Fact]
    public async Task The_newest_run_goes_on_and_what_it_has_completed_does_not_run_again()
    {
        await Runner().RunAsync();
        var newest = await Runner().RunAsync();
        _fails = false;

        var result = await ResumeAsync();

        Assert.Equal((newest.RunId, DagRunStatus.Completed, 2), (result.RunId, result.Status, _store.RunCount));
        Assert.Equal(2, _store.Attempts("first"));
    }

    [Fact]
    public async Task A_run_that_is_older_than_a_completed_one_does_not_go_on()
    {
        await Runner().RunAsync();
        _fails = false;
        await Runner().RunAsync();

        await ResumeAsync();

        Assert.Equal(3, _store.RunCount);
    }

    [Fact]
    public async Task A_run_whose_process_has_died_goes_on()
    {
        var gate = new Gate();
        var dag = new Dag("d").Add("first", () => 1).Add("second", () => _fails ? gate.Hold() : 2, "first");
        var left = new DagRunner(dag, _store).RunAsync();
        await gate.Reached;
        _store.Crash();
        _fails = false;

        var result = await new DagRunner(dag, _store).PrepareResume().ExecuteAsync();

        Assert.Equal((DagRunStatus.Completed, 1), (result.Status, _store.RunCount));
        gate.Open();
        await left;
    }

    [Fact]
    public async Task A_live_run_is_let_alone()
    {
        var gate = new Gate();
        var live = new DagRunner(new Dag("d").Add("first", () => 1).Add("second", gate.Hold, "first"), _store).RunAsync();
        await gate.Reached;
        _fails = false;

        Assert.Equal((DagRunStatus.Completed, 2), ((await ResumeAsync()).Status, _store.RunCount));
        gate.Open();
        await live;
    }

    [Fact]
    public async Task Runs_of_other_names_and_with_other_targets_do_not_go_on()
    {
        await new DagRunner(new Dag("d*").Add("a", () => Fail()), _store).RunAsync();
        await new DagRunner(new Dag("dd").Add("a", () => Fail()), _store).RunAsync();
        await new DagRunner(Dag(), _store, new DagRunOptions { Targets = ["second"] }).RunAsync();
        _fails = false;

        await ResumeAsync();

        Assert.Equal(4, _store.RunCount);
        await ResumeAsync(new DagRunOptions { Targets = ["SECOND"] });
        Assert.Equal(4, _store.RunCount);
    }

    [Fact]
    public async Task Others_that_are_left_are_a_warning_with_their_number()
    {
        for (var run = 0; run < 3; run++)
            await Runner().RunAsync();
        _fails = false;
        var said = new List<string>();

        await ResumeAsync(new DagRunOptions { Observer = new Said("warning", said) });

        Assert.Contains("2 other runs", Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_run_that_goes_on_is_named_with_its_begin_and_with_what_it_has_done()
    {
        var failed = await Runner().RunAsync();
        _fails = false;
        var said = new List<string>();

        await ResumeAsync(new DagRunOptions { Observer = new Said("information", said) });

        Assert.Equal(
            $"'d' goes on with run {failed.RunId[..8]} of {On(failed.StartedAt)}, failed: 1 of 2 nodes done.",
            Assert.Single(said));
    }

    [Fact]
    public async Task Nothing_is_said_to_go_on_where_a_new_run_begins_or_a_run_is_restarted_by_its_id()
    {
        var said = new List<string>();
        var options = new DagRunOptions { Observer = new Said("information", said) };

        var failed = await ResumeAsync(options);
        await new DagRunner(Dag(), _store, options).RestartAsync(failed.RunId);

        Assert.Empty(said);
    }

    [Theory]
    [InlineData(DagOverlap.Allow)]
    [InlineData(DagOverlap.Refuse)]
    [InlineData(DagOverlap.Wait)]
    public async Task If_somebody_removes_the_run_before_it_goes_on_an_older_one_does_and_then_a_new_one_begins(DagOverlap overlap)
    {
        var oldest = await Runner().RunAsync();
        var newest = await Runner().RunAsync();
        var plan = new DagRunner(Dag(), _store, new DagRunOptions { Overlap = overlap }).PrepareResume();
        _store.RemoveRuns([newest.RunId]);

        Assert.Equal(oldest.RunId, (await plan.ExecuteAsync()).RunId);

        plan = new DagRunner(Dag(), _store, new DagRunOptions { Overlap = overlap }).PrepareResume();
        _store.RemoveRuns([oldest.RunId]);
        _fails = false;
        var begun = await plan.ExecuteAsync();

        Assert.Equal(DagRunStatus.Completed, begun.Status);
        Assert.DoesNotContain(begun.RunId, new[] { oldest.RunId, newest.RunId });
    }

    [Fact]
    public async Task If_somebody_removes_the_run_while_it_is_looked_at_a_new_one_begins()
    {
        var failed = await Runner().RunAsync();
        _fails = false;
        _store.Found = run => _store.RemoveRuns([run.RunId]);

        var begun = await ResumeAsync();

        Assert.Equal((DagRunStatus.Completed, false), (begun.Status, begun.RunId == failed.RunId));
    }

    [Fact]
    public async Task The_source_input_that_is_given_is_over_the_run_s_own()
    {
        int Read(int x) => _fails ? throw new InvalidOperationException("no") : x;
        var dag = new Dag("d").Add("a", Read);
        await new DagRunner(dag, _store).RunAsync(new Hashtable { ["x"] = 1 });
        _fails = false;
        var runner = new DagRunner(dag, _store, new DagRunOptions { SourceInput = new Hashtable { ["x"] = 2 } });

        Assert.Equal(2, (await runner.PrepareResume().ExecuteAsync()).Outputs["a"]);
    }

    [Fact]
    public async Task Where_it_may_not_overlap_a_live_run_is_named_and_nothing_goes_on()
    {
        var failed = await Runner().RunAsync();
        var gate = new Gate();
        var live = new DagRunner(new Dag("d").Add("first", gate.Hold), _store).RunAsync();
        await gate.Reached;

        var error = await Assert.ThrowsAsync<DagException>(() => ResumeAsync(new DagRunOptions { Overlap = DagOverlap.Refuse }));

        Assert.Equal(DagErrorId.DagRunOverlaps, error.Id);
        Assert.Equal(DagRunStatus.Failed, _store.FindRun(failed.RunId)!.Status);
        gate.Open();
        Assert.Equal((await live).RunId, error.Target);
    }

    [Fact]
    public async Task After_a_wait_it_goes_on_with_the_run_that_it_waited_for_where_that_failed()
    {
        var gate = new Gate();
        var dag = new Dag("d").Add("first", () => 1).Add("second", () => _fails ? gate.Hold() + Fail() : 2, "first");
        var live = new DagRunner(dag, _store).RunAsync();
        await gate.Reached;
        var waits = new TaskCompletionSource();
        _store.Turns.Waits = waits.SetResult;
        var resumed = new DagRunner(dag, _store, new DagRunOptions { Overlap = DagOverlap.Wait }).PrepareResume().ExecuteAsync();
        await waits.Task.Soon();

        gate.Open();
        await live.Soon();
        _fails = false;

        Assert.Equal((await live).RunId, (await resumed.Soon()).RunId);
        Assert.Equal(1, _store.RunCount);
    }

    [Fact]
    public async Task A_changed_definition_says_how_to_go_on_all_the_same()
    {
        var failed = await Runner().RunAsync();
        var changed = new Dag("d").Add("first", () => 7).Add("second", () => 1, "first");

        var error = Assert.Throws<DagException>(() => new DagRunner(changed, _store).PrepareResume());

        Assert.Equal(DagErrorId.DagDefinitionChanged, error.Id);
        Assert.Contains(failed.RunId, error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_store_there_is_nothing_to_go_on_with() => Assert.Equal(
        DagErrorId.DagProvenanceRequired, Assert.Throws<DagException>(() => new DagRunner(Dag()).PrepareResume()).Id);

    [Fact]
    public async Task Completed_runs_beyond_the_newest_few_are_removed_and_those_that_can_go_on_stay()
    {
        var dag = new Dag("d") { KeepLast = 2 }.Add("a", () => _fails ? Fail() : 1);
        await new DagRunner(new Dag("other").Add("a", () => 1), _store).RunAsync();
        var failed = await new DagRunner(dag, _store).RunAsync();
        _fails = false;
        for (var run = 0; run < 4; run++)
            await new DagRunner(dag, _store).RunAsync();

        var left = _store.FindRuns(new RunQuery { DagNames = ["d"] }).ToList();
        Assert.Equal(3, left.Count);
        Assert.Contains(left, run => run.RunId == failed.RunId);
        Assert.Single(_store.FindRuns(new RunQuery { DagNames = ["other"] }));
    }

    private static string On(DateTimeOffset moment) =>
        moment.ToLocalTime().ToString("d MMM HH:mm", System.Globalization.CultureInfo.InvariantCulture);

    private static int Fail() => throw new InvalidOperationException("no");

    private Dag Dag() => new Dag("d").Add("first", () => 1).Add("second", () => _fails ? Fail() : 2, "first");

    private DagRunner Runner() => new(Dag(), _store);

    private Task<DagRunResult> ResumeAsync(DagRunOptions? options = null) =>
        new DagRunner(Dag(), _store, options).PrepareResume().ExecuteAsync();

    private sealed class Said(string stream, List<string> said) : IRunObserver
    {
        public void RunStarted(string runId, string path, int nodeCount, string? parentRunId)
        {
        }

        public void MapExpanded(string runId, string label, int elements)
        {
        }

        public void NodeStarted(string runId, string label)
        {
        }

        public void NodeEnded(string runId, string label, NodeStatus status)
        {
        }

        public void NodeSaid(DagContext context, NodeMessage message, object? native)
        {
            if (message.Stream == stream)
                said.Add(message.Text);
        }

        public void RunEnded(string runId, DagRunStatus status)
        {
        }
    }
}
