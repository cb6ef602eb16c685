using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>A store in memory, with a crash that loses nothing that was flushed: <see cref="Crash"/> makes every running run look abandoned.</summary>
internal sealed class MemoryProvenance : DagProvenance
{
    private readonly object _lock = new();
    private readonly List<Run> _runs = [];
    private readonly List<Node> _nodes = [];
    private bool _crashed;

    public override bool KeepsRuns => true;

    public override string? Location => "memory";

    public override int Backlog => 0;

    /// <summary>Every node run that completed, as run path and label, in the order in which they did.</summary>
    public List<string> Completions { get; } = [];

    public int RunCount => _runs.Count;

    public void Crash() => _crashed = true;

    public override void EnsureWritable()
    {
    }

    public override RunHandle CreateRun(RunStart start)
    {
        lock (_lock)
        {
            var run = new Run(start, _runs.Count + 1);
            _runs.Add(run);
            return run;
        }
    }

    public override RunHandle ClaimRun(string runId, DagDefinition definition)
    {
        lock (_lock)
        {
            var run = _runs.Single(run => run.RunId == runId);
            (run.Status, run.Definition) = (DagRunStatus.Running, definition);
            _crashed = false;
            return run;
        }
    }

    public override RunHandle ResumeRun(StoredRun run, RunHandle parent, DagDefinition definition)
    {
        lock (_lock)
        {
            var resumed = _runs.Single(candidate => candidate.RunId == run.RunId);
            (resumed.Status, resumed.Definition) = (DagRunStatus.Running, definition);
            return resumed;
        }
    }

    public override NodeRunHandle StartNode(RunHandle run, NodeStart start)
    {
        lock (_lock)
        {
            var node = new Node((Run)run, start, _nodes.Count);
            node.Run.Nodes.Add(node);
            _nodes.Add(node);
            return node;
        }
    }

    public override void EndNode(NodeRunHandle node, NodeEnd end)
    {
        lock (_lock)
        {
            var ended = (Node)node;
            Assert.Null(ended.End);
            ended.End = end;
            if (end.Status == NodeStatus.Completed)
                Completions.Add($"{ended.Run.Start.Path}:{ended.Label}");
        }
    }

    public override void EndRun(RunHandle run, RunEnd end)
    {
        lock (_lock)
        {
            var ended = (Run)run;
            Assert.Equal(DagRunStatus.Running, ended.Status);
            (ended.Status, ended.End) = (end.Status, end);
        }
    }

    public override ValueTask FlushAsync() => ValueTask.CompletedTask;

    public override StoredRun? FindRun(string runIdOrPrefix)
    {
        lock (_lock)
            return _runs.Where(run => run.RunId == runIdOrPrefix).Select(Stored).SingleOrDefault();
    }

    public override IEnumerable<StoredRun> FindRuns(RunQuery query)
    {
        lock (_lock)
            return [.. _runs.Where(run => query.IncludeSubRuns || run.Start.Parent is null).Select(Stored)];
    }

    public override IReadOnlyList<StoredNodeRun> GetNodeRuns(StoredRun run, bool allAttempts = false)
    {
        lock (_lock)
        {
            return [.. _runs[(int)run.Key - 1].Nodes
                .GroupBy(node => node.Label)
                .SelectMany(attempts => allAttempts ? attempts : attempts.TakeLast(1))
                .Select(node => node.Stored())];
        }
    }

    public override IEnumerable<StoredRun> GetSubRuns(StoredRun run, string label)
    {
        lock (_lock)
            return [.. SubRuns(run, label).Select(Stored)];
    }

    public override IEnumerable<(int Ordinal, EncodedValue Output)> GetSubRunOutputs(StoredRun run, string label)
    {
        lock (_lock)
        {
            return [.. SubRuns(run, label)
                .Where(child => child.Status == DagRunStatus.Completed)
                .Select(child => (child.Start.Ordinal, child.Nodes.Last(node => node.Definition.IsSink && node.End?.Output is not null).End!.Output!))];
        }
    }

    public override string? GetInput(StoredNodeRun node) => null;

    public override EncodedValue? GetOutput(StoredNodeRun node)
    {
        lock (_lock)
            return _nodes[(int)node.Key].End?.Output;
    }

    public override string GetText(EncodedValue value) => value.Json!;

    public override string? GetMessages(StoredNodeRun node) => null;

    public override string? GetSourceInput(StoredRun run) => _runs[(int)run.Key - 1].Start.SourceInput;

    public override DagDefinition? GetDefinition(StoredRun run) => _runs[(int)run.Key - 1].Definition;

    public override void RequestPause(string runId) => _runs.Single(run => run.RunId == runId).OnPauseRequested();

    public override int RemoveRuns(IReadOnlyCollection<string> runIds) => 0;

    /// <summary>How often a node ran, over all attempts and all sub-runs.</summary>
    public int Attempts(string label)
    {
        lock (_lock)
            return _runs.Sum(run => run.Nodes.Count(node => node.Label == label));
    }

    protected override void Dispose(bool disposing)
    {
    }

    private IEnumerable<Run> SubRuns(StoredRun run, string label) =>
        _runs.Where(child => child.Start.Parent?.RunId == run.RunId && child.Start.ParentNode == label).OrderBy(child => child.Start.Ordinal);

    private StoredRun Stored(Run run)
    {
        var status = run.Status == DagRunStatus.Running && _crashed ? DagRunStatus.Interrupted : run.Status;
        return new(run.Key, run.RunId, run.Start.Path, run.Definition.DagName, status, run.Start.StartedAt, run.End?.FinishedAt)
        {
            ParentRunId = run.Start.Parent?.RunId,
            ParentNode = run.Start.ParentNode,
            ElementKey = run.Start.ElementKey,
            Ordinal = run.Start.Ordinal,
            Branch = run.Start.Branch,
            FailedNode = run.End?.FailedNode,
            Error = run.End?.Error,
        };
    }

    private sealed class Run(RunStart start, long key) : RunHandle(start.RunId)
    {
        public RunStart Start { get; } = start;

        public long Key { get; } = key;

        public DagDefinition Definition { get; set; } = start.Definition;

        public DagRunStatus Status { get; set; }

        public RunEnd? End { get; set; }

        public List<Node> Nodes { get; } = [];
    }

    private sealed class Node(Run run, NodeStart start, long key) : NodeRunHandle
    {
        public Run Run { get; } = run;

        public NodeEnd? End { get; set; }

        public NodeDefinition Definition { get; } = run.Definition.Nodes[start.NodeIndex];

        public string Label => Definition.Label;

        public StoredNodeRun Stored() =>
            new(
                key,
                Label,
                Definition.Kind,
                End?.Status ?? NodeStatus.Running,
                start.Attempt,
                start.StartedAt,
                End?.FinishedAt,
                End?.Error,
                Definition.Fingerprint);
    }
}
