namespace Lythonic.Dag.Execution;

/// <summary>Tells the observers. An exception of an observer is no node's fault, and no node gets it.</summary>
/// <param name="observer">Who watches.</param>
/// <param name="fault">Gets what they throw.</param>
internal sealed class SupervisedObserver(IRunObserver observer, Action<Exception> fault) : IRunObserver
{
    /// <inheritdoc/>
    public void RunStarted(string runId, string path, int nodeCount, string? parentRunId)
    {
        try
        {
            observer.RunStarted(runId, path, nodeCount, parentRunId);
        }
        catch (Exception error)
        {
            fault(error);
        }
    }

    /// <inheritdoc/>
    public void MapExpanded(string runId, string label, int elements)
    {
        try
        {
            observer.MapExpanded(runId, label, elements);
        }
        catch (Exception error)
        {
            fault(error);
        }
    }

    /// <inheritdoc/>
    public void NodesTakenOver(string runId, int nodes)
    {
        try
        {
            observer.NodesTakenOver(runId, nodes);
        }
        catch (Exception error)
        {
            fault(error);
        }
    }

    /// <inheritdoc/>
    public void ElementsTakenOver(string runId, string label, int elements)
    {
        try
        {
            observer.ElementsTakenOver(runId, label, elements);
        }
        catch (Exception error)
        {
            fault(error);
        }
    }

    /// <inheritdoc/>
    public void NodeStarted(string runId, string label)
    {
        try
        {
            observer.NodeStarted(runId, label);
        }
        catch (Exception error)
        {
            fault(error);
        }
    }

    /// <inheritdoc/>
    public void NodeEnded(string runId, string label, NodeStatus status)
    {
        try
        {
            observer.NodeEnded(runId, label, status);
        }
        catch (Exception error)
        {
            fault(error);
        }
    }

    /// <inheritdoc/>
    public void NodeSaid(DagContext context, NodeMessage message, object? native)
    {
        try
        {
            observer.NodeSaid(context, message, native);
        }
        catch (Exception error)
        {
            fault(error);
        }
    }

    /// <inheritdoc/>
    public void RunEnded(string runId, DagRunStatus status)
    {
        try
        {
            observer.RunEnded(runId, status);
        }
        catch (Exception error)
        {
            fault(error);
        }
    }
}
