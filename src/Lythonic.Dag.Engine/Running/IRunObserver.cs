namespace Lythonic.Dag;

/// <summary>
/// Is told of the progress of a run and of what its nodes write. One of the engine's four seams. Its methods are called on any thread, in
/// order within a node, and never while the engine holds a lock. An exception from one of them ends the run as failed, with
/// <see cref="DagErrorId.DagEngineFault"/>.
/// </summary>
public interface IRunObserver
{
    /// <summary>A run or sub-run began.</summary>
    /// <param name="runId">The id of the run.</param>
    /// <param name="path">The DAG's name, or the path of the sub-run.</param>
    /// <param name="nodeCount">How many nodes it has.</param>
    /// <param name="parentRunId">The run that it is a sub-run of, or <see langword="null"/>.</param>
    void RunStarted(string runId, string path, int nodeCount, string? parentRunId);

    /// <summary>The number of a map's elements is known.</summary>
    /// <param name="runId">The id of the run that the map is in.</param>
    /// <param name="label">The label of the map node.</param>
    /// <param name="elements">The number of elements.</param>
    void MapExpanded(string runId, string label, int elements);

    /// <summary>
    /// A restart goes on with a run of which some nodes are done. Called after <see cref="RunStarted"/>, if there are any.
    /// </summary>
    /// <param name="runId">The id of the run.</param>
    /// <param name="nodes">How many of its nodes are done.</param>
    void NodesTakenOver(string runId, int nodes)
    {
    }

    /// <summary>
    /// Some of a map's elements are done before it begins: a restart, a replay or another attempt of the map took them over. Called after
    /// <see cref="MapExpanded"/>, if there are any.
    /// </summary>
    /// <param name="runId">The id of the run that the map is in.</param>
    /// <param name="label">The label of the map node.</param>
    /// <param name="elements">How many of its elements are done.</param>
    void ElementsTakenOver(string runId, string label, int elements)
    {
    }

    /// <summary>A node started.</summary>
    /// <param name="runId">The id of its run.</param>
    /// <param name="label">The label of the node.</param>
    void NodeStarted(string runId, string label);

    /// <summary>
    /// A node ended, or was reused. If the node completed and has a downstream, its completion is durable by now. Any other end has been
    /// posted to the store, and is durable when the run ends at the latest.
    /// </summary>
    /// <param name="runId">The id of its run.</param>
    /// <param name="label">The label of the node.</param>
    /// <param name="status">How the node ended.</param>
    void NodeEnded(string runId, string label, NodeStatus status);

    /// <summary>A node wrote a message.</summary>
    /// <param name="context">The context of the node.</param>
    /// <param name="message">The message.</param>
    /// <param name="native">The host's own record of it, such as a <c>WarningRecord</c>; or <see langword="null"/>.</param>
    void NodeSaid(DagContext context, NodeMessage message, object? native);

    /// <summary>A run or sub-run ended.</summary>
    /// <param name="runId">The id of the run.</param>
    /// <param name="status">How the run ended.</param>
    void RunEnded(string runId, DagRunStatus status);
}
