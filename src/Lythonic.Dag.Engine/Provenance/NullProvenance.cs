using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag;

/// <summary>A store that keeps nothing. Its runs can be neither restarted nor replayed.</summary>
public sealed class NullProvenance : DagProvenance
{
    private static readonly NullNodeRun Node = new();

    /// <inheritdoc/>
    public override bool KeepsRuns => false;

    /// <inheritdoc/>
    public override string? Location => null;

    /// <inheritdoc/>
    public override int Backlog => 0;

    /// <inheritdoc/>
    public override void EnsureWritable()
    {
    }

    /// <inheritdoc/>
    public override RunHandle CreateRun(RunStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        return new NullRun(start.RunId);
    }

    /// <inheritdoc/>
    public override RunTurn AskTurn(string name, bool waits) => throw TurnRequired(name);

    /// <inheritdoc/>
    public override RunHandle ClaimRun(
        string runId,
        DagDefinition definition,
        string? sourceInput = null,
        IReadOnlyList<string>? tags = null,
        bool force = false,
        RunTurn? turn = null) =>
        throw Required();

    /// <inheritdoc/>
    public override RunHandle ResumeRun(StoredRun run, RunHandle parent, DagDefinition definition) => throw Required();

    /// <inheritdoc/>
    public override NodeRunHandle StartNode(RunHandle run, NodeStart start) => Node;

    /// <inheritdoc/>
    public override void BeginNode(NodeRunHandle node, NodeStart start)
    {
    }

    /// <inheritdoc/>
    public override void WithdrawNode(NodeRunHandle node)
    {
    }

    /// <inheritdoc/>
    public override void RecordElements(NodeRunHandle node, string elementIds)
    {
    }

    /// <inheritdoc/>
    public override void EndNode(NodeRunHandle node, NodeEnd end)
    {
    }

    /// <inheritdoc/>
    public override void EndRun(RunHandle run, RunEnd end)
    {
    }

    /// <inheritdoc/>
    public override ValueTask FlushAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public override StoredRun? FindRun(string runIdOrPrefix) => null;

    /// <inheritdoc/>
    public override IEnumerable<StoredRun> FindRuns(RunQuery query) => [];

    /// <inheritdoc/>
    public override IReadOnlyList<StoredNodeRun> GetNodeRuns(StoredRun run, bool allAttempts = false) => [];

    /// <inheritdoc/>
    public override IEnumerable<StoredRun> GetSubRuns(StoredRun run, string label, bool unfinished = false) => [];

    /// <inheritdoc/>
    public override IEnumerable<SubRunOutput> GetSubRunOutputs(StoredRun run, string label) => [];

    /// <inheritdoc/>
    public override IEnumerable<(StoreKey Key, string Input)> GetSubRunInputs(StoredRun run, string label) => [];

    /// <inheritdoc/>
    public override IReadOnlyList<SubRunShape> GetSubRunShapes(StoredRun run, string label) => [];

    /// <inheritdoc/>
    public override string? GetElements(StoredRun run, string label) => null;

    /// <inheritdoc/>
    public override IReadOnlyList<string> GetMetConditions(StoredRun run) => [];

    /// <inheritdoc/>
    public override bool WasAlwaysGiven(StoredRun run, string label, EncodedValue value) => false;

    /// <inheritdoc/>
    public override (ErrorCounts Errors, string? First) GetSubRunErrors(StoredRun run, string label) => default;

    /// <inheritdoc/>
    public override string? GetInput(StoredNodeRun node) => null;

    /// <inheritdoc/>
    public override EncodedValue? GetOutput(StoredNodeRun node) => null;

    /// <inheritdoc/>
    public override string GetText(EncodedValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Json ?? throw Required();
    }

    /// <inheritdoc/>
    public override string? GetMessages(StoredNodeRun node) => null;

    /// <inheritdoc/>
    public override string? GetSourceInput(StoredRun run) => null;

    /// <inheritdoc/>
    public override DagDefinition? GetDefinition(StoredRun run) => null;

    /// <inheritdoc/>
    public override void RequestPause(string runId) => throw Required();

    /// <inheritdoc/>
    public override int RemoveRuns(IReadOnlyCollection<string> runIds) => throw Required();

    /// <summary>The error for an operation that needs stored runs.</summary>
    internal static DagException Required() =>
        new(DagErrorId.DagProvenanceRequired, "This run keeps no provenance, so it can be neither restarted, replayed nor found.")
        {
            Remedy = new(DagRemedyKind.UseStore),
        };

    /// <summary>The error for a run that must be the only live one of its name.</summary>
    internal static DagException TurnRequired(string name) =>
        new(
            DagErrorId.DagProvenanceRequired,
            $"Only the database knows which runs of '{name}' are live, and this run keeps no provenance.",
            name) { Remedy = new DagRemedy(DagRemedyKind.UseStore) };

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }

    private sealed class NullRun(string runId) : RunHandle(runId);

    private sealed class NullNodeRun : NodeRunHandle;
}
