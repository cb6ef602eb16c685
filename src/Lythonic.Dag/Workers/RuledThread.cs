namespace Lythonic.Dag.Hosting;

/// <summary>The caller's thread, with what the common parameters of the cmdlet say, or a strict DAG, around all that it does.</summary>
internal sealed class RuledThread(PipelinePump pump, IReadOnlyDictionary<string, object?> preferences, string strictMode) : ICallerThread
{
    /// <summary>The thread for nodes of a run; the bare one where there is nothing to set.</summary>
    /// <param name="pump">What runs on that thread.</param>
    /// <param name="image">The caller's session.</param>
    /// <param name="isStrict">Whether the nodes are of a strict DAG.</param>
    public static ICallerThread For(PipelinePump pump, SessionImage image, bool isStrict)
    {
        if (!isStrict)
            return image.Asked.Count == 0 ? pump : new RuledThread(pump, image.Asked, StrictMode.Off);
        return new RuledThread(pump, image.Asked.Concat(StrictRules.Variables).GroupBy(entry => entry.Key).ToDictionary(group => group.Key, group => group.Last().Value), StrictMode.Latest);
    }

    /// <inheritdoc/>
    public void Post(Action work) => pump.PostRuled(new RuledWork(work, preferences, strictMode));
}
