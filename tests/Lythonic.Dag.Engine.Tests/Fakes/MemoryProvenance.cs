using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>
/// A store in memory. Like a real one, it shows only durable records. If <see cref="IsBuffered"/> is set, records become durable with a
/// flush. A <see cref="Crash"/> loses the records that are not durable, and all that the crashed process posts after it.
/// </summary>
internal sealed class MemoryProvenance : DagProvenance
{
    private readonly object _lock = new();
    private readonly MemoryJournal _journal;
    private readonly List<MemoryRun> _runs = [];
    private readonly List<MemoryNodeRun> _nodes = [];
    private readonly HashSet<string> _done = [];
    private readonly MemoryTurns _turns;
    private int _process;

    public MemoryProvenance()
    {
        _journal = new MemoryJournal(_lock);
        _turns = new MemoryTurns(_lock, LiveRun, () => _process, _journal.Flush);
        _journal.Durable = _turns.Tell;
    }

    /// <summary>The turns of runs that must not overlap.</summary>
    public MemoryTurns Turns => _turns;

    public override bool KeepsRuns => true;

    public override string? Location => "memory";

    public override int Backlog => 0;

    /// <summary>Whether records become durable only with a flush, and not at once.</summary>
    public bool IsBuffered { get; init; }

    /// <summary>Called for every record, by the thread that posts it.</summary>
    public Action? Posted { get; set; }

    /// <summary>Called for every flush, by the thread that waits for it.</summary>
    public Action? Flushed
    {
        get => _journal.Flushed;
        set => _journal.Flushed = value;
    }

    /// <summary>Called with each run that was searched for and found, before its nodes are read.</summary>
    public Action<StoredRun>? Found { get; set; }

    /// <summary>Called with the handle of a root run that begins or is claimed, before anybody else gets the handle.</summary>
    public Action<RunHandle>? Opened { get; set; }

    /// <summary>Records that were posted after the end of their run, as run path and record. The store ignores them.</summary>
    public List<string> Late { get; } = [];

    /// <summary>
    /// The node runs that completed or were reused, as run path and label, in the order in which that became durable.
    /// </summary>
    public List<string> Completions { get; } = [];

    public int RunCount => _runs.Count;

    /// <summary>
    /// Loses the records that are not durable, except the given number of first ones, and leaves every running run without an owner.
    /// </summary>
    public void Crash(int kept = int.MaxValue)
    {
        lock (_lock)
        {
            _journal.Lose(kept);
            _process++;
            _turns.Tell();
        }
    }

    public override void EnsureWritable()
    {
    }

    public override RunHandle CreateRun(RunStart start)
    {
        MemoryRunHandle handle;
        lock (_lock)
        {
            _turns.Require(start.Turn);
            var run = new MemoryRun(start, _process);
            handle = new MemoryRunHandle(run, _process, (MemoryRunHandle?)start.Parent);
            run.Handle = handle;
            Post(handle, "begin", () =>
            {
                _runs.Add(run);
                run.Key = new(_runs.Count);
            });
            _turns.Take(start.Turn);
        }

        if (start.Parent is null)
            Opened?.Invoke(handle);
        return handle;
    }

    public override RunTurn AskTurn(string name, bool waits) => _turns.Ask(name, waits);

    public override RunHandle ClaimRun(
        string runId,
        DagDefinition definition,
        string? sourceInput = null,
        IReadOnlyList<string>? tags = null,
        bool force = false,
        RunTurn? turn = null)
    {
        MemoryRunHandle handle;
        lock (_lock)
        {
            _turns.Require(turn);
            var run = Existing(runId);
            if (run.Start.Parent is not null || run.Status == DagRunStatus.Completed)
                throw new DagException(DagErrorId.DagRunNotRestartable, $"The run {runId} is a sub-run, or completed.", runId);
            if (IsLive(run))
                throw new DagException(DagErrorId.DagRunOwned, $"The run {runId} is running.", runId);
            run.GoOn(_process, definition, sourceInput, tags ?? []);
            foreach (var inside in _runs.Where(inside => inside.Root == run))
                inside.EndWhatRan();
            handle = run.Handle = new MemoryRunHandle(run, _process);
            _turns.Take(turn);
        }

        Opened?.Invoke(handle);
        return handle;
    }

    public override RunHandle ResumeRun(StoredRun run, RunHandle parent, DagDefinition definition)
    {
        lock (_lock)
        {
            var resumed = _runs.Single(candidate => candidate.RunId == run.RunId);
            var handle = new MemoryRunHandle(resumed, ((MemoryRunHandle)parent).Process, (MemoryRunHandle)parent);
            Post(handle, "resume", () =>
            {
                resumed.GoOn(resumed.Process, definition);
                resumed.Start = resumed.Start with { Branch = run.Branch };
            });
            return handle;
        }
    }

