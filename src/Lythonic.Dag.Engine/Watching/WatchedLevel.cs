using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Watching;

/// <summary>A run whose nodes are shown: the run that is watched, or the sub-run of a call or switch node inside it.</summary>
internal sealed class WatchedLevel
{
    private readonly Dictionary<string, MapProgress> _progress = new(StringComparer.OrdinalIgnoreCase);
    private readonly ILookup<string, string> _upstreams;

    public WatchedLevel(StoredRun run, DagDefinition definition, string prefix, int depth)
    {
        (Run, Prefix, Depth) = (run, prefix, depth);
        Nodes = definition.Nodes;
        _upstreams = definition.Edges.ToLookup(edge => edge.To, edge => edge.From, StringComparer.OrdinalIgnoreCase);
    }

    public StoredRun Run { get; }

    /// <summary>The text before its labels.</summary>
    public string Prefix { get; }

    public int Depth { get; }

    public IReadOnlyList<NodeDefinition> Nodes { get; }

    /// <summary>The node runs as they were read last.</summary>
    public IReadOnlyDictionary<string, StoredNodeRun> NodeRuns { get; private set; } = new Dictionary<string, StoredNodeRun>();

    /// <summary>The composite nodes that have sub-runs.</summary>
    public IReadOnlyDictionary<string, MapProgress> Progress => _progress;

    /// <summary>Whether a node has only one sub-run, whose nodes are shown.</summary>
    public bool IsExpanded(string label) =>
        Nodes.FirstOrDefault(node => node.Label.Equals(label, StringComparison.OrdinalIgnoreCase))
            is { } node && node.Kind.RunsOneSubRun();

    /// <summary>The sub-runs of a node.</summary>
    public MapProgress ProgressOf(string label)
    {
        if (!_progress.TryGetValue(label, out var progress))
            _progress[label] = progress = new() { Since = NodeRuns.GetValueOrDefault(label)?.StartedAt };
        return progress;
    }

    /// <summary>Sets the node runs that were read.</summary>
    public void Update(IReadOnlyList<StoredNodeRun> nodes)
    {
        NodeRuns = nodes.ToDictionary(node => node.Label, StringComparer.OrdinalIgnoreCase);
        foreach (var (label, progress) in _progress)
            progress.Since ??= NodeRuns.GetValueOrDefault(label)?.StartedAt;
    }

    /// <summary>What a node that has not started waits for; <see langword="null"/> if it will not start, or nothing is known.</summary>
    public string? WaitOf(string label)
    {
        var open = new List<string>();
        foreach (var upstream in _upstreams[label])
        {
            switch (NodeRuns.GetValueOrDefault(upstream)?.Status ?? NodeStatus.Pending)
            {
                case NodeStatus.Pending or NodeStatus.Running or NodeStatus.Waiting:
                    open.Add(upstream);
                    break;
                // Behind a failure only a closing node starts, and the file does not say which nodes are closing ones.
                case NodeStatus.Paused or NodeStatus.Cancelled or NodeStatus.Failed or NodeStatus.UpstreamFailed:
                    return null;
                default:
                    break;
            }
        }

        return open.Count switch
        {
            0 => "a slot",
            <= 2 => string.Join(" and ", open),
            var count => $"{open[0]} and {count - 1} more",
        };
    }
}
