using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Sqlite.Tests;

/// <summary>The row of an attempt that waits, whatever becomes of it and whichever of its records fall into one transaction.</summary>
public sealed class WaitingRowTests : IDisposable
{
    private static readonly DagDefinition Shape = new("d", "F", [new NodeDefinition("a", NodeKind.Method, true, true, "f")], []);
    private static readonly DateTimeOffset At = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly StoreFolder _folder = new();
    private readonly SqliteProvenance _store;
    private readonly RunHandle _run;

    public WaitingRowTests()
    {
        _store = new(_folder.Database);
        _store.EnsureWritable();
        _run = _store.CreateRun(new RunStart("r", "d", Shape, At));
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_is_waiting_in_the_file_and_has_not_started()
    {
        Wait();
        await _store.FlushAsync();

        Assert.Equal("waiting 2 - Attempt 1 failed: no", Rows());
        var node = Assert.Single(_store.GetNodeRuns(_store.FindRun("r")!));
        Assert.Equal((NodeStatus.Waiting, null, "Attempt 1 failed: no"), (node.Status, node.StartedAt, node.Error));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_starts_with_its_own_time_and_inputs(bool atOnce)
    {
        var waiting = Wait();
        if (!atOnce)
            await _store.FlushAsync();
        _store.BeginNode(waiting, new NodeStart(0, 2, At.AddHours(1), [new NodeInput("value", new("1"))]));
        await _store.FlushAsync();

        Assert.Equal($"running 2 {At.AddHours(1).ToUnixTimeSeconds()}.0 {{\"value\":1}}", Rows());
    }

    [Fact]
    public async Task A_large_input_of_an_attempt_that_waited_is_stored_apart()
    {
        var waiting = Wait();
        await _store.FlushAsync();
        _store.BeginNode(waiting, new NodeStart(0, 2, At, [new NodeInput("value", new($"\"{new string('x', 100_000)}\""))]));
        await _store.FlushAsync();

        Assert.Equal("100000", _folder.Query("SELECT length(json_extract(input_json, '$.value')) FROM node_executions"));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task It_ends_as_any_attempt_does(bool beginsAtOnce, bool endsAtOnce)
    {
        var waiting = Wait();
        if (!beginsAtOnce)
            await _store.FlushAsync();
        _store.BeginNode(waiting, new NodeStart(0, 2, At, null));
        if (!endsAtOnce)
            await _store.FlushAsync();
        _store.EndNode(waiting, new NodeEnd(NodeStatus.Completed, At, new("1"), "first") { Errors = new(3, 1, 2) });
        await _store.FlushAsync();

        Assert.Equal($"completed 2 {At.ToUnixTimeSeconds()}.0 first", Rows());
        Assert.Equal(new ErrorCounts(3, 1, 2), Assert.Single(_store.GetNodeRuns(_store.FindRun("r")!)).Errors);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_is_withdrawn_leaves_nothing(bool atOnce)
    {
        var waiting = Wait();
        if (!atOnce)
            await _store.FlushAsync();
        _store.WithdrawNode(waiting);
        await _store.FlushAsync();

        Assert.Equal("", Rows());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_began_and_waits_again_begins_anew_on_another_host(bool atOnce)
    {
        var node = _store.StartNode(_run, new NodeStart(0, 1, At, null) { Host = "a" });
        await _store.FlushAsync();
        _store.BeginNode(node, new NodeStart(0, 1, At, null) { Waits = "why" });
        if (!atOnce)
        {
            await _store.FlushAsync();
            Assert.Equal("waiting 1 - why", Rows());
        }

        _store.BeginNode(node, new NodeStart(0, 1, At.AddHours(1), null) { Host = "b" });
        await _store.FlushAsync();

        Assert.Equal($"running 1 {At.AddHours(1).ToUnixTimeSeconds()}.0", Rows());
        Assert.Equal("b", Assert.Single(_store.GetNodeRuns(_store.FindRun("r")!)).Host);
    }

    [Fact]
    public async Task One_that_begins_anew_has_its_large_inputs_once()
    {
        var start = new NodeStart(0, 1, At, [new NodeInput("value", new($"\"{new string('x', 100_000)}\""))]);
        var node = _store.StartNode(_run, start);
        await _store.FlushAsync();
        _store.BeginNode(node, new NodeStart(0, 1, At, null) { Waits = "why" });
        await _store.FlushAsync();
        _store.BeginNode(node, start);
        await _store.FlushAsync();

        Assert.Equal("100000", _folder.Query("SELECT length(json_extract(input_json, '$.value')) FROM node_executions"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_began_and_waits_again_leaves_nothing_when_it_is_withdrawn(bool atOnce)
    {
        var node = _store.StartNode(_run, new NodeStart(0, 1, At, null));
        await _store.FlushAsync();
        _store.BeginNode(node, new NodeStart(0, 1, At, null) { Waits = "why" });
        if (!atOnce)
            await _store.FlushAsync();
        _store.WithdrawNode(node);
        await _store.FlushAsync();

        Assert.Equal("", Rows());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_end_says_when_the_code_began_that_was_posted_before(bool atOnce)
    {
        var node = _store.StartNode(_run, new NodeStart(0, 1, At, null));
        if (!atOnce)
            await _store.FlushAsync();
        _store.EndNode(node, new NodeEnd(NodeStatus.Completed, At.AddHours(2)) { StartedAt = At.AddHours(1) });
        await _store.FlushAsync();

        Assert.Equal($"completed 1 {At.AddHours(1).ToUnixTimeSeconds()}.0", Rows());
    }

    [Fact]
    public async Task Of_a_process_that_is_gone_it_waits_no_more_and_a_restart_takes_its_number()
    {
        var failed = _store.StartNode(_run, new NodeStart(0, 1, At, null));
        _store.EndNode(failed, new NodeEnd(NodeStatus.Failed, At, Error: "no"));
        Wait();
        await _store.FlushAsync();
        _folder.Query("UPDATE run SET owner_started = 1 RETURNING 1");

        var shown = Assert.Single(_store.GetNodeRuns(_store.FindRun("r")!));
        Assert.Single(_store.GetNodeRuns(_store.FindRun("r")!, allAttempts: true));
        var taken = _store.ClaimRun("r", Shape);
        _store.StartNode(taken, new NodeStart(0, 2, At, null));
        await _store.FlushAsync();

        Assert.Equal((NodeStatus.Failed, 1, "no"), (shown.Status, shown.Attempt, shown.Error));
        Assert.Equal("failed 1 no,running 2", _folder.Query(
            "SELECT group_concat(status || ' ' || attempt || coalesce(' ' || error, '')) "
            + "FROM (SELECT * FROM node_executions ORDER BY attempt)"));
    }

    [Fact]
    public async Task Of_a_process_that_is_gone_what_its_condition_said_stays()
    {
        _store.StartNode(_run, new NodeStart(0, 1, At, null) { Waits = "the lock 'x'", IsConditionMet = true });
        await _store.FlushAsync();
        _folder.Query("UPDATE run SET owner_started = 1, conditions_met = '[\"b\"]' RETURNING 1");

        _store.ClaimRun("r", Shape);

        Assert.Equal(["a", "b"], _store.GetMetConditions(_store.FindRun("r")!).Order());
    }

    private NodeRunHandle Wait() => _store.StartNode(_run, new NodeStart(0, 2, At, null) { Waits = "Attempt 1 failed: no" });

    private string Rows() =>
        _folder.Query(
            "SELECT coalesce(group_concat(status || ' ' || attempt || ' ' || coalesce(started_at, '-') || coalesce(' ' || error, '') || "
            + "coalesce(' ' || input_json, '')), '') FROM node_executions") ?? "";
}