    public override NodeRunHandle StartNode(RunHandle run, NodeStart start)
    {
        lock (_lock)
        {
            var handle = (MemoryRunHandle)run;
            var node = new MemoryNodeRun(handle, start);
            Post(handle, $"start {node.Label}", () =>
            {
                node.Key = new(_nodes.Count);
                Assert.DoesNotContain(handle.Run.Nodes, other => other.Label == node.Label && other.Attempt == start.Attempt);
                handle.Run.Nodes.Add(node);
                _nodes.Add(node);
            });
            return node;
        }
    }

    public override void BeginNode(NodeRunHandle node, NodeStart start)
    {
        lock (_lock)
        {
            var begun = (MemoryNodeRun)node;
            Post(begun.Handle, $"begin {begun.Label}", () =>
            {
                Assert.True(begun.Waits || start.Waits is not null);
                begun.Start = start with { Input = start.Input ?? begun.Input };
            });
        }
    }

    public override void WithdrawNode(NodeRunHandle node)
    {
        lock (_lock)
        {
            var withdrawn = (MemoryNodeRun)node;
            Post(withdrawn.Handle, $"withdraw {withdrawn.Label}", () =>
            {
                Assert.True(withdrawn.Waits);
                withdrawn.Handle.Run.Nodes.Remove(withdrawn);
            });
        }
    }

    public override void RecordElements(NodeRunHandle node, string elementIds)
    {
        lock (_lock)
        {
            var map = (MemoryNodeRun)node;
            Post(map.Handle, $"elements of {map.Label}", () => map.ElementIds = elementIds);
        }
    }

    public override void RecordElementCount(NodeRunHandle node, int count)
    {
        lock (_lock)
        {
            var map = (MemoryNodeRun)node;
            Post(map.Handle, $"count of {map.Label}", () => map.ElementCount = count);
        }
    }

    public override void EndNode(NodeRunHandle node, NodeEnd end)
    {
        lock (_lock)
        {
            var ended = (MemoryNodeRun)node;
            if (ended.IsClosed)
            {
                Late.Add($"{ended.Handle.Run.Start.Path}: second end of {ended.Label}");
                return;
            }

            ended.IsClosed = true;
            Post(ended.Handle, $"end {ended.Label}", () =>
            {
                ended.End = end;
                if (end.Status is NodeStatus.Completed or NodeStatus.Skipped)
                {
                    Completions.Add($"{ended.Handle.Run.Start.Path}:{ended.Label}");
                    _done.Add(Completions[^1]);
                }
            });
        }
    }

    public override void EndRun(RunHandle run, RunEnd end)
    {
        lock (_lock)
        {
            var ended = (MemoryRunHandle)run;
            Post(ended, "end", () => ended.Run.Finish(end), closes: true);
        }
    }

    /// <inheritdoc cref="MemoryJournal.SharesFlushes"/>
    public bool SharesFlushes
    {
        get => _journal.SharesFlushes;
        init => _journal.SharesFlushes = value;
    }

    public override ValueTask FlushAsync() => _journal.FlushAsync();

    public override ValueTask FlushSoonAsync() => _journal.FlushSoonAsync();

    public override StoredRun? FindRun(string runIdOrPrefix) =>
        Read(() => MemoryQuery.ById([.. _runs.Where(run => !run.IsRemoved).Select(Stored)], runIdOrPrefix));

    public override IEnumerable<StoredRun> FindRuns(RunQuery query)
    {
        var found = Read(() => MemoryQuery.Find([.. _runs.Where(run => !run.IsRemoved).Select(Stored)], query).ToList());
        if (Found is { } tell)
            found.ForEach(tell);
        return found;
    }

    public override IReadOnlyList<StoredNodeRun> GetNodeRuns(StoredRun run, bool allAttempts = false) =>
        Read(() => _runs[(int)run.Key.Value - 1].NodeRuns(withWaiting: run.Status != DagRunStatus.Interrupted, allAttempts));

    public override IEnumerable<StoredRun> GetSubRuns(StoredRun run, string label, bool unfinished = false) =>
        Read(() => SubRuns(run, label).All(unfinished).Select(Stored).ToList());

    public override IEnumerable<SubRunOutput> GetSubRunOutputs(StoredRun run, string label) =>
        Read(() => SubRuns(run, label).Outputs());

    public override (ErrorCounts Errors, string? First) GetSubRunErrors(StoredRun run, string label) =>
        Read(() => SubRuns(run, label).Errors(label));

    public override IEnumerable<(StoreKey Key, string Input)> GetSubRunInputs(StoredRun run, string label) =>
        Read(() => SubRuns(run, label).Inputs());

