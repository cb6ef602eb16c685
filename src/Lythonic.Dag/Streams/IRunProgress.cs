namespace Lythonic.Dag.Hosting;

/// <summary>The progress bars of a run itself. They are written a few times a second at most.</summary>
internal interface IRunProgress
{
    /// <summary>The id of the run's bar; from there on they are free for other bars of the run.</summary>
    int FirstId { get; }

    /// <summary>A run or sub-run began.</summary>
    void RunStarted(string runId, string path, int nodeCount, string? parentRunId);

    /// <summary>It is known how many elements a map has.</summary>
    void MapExpanded(string label, int elements);

    /// <summary>How many nodes of the run are in flight whose host output has to be told apart.</summary>
    int InFlight { get; }

    /// <summary>How long the bars may still not be written, in milliseconds; infinite where something else asks for it.</summary>
    int Wait { get; }

    /// <summary>A node started.</summary>
    /// <returns>Whether it is time to write.</returns>
    bool NodeStarted(string runId, string label);

    /// <summary>A node ended.</summary>
    /// <returns>Whether it is time to write.</returns>
    bool NodeEnded(string runId, string label);

    /// <summary>A run or sub-run ended.</summary>
    /// <returns>Whether it is time to write.</returns>
    bool RunEnded(string runId);

    /// <summary>Writes the bars if it is time. Call this on the pipeline's thread.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="isNeeded">Whether other bars come, which are below that of the run.</param>
    void Write(IStreamTarget target, bool isNeeded);

    /// <summary>Removes the bars. Call this on the pipeline's thread.</summary>
    void Complete(IStreamTarget target);
}
