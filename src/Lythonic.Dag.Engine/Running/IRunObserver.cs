namespace Lythonic.Dag;

/// <summary>
/// Watches a run: progress and streams. One of the engine's four seams. Called on any thread, in order within a node, and never under a
/// lock of the engine's. What it throws ends the run as failed, with <see cref="DagErrorId.DagEngineFault"/>.
/// </summary>
public interface IRunObserver
{
    /// <summary>A run or sub-run began.</summary>
    /// <param name="runId">Its id.</param>
    /// <param name="path">Its path.</param>
    /// <param name="nodeCount">How many nodes it has.</param>
    /// <param name="parentRunId">The run that it is a sub-run of, or <see langword="null"/>.</param>
    void RunStarted(string runId, string path, int nodeCount, string? parentRunId);

    /// <summary>A map node knows its elements.</summary>
    /// <param name="runId">The id of the run that it is in.</param>
    /// <param name="label">Its label.</param>
    /// <param name="elements">How many there are.</param>
    void MapExpanded(string runId, string label, int elements);

    /// <summary>A node started.</summary>
    /// <param name="runId">The id of its run.</param>
    /// <param name="label">Its label.</param>
    void NodeStarted(string runId, string label);

    /// <summary>
    /// A node ended, or was reused. That a node with a downstream completed is durable by then; all else is posted to the store, and
    /// durable with the end of the run at the latest.
    /// </summary>
    /// <param name="runId">The id of its run.</param>
    /// <param name="label">Its label.</param>
    /// <param name="status">How.</param>
    void NodeEnded(string runId, string label, NodeStatus status);

    /// <summary>A node said something.</summary>
    /// <param name="context">Which node.</param>
    /// <param name="message">What.</param>
    /// <param name="native">The host's own record of it; or <see langword="null"/>.</param>
    void NodeSaid(DagContext context, NodeMessage message, object? native);

    /// <summary>A run or sub-run ended.</summary>
    /// <param name="runId">Its id.</param>
    /// <param name="status">How.</param>
    void RunEnded(string runId, DagRunStatus status);
}