    public override IReadOnlyList<SubRunShape> GetSubRunShapes(StoredRun run, string label) =>
        Read(() => SubRuns(run, label).Shapes());

    public override string? GetElements(StoredRun run, string label) =>
        Read(() => NodesOf(run, label).LastOrDefault(node => node.ElementIds is not null)?.ElementIds);

    public override IReadOnlyList<string> GetMetConditions(StoredRun run) =>
        Read(() => _runs[(int)run.Key.Value - 1].MetConditions.ToList());

    public override bool WasAlwaysGiven(StoredRun run, string label, EncodedValue value) =>
        Read(() => NodesOf(run, label).All(node => node.Input is null || node.Input[0].Value.Json == value.Json));

    public override string? GetInput(StoredNodeRun node) =>
        Read(() => _nodes[(int)node.Key.Value].InputJson());

    public override EncodedValue? GetOutput(StoredNodeRun node) =>
        Read(() => _nodes[(int)node.Key.Value].End?.Output);

    public override string GetText(EncodedValue value) => value.Json!;

    public override StoredReuse? FindReuse(string key, DateTimeOffset? since = null) =>
        Read(() => MemoryReuse.Find(_runs, key, since));

    public override IReadOnlyList<ReusePart>? GetReuseParts(string path, string label) =>
        Read(() => MemoryReuse.Parts(_runs, path, label));

    public override string? GetMessages(StoredNodeRun node) =>
        Read(() => _nodes[(int)node.Key.Value].End?.Messages);

    public override string? GetSourceInput(StoredRun run) => _runs[(int)run.Key.Value - 1].Start.SourceInput;

    public override DagDefinition? GetDefinition(StoredRun run) => _runs[(int)run.Key.Value - 1].Definition;

    public override void RequestPause(string runId)
    {
        MemoryRunHandle handle;
        lock (_lock)
        {
            var run = Existing(runId);
            if (run.Start.Parent is not null || !IsLive(run))
                throw new DagException(DagErrorId.DagRunNotRestartable, $"The run {runId} is a sub-run, or not running.", runId);
            handle = run.Handle!;
        }

        handle.OnPauseRequested();
    }

    public override int RemoveRuns(IReadOnlyCollection<string> runIds)
    {
        lock (_lock)
        {
            var gone = _runs.Where(run => runIds.Contains(run.RunId) && run.Start.Parent is null && !run.IsRemoved && !IsLive(run))
                .ToHashSet();
            foreach (var run in _runs.Where(run => gone.Contains(run.Root)))
                run.IsRemoved = true;
            return gone.Count;
        }
    }

    /// <summary>Whether a node run is done and durable.</summary>
    public bool IsDone(string pathAndLabel) =>
        Read(() => _done.Contains(pathAndLabel));

    /// <summary>Forgets what is done, before a new run under the same name.</summary>
    public void ForgetDone()
    {
        lock (_lock)
            _done.Clear();
    }

    /// <summary>Reads something of the runs under the lock.</summary>
    public T Ask<T>(Func<IReadOnlyList<MemoryRun>, T> question) => Read(() => question(_runs));

    protected override void Dispose(bool disposing)
    {
    }

    private T Read<T>(Func<T> read)
    {
        lock (_lock)
            return read();
    }

    private IEnumerable<MemoryNodeRun> NodesOf(StoredRun run, string label) =>
        _runs[(int)run.Key.Value - 1].Nodes.Where(node => node.Label.Equals(label, StringComparison.OrdinalIgnoreCase));

    private MemorySubRuns SubRuns(StoredRun run, string label) =>
        new(_runs.Where(child => child.Start.Parent?.RunId == run.RunId && child.Start.ParentNode == label));

    private StoredRun Stored(MemoryRun run) => run.Stored(_process);

    private MemoryRun Existing(string runId) => _runs.FirstOrDefault(run => run.RunId == runId && !run.IsRemoved)
        ?? throw new DagException(DagErrorId.DagRunNotFound, $"There is no run '{runId}' in memory.", runId);

    private bool IsLive(MemoryRun run) => run.Status == DagRunStatus.Running && run.Process == _process;

    private MemoryRun? LiveRun(string name) => _runs.FirstOrDefault(
        run => run.Start.Parent is null && !run.IsRemoved && IsLive(run)
            && run.Start.Path.Equals(name, StringComparison.OrdinalIgnoreCase));

    private void Post(MemoryRunHandle handle, string what, Action record, bool closes = false)
    {
        if (handle.Process != _process)
            return;
        if (handle.IsOver)
        {
            Late.Add($"{handle.Run.Start.Path}: {what}");
            return;
        }

        handle.IsClosed = closes;
        _journal.Add(record);
        if (!IsBuffered)
            _journal.Flush();
        Posted?.Invoke();
    }
}
