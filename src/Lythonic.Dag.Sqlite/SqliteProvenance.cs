using System.Text;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Sqlite;

/// <summary>A store that keeps runs in a SQLite file. The first run creates the file; reading never does.</summary>
public sealed class SqliteProvenance : DagProvenance
{
    private readonly PendingReuse _pending = new();
    private readonly StoreFile _file;
    private readonly StoreWriter _writer;
    private readonly StoreReader _reader;
    private readonly ReuseReader _reuse;

    /// <summary>Makes a store for a file. The file is not opened yet.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="full">
    /// Whether each commit is synced to the disk. If not, nothing that was reported done is lost when the process is killed, but a power
    /// cut may lose the last commits.
    /// </param>
    public SqliteProvenance(string path, bool full = false)
        : this(path, full, StoreEnvironment.Real)
    {
    }

    internal SqliteProvenance(string path, bool full, StoreEnvironment environment)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _file = new StoreFile(path, full, environment);
        _writer = new StoreWriter(_file, _pending);
        _reader = new StoreReader(_file);
        _reuse = new ReuseReader(_file, _reader, _pending);
        ProcessEnd.Close(this);
    }

    /// <inheritdoc/>
    public override bool KeepsRuns => true;

    /// <inheritdoc/>
    public override string Location => _file.Path;

    /// <inheritdoc/>
    public override int Backlog => _writer.Backlog;

    /// <inheritdoc/>
    public override void EnsureWritable()
    {
        _reuse.EndSnapshot();
        _writer.EnsureOpen();
    }

    /// <inheritdoc/>
    public override RunHandle CreateRun(RunStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        if (start.Turn is SqliteRunTurn turn)
        {
            var begun = RunBegin.Record(_file, start, turn);
            _writer.Watch(begun);
            return begun;
        }

        var run = new SqliteRun(start.RunId, start.Definition, (SqliteRun?)start.Parent) { Start = start, Branch = start.Branch };
        _writer.Post(run, null, isFlushedNext: run.Parent is null);
        return run;
    }

    /// <inheritdoc/>
    public override RunTurn AskTurn(string name, bool waits) => new SqliteRunTurn(_file, name, waits);

    /// <inheritdoc/>
    public override LockClaim AskLocks(IReadOnlyList<string> names) => new SqliteLockClaim(_file, names);

    /// <inheritdoc/>
    public override RunHandle ClaimRun(
        string runId,
        DagDefinition definition,
        string? sourceInput = null,
        IReadOnlyList<string>? tags = null,
        bool force = false,
        RunTurn? turn = null)
    {
        var run = RunClaim.Claim(_file, runId, definition, sourceInput, tags ?? [], force, (SqliteRunTurn?)turn);
        _writer.Watch(run);
        return run;
    }

    /// <inheritdoc/>
    public override RunHandle ResumeRun(StoredRun run, RunHandle parent, DagDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(run);
        var resumed = new SqliteRun(run.RunId, definition, (SqliteRun)parent) { Key = run.Key.Value, Resumes = true, Branch = run.Branch };
        _writer.Post(resumed, null);
        return resumed;
    }

    /// <inheritdoc/>
    public override NodeRunHandle StartNode(RunHandle run, NodeStart start)
    {
        var node = new SqliteNodeRun((SqliteRun)run, start);
        _writer.Post(node, null);
        return node;
    }

    /// <inheritdoc/>
    public override void BeginNode(NodeRunHandle node, NodeStart start) => _writer.Post(node, start);

    /// <inheritdoc/>
    public override void WithdrawNode(NodeRunHandle node) => _writer.Post(node, SqliteNodeRun.Withdrawal);

    /// <inheritdoc/>
    public override void RecordElements(NodeRunHandle node, string elementIds) => _writer.Post(node, new ElementsDrawn(elementIds));

    /// <inheritdoc/>
    public override void RecordElementCount(NodeRunHandle node, int count) => _writer.Post(node, new ElementsCounted(count));

    /// <inheritdoc/>
    public override void EndNode(NodeRunHandle node, NodeEnd end)
    {
        if (node is SqliteNodeRun { Run: { Parent: not null } run, Start: var start } sink && run.Definition.Nodes[start.NodeIndex].IsSink)
            (run.Output, run.Sink, run.ReuseOfSink) = (end.Output, sink, end.Reuse);
        _writer.Post(node, end);
    }

    /// <inheritdoc/>
    public override void EndRun(RunHandle run, RunEnd end)
    {
        var ended = (SqliteRun)run;
        if (end.Reuse is { } reuse && ended.Output is not null)
        {
            ended.Found = reuse;
            _pending.Add(ended);
        }

        // Add it before it is posted, because it may be written at once.
        if (!_writer.Post(run, end))
            _pending.Remove(ended);
    }

    /// <inheritdoc/>
    internal override void RecordReused(RunStart start, IReadOnlyList<ReusedNode> nodes, RunEnd end)
    {
        var run = new SqliteRun(start.RunId, start.Definition, (SqliteRun?)start.Parent) { Start = start, Branch = start.Branch };
        var written = new SqliteNodeRun[nodes.Count];
        for (var index = 0; index < written.Length; index++)
            written[index] = new(run, nodes[index].Start) { End = nodes[index].End };
        _writer.Post(run, new ReusedSubRun(written, end));
    }

    /// <inheritdoc/>
    public override ValueTask FlushAsync() => new(_writer.FlushAsync());

    /// <inheritdoc/>
    public override ValueTask FlushSoonAsync() => new(_writer.FlushSoonAsync());

    /// <inheritdoc/>
    internal override ValueTask FlushHereAsync() => new(_writer.FlushHereAsync());

    /// <inheritdoc/>
    public override StoredRun? FindRun(string runIdOrPrefix) => _reader.FindRun(runIdOrPrefix);

    /// <inheritdoc/>
    public override IEnumerable<StoredRun> FindRuns(RunQuery query) => _reader.FindRuns(query);

    /// <inheritdoc/>
    public override IReadOnlyList<StoredNodeRun> GetNodeRuns(StoredRun run, bool allAttempts = false)
    {
        ArgumentNullException.ThrowIfNull(run);
        // Show what a restart will record. Until then the file has the records of the process that ended. Attempts that waited in that
        // process no longer wait.
        var nodes = _reader.GetNodeRuns(run.Key.Value, allAttempts, withWaiting: run.Status != DagRunStatus.Interrupted);
        return run.Status != DagRunStatus.Interrupted ? nodes : [.. nodes.Select(node => node.Status == NodeStatus.Running
            ? node with { Status = NodeStatus.Cancelled, Error = StoredNodeRun.ProcessEnded }
            : node)];
    }

    /// <inheritdoc/>
    public override IEnumerable<StoredRun> GetSubRuns(StoredRun run, string label, bool unfinished = false)
    {
        ArgumentNullException.ThrowIfNull(run);
        return _reader.GetSubRuns(run.Key.Value, label, unfinished);
    }

    /// <inheritdoc/>
    internal override IEnumerable<StoredRun> GetFailedSubRuns(StoredRun run, string label, int most) =>
        _reader.GetFailedSubRuns(run.Key.Value, label, most);

    /// <inheritdoc/>
    public override IEnumerable<SubRunOutput> GetSubRunOutputs(StoredRun run, string label)
    {
        ArgumentNullException.ThrowIfNull(run);
        return _reader.SubRuns.GetOutputs(run.Key.Value, label);
    }

    /// <inheritdoc/>
    internal override void ReadCompleted(StoredRun run, string label, CompletedSubRunTaker take) =>
        _reader.SubRuns.ReadCompleted(run.Key.Value, label, take);

    /// <inheritdoc/>
    public override IEnumerable<(StoreKey Key, string Input)> GetSubRunInputs(StoredRun run, string label)
    {
        ArgumentNullException.ThrowIfNull(run);
        return _reader.SubRuns.GetInputs(run.Key.Value, label);
    }

    /// <inheritdoc/>
    public override IEnumerable<(int Ordinal, string Input)> GetElementInputs(StoredRun run, string label)
    {
        ArgumentNullException.ThrowIfNull(run);
        return _reader.SubRuns.GetElementInputs(run.Key.Value, label);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<SubRunShape> GetSubRunShapes(StoredRun run, string label)
    {
        ArgumentNullException.ThrowIfNull(run);
        return _reader.SubRuns.GetShapes(run.Key.Value, label);
    }

    /// <inheritdoc/>
    public override string? GetElements(StoredRun run, string label)
    {
        ArgumentNullException.ThrowIfNull(run);
        return _reader.SubRuns.GetElements(run.Key.Value, label);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> GetMetConditions(StoredRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return _reader.GetMetConditions(run.Key.Value);
    }

    /// <inheritdoc/>
    public override bool WasAlwaysGiven(StoredRun run, string label, EncodedValue value)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(value);
        return _reader.SubRuns.WasAlwaysGiven(run.Key.Value, label, value);
    }

    /// <inheritdoc/>
    public override (ErrorCounts Errors, string? First) GetSubRunErrors(StoredRun run, string label)
    {
        ArgumentNullException.ThrowIfNull(run);
        return _reader.SubRuns.GetErrors(run.Key.Value, label);
    }

    /// <inheritdoc/>
    public override string? GetInput(StoredNodeRun node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return _reader.GetInput(node) is { } json ? Encoding.UTF8.GetString(json.Span) : null;
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte>? GetInputUtf8(StoredNodeRun node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return _reader.GetInput(node);
    }

    /// <inheritdoc/>
    public override EncodedValue? GetOutput(StoredNodeRun node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return _reader.GetOutput(node.Key.Value);
    }

    /// <inheritdoc/>
    public override IEnumerable<ReadOnlyMemory<byte>> ReadInput(StoredNodeRun node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return _reader.ReadInput(node.Key.Value);
    }

    /// <inheritdoc/>
    public override IEnumerable<ReadOnlyMemory<byte>> ReadOutput(StoredNodeRun node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return _reader.GetOutput(node.Key.Value) is { } output ? _reader.Payloads.Pieces(output) : [];
    }

    /// <inheritdoc/>
    public override string GetText(EncodedValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Json ?? Encoding.UTF8.GetString(_reader.Payloads.Read(value.KeyInStore!.Value.Value).Span);
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> GetUtf8(EncodedValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.IsInStore ? _reader.Payloads.Read(value.KeyInStore!.Value.Value) : base.GetUtf8(value);
    }

    /// <inheritdoc/>
    public override string? GetMessages(StoredNodeRun node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return _reader.GetMessages(node.Key.Value);
    }

    /// <inheritdoc/>
    public override string? GetSourceInput(StoredRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return _reader.GetSourceInput(run.Key.Value) is { } json ? Encoding.UTF8.GetString(json.Span) : null;
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte>? GetSourceInputUtf8(StoredRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return _reader.GetSourceInput(run.Key.Value);
    }

    /// <inheritdoc/>
    public override DagDefinition? GetDefinition(StoredRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return _reader.GetDefinition(run.Key.Value);
    }

    /// <inheritdoc/>
    public override StoredReuse? FindReuse(string key, DateTimeOffset? since = null) => _reuse.Find(key, since, isFresh: true);

    /// <inheritdoc/>
    internal override StoredReuse? FindElementReuse(string key, DateTimeOffset? since) =>
        _reuse.Find(key, since, isFresh: false);

    /// <inheritdoc/>
    public override IReadOnlyList<ReusePart>? GetReuseParts(string path, string label) => _reuse.GetParts(path, label);

    /// <inheritdoc/>
    internal override IReadOnlyList<string?> GetReuseOrigins(string runId, string label) => _reuse.GetOrigins(runId, label);

    /// <inheritdoc/>
    internal override OtherCode? FindOtherCode(string path, string label, string codeKey) =>
        _reuse.FindOtherCode(path, label, codeKey);

    /// <inheritdoc/>
    internal override IEnumerable<SubRunState> GetSubRunStates(StoreKey root, StoreKey after) =>
        _reader.Watch.After(root.Value, after.Value);

    /// <inheritdoc/>
    internal override IReadOnlyList<SubRunState> GetSubRunStates(IReadOnlyCollection<StoreKey> subRuns) => _reader.Watch.Some(subRuns);

    /// <inheritdoc/>
    internal override IReadOnlyList<(StoreKey Run, StoredNodeRun Node)> GetNodeRuns(IReadOnlyCollection<StoreKey> runs) =>
        _reader.Watch.Nodes(runs);

    /// <inheritdoc/>
    internal override IReadOnlyList<(StoreKey Run, StoredNodeRun Node)> GetNodesWithMessages(
        IReadOnlyCollection<StoreKey> runs, int most) => _reader.Watch.NodesWithMessages(runs, most);

    /// <inheritdoc/>
    internal override IReadOnlyList<SpeakingNode> GetSpeakingNodes(
        StoreKey root, StoreKey after, IReadOnlyCollection<StoreKey> others) => _reader.Watch.Speaking(root.Value, after.Value, others);

    /// <inheritdoc/>
    internal override (int Count, DateTimeOffset? Next) GetWaits(IReadOnlyCollection<StoreKey> runs) => _reader.Watch.Waits(runs);

    /// <inheritdoc/>
    internal override string? FindReplay(StoredRun run) => _reader.Replay(run);

    /// <inheritdoc/>
    internal override IReadOnlyList<(string Lock, string Owner)> GetLockHolders() => _reader.Watch.LockHolders();

    /// <inheritdoc/>
    public override void RequestPause(string runId)
    {
        var run = FindRun(runId) ?? throw RunClaim.NotFound(_file, runId);
        PauseRequest.Post(_file, run);
    }

    /// <inheritdoc/>
    internal override bool HasLost(string runId) => _writer.HasLost(runId);

    /// <inheritdoc/>
    public override int RemoveRuns(IReadOnlyCollection<string> runIds) => RunRemoval.Remove(_file, runIds);

    /// <inheritdoc/>
    internal override void RemoveOldRuns(IReadOnlyCollection<string> runIds) => RunRemoval.Remove(_file, runIds, shrinksAtOnce: false);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _writer.Dispose();
        _reuse.Dispose();
        _reader.Dispose();
    }
}
