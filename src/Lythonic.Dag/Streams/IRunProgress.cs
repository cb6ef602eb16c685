namespace Lythonic.Dag.Hosting;

/// <summary>The progress bars of the run itself. They are written at most a few times a second.</summary>
internal interface IRunProgress
{
    /// <summary>The id of the run's bar. The ids after it are for other bars of the run.</summary>
    int FirstId { get; }

    /// <summary>A run or sub-run began.</summary>
    void RunStarted(string runId, string path, int nodeCount, string? parentRunId);

    /// <summary>The number of a map's elements is known.</summary>
    void MapExpanded(string runId, string label, int elements);

    /// <summary>A restart took over nodes of a run that were done.</summary>
    void NodesTakenOver(string runId, int nodes);

    /// <summary>Elements of a map are done before it begins.</summary>
    void ElementsTakenOver(string runId, string label, int elements);

    /// <summary>How many nodes of the run are in flight whose host output must be told apart.</summary>
    int InFlight { get; }

    /// <summary>How long the bars may not be written yet, in milliseconds; infinite if the next change asks for it.</summary>
    int Wait { get; }

    /// <summary>A node started.</summary>
    /// <returns>Whether it is time to write.</returns>
    bool NodeStarted(string runId, string label);

    /// <summary>A node ended.</summary>
    /// <returns>Whether it is time to write.</returns>
    bool NodeEnded(string runId, string label, NodeStatus status);

    /// <summary>A run or sub-run ended.</summary>
    /// <returns>Whether it is time to write.</returns>
    bool RunEnded(string runId);

    /// <summary>Writes the bars if it is time. Call this on the pipeline's thread.</summary>
    /// <param name="target">Where to write them.</param>
    /// <param name="isNeeded">Whether there are other bars, which need the run's bar above them.</param>
    void Write(IStreamTarget target, bool isNeeded);

    /// <summary>Removes the bars. Call this on the pipeline's thread.</summary>
    void Complete(IStreamTarget target);
}
