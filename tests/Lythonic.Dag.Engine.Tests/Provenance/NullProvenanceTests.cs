using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Provenance;

/// <summary>
/// The part of the contract that applies to the store that keeps nothing: it takes every record, gives none back, and throws if somebody
/// needs stored runs.
/// </summary>
public sealed class NullProvenanceTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DagDefinition Shape = new("d", "F", [new NodeDefinition("a", NodeKind.Method, true, true, "f")], []);
    private static readonly StoredRun Run = new(new StoreKey(1), "r", "d", "d", DagRunStatus.Completed, At, At);
    private static readonly StoredNodeRun Node = new(new StoreKey(1), "a", NodeKind.Method, NodeStatus.Completed, 1, At, At, null, "f");

    private readonly NullProvenance _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task It_takes_every_record_late_ones_too_and_has_nothing_to_make_durable()
    {
        _store.EnsureWritable();
        var run = _store.CreateRun(new RunStart("r", "d", Shape, At));
        var node = _store.StartNode(run, new NodeStart(0, 1, At, null) { Waits = "soon" });
        _store.BeginNode(node, new NodeStart(0, 1, At, null));
        _store.EndRun(run, new RunEnd(DagRunStatus.Completed, At));
        _store.EndNode(node, new NodeEnd(NodeStatus.Completed, At, new EncodedValue("1")));
        _store.WithdrawNode(node);
        _store.EndRun(run, new RunEnd(DagRunStatus.Failed, At));
        await _store.FlushAsync();

        Assert.Equal(("r", false, 0), (run.RunId, _store.KeepsRuns, _store.Backlog));
    }

    [Fact]
    public void It_gives_nothing_back()
    {
        Assert.Null(_store.FindRun("r"));
        Assert.Empty(_store.FindRuns(new RunQuery { IncludeSubRuns = true }));
        Assert.Empty(_store.GetNodeRuns(Run, allAttempts: true));
        Assert.Empty(_store.GetSubRuns(Run, "a"));
        Assert.Empty(_store.GetSubRunOutputs(Run, "a"));
        Assert.Equal(default, _store.GetSubRunErrors(Run, "a"));
        Assert.Null(_store.GetOutput(Node));
        Assert.Equal((null, null, null), (_store.GetInput(Node), _store.GetMessages(Node), _store.GetSourceInput(Run)));
        Assert.Null(_store.GetDefinition(Run));
        Assert.Equal("1", _store.GetText(new EncodedValue("1")));
    }

    [Fact]
    public void It_says_so_to_who_needs_a_stored_run()
    {
        var run = _store.CreateRun(new RunStart("r", "d", Shape, At));

        foreach (var action in (Action[])[() => _store.ClaimRun("r", Shape), () => _store.ResumeRun(Run, run, Shape),
            () => _store.RequestPause("r"), () => _store.RemoveRuns(["r"])])
            Assert.Equal(DagErrorId.DagProvenanceRequired, Assert.Throws<DagException>(action).Id);
    }
}
