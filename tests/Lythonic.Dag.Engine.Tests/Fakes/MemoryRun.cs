using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>A run of the store in memory.</summary>
internal sealed class MemoryRun(RunStart start, int process)
{
    public RunStart Start { get; set; } = start;

    public string RunId => Start.RunId;

    /// <summary>For a root run, the process that owns it.</summary>
    public int Process { get; set; } = process;

    public MemoryRun Root => Start.Parent is MemoryRunHandle parent ? parent.Run.Root : this;

    public StoreKey Key { get; set; }

    public DagDefinition Definition { get; set; } = start.Definition;

    public DagRunStatus Status { get; private set; }

    /// <summary>For a root run, the handle by which it is written.</summary>
    public MemoryRunHandle? Handle { get; set; }

    public RunEnd? End { get; private set; }

    public bool IsRemoved { get; set; }

    public TimeSpan Idle { get; private set; }

    public HashSet<string> MetConditions { get; } = [];

    public List<MemoryNodeRun> Nodes { get; } = [];

    /// <summary>Continues the run in a process.</summary>
    public void GoOn(int inProcess, DagDefinition definition, string? sourceInput = null, IReadOnlyList<string>? tags = null)
    {
        var known = Nodes.Select(node => node.End?.FinishedAt ?? node.Start.StartedAt).Append(Start.StartedAt);
        var idle = DateTimeOffset.UtcNow - (End?.FinishedAt ?? known.Max());
        Idle += idle > TimeSpan.Zero ? idle : TimeSpan.Zero;
        Status = DagRunStatus.Running;
        End = null;
        Definition = definition;
        Process = inProcess;
        var allTags = Start.Tags.Union(tags ?? [], StringComparer.OrdinalIgnoreCase);
        Start = Start with { SourceInput = sourceInput ?? Start.SourceInput, Tags = [.. allTags] };
    }

    /// <summary>Ends the node runs of a process that has ended.</summary>
    public void EndWhatRan()
    {
        MetConditions.UnionWith(Nodes.Where(node => node is { Waits: true, Start.IsConditionMet: true }).Select(node => node.Label));
        Nodes.RemoveAll(node => node.Waits && node.Input is null);
        foreach (var node in Nodes)
            node.End ??= new NodeEnd(NodeStatus.Cancelled, DateTimeOffset.UtcNow, Error: "Its process ended while it ran.");
    }

    public void Finish(RunEnd end)
    {
        Status = end.Status;
        End = end;
        MetConditions.UnionWith(end.MetConditions ?? []);
    }

    /// <summary>The node runs, in the order of the DAG's nodes.</summary>
    public IReadOnlyList<StoredNodeRun> NodeRuns(bool withWaiting, bool allAttempts) => [.. Nodes
        .Where(node => withWaiting || !node.Waits)
        .OrderBy(node => node.Start.NodeIndex)
        .GroupBy(node => node.Label)
        .SelectMany(attempts => allAttempts ? attempts : attempts.TakeLast(1))
        .Select(node => node.Stored())];

    /// <summary>The run as it is read in a process.</summary>
    public StoredRun Stored(int inProcess)
    {
        var status = Status == DagRunStatus.Running && Root.Process != inProcess ? DagRunStatus.Interrupted : Status;
        return new(Key, RunId, Start.Path, Definition.DagName, status, Start.StartedAt, End?.FinishedAt)
        {
            ParentRunId = Start.Parent?.RunId,
            ParentNode = Start.ParentNode,
            ElementKey = Start.ElementKey,
            ElementId = Start.ElementId,
            Ordinal = Start.Ordinal,
            Branch = Start.Branch,
            FailedNode = End?.FailedNode,
            Error = End?.Error,
            Errors = End?.Errors ?? default,
            ReplayedFrom = Start.ReplayedFrom,
            Idle = Idle,
            Description = Start.Description,
            Tags = Start.Tags,
            Replay = Start.Replay,
            Targets = Start.Targets,
            SinkLabels = [.. Definition.Nodes.Where(node => node.IsSink).Select(node => node.Label)],
        };
    }
}
