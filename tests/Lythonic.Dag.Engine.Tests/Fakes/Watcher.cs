namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>Counts what is in flight.</summary>
internal sealed class Watcher : IRunObserver
{
    private readonly object _lock = new();
    private int _open;

    public int Runs { get; private set; }

    /// <summary>The most runs and sub-runs that were open at once.</summary>
    public int MostRuns { get; private set; }

    /// <summary>Called for every node that starts.</summary>
    public Action<string>? Started { get; init; }

    /// <summary>Called for every node that ends.</summary>
    public Action<string, NodeStatus>? Ended { get; init; }

    public void RunStarted(string runId, string path, int nodeCount, string? parentRunId)
    {
        lock (_lock)
        {
            Runs++;
            MostRuns = Math.Max(MostRuns, ++_open);
        }
    }

    public void RunEnded(string runId, DagRunStatus status)
    {
        lock (_lock)
            _open--;
    }

    public void NodeEnded(string runId, string label, NodeStatus status) => Ended?.Invoke(label, status);

    public void MapExpanded(string runId, string label, int elements)
    {
    }

    public void NodeStarted(string runId, string label) => Started?.Invoke(label);

    public void NodeSaid(DagContext context, NodeMessage message, object? native)
    {
    }
}
