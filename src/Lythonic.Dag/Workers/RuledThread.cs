using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Hosting;

/// <summary>The caller's thread, with the preferences of the cmdlet's common parameters, or of a strict DAG, set around all work.</summary>
internal sealed class RuledThread(
    PipelineThreadQueue queue, IReadOnlyDictionary<string, object?> preferences, string strictMode) : ICallerThread
{
    /// <summary>The thread for the nodes of a run. If there is nothing to set, it is the caller's thread as it is.</summary>
    /// <param name="queue">The queue of work for that thread.</param>
    /// <param name="snapshot">The caller's session.</param>
    /// <param name="isStrict">Whether the nodes belong to a strict DAG.</param>
    public static ICallerThread For(PipelineThreadQueue queue, SessionSnapshot snapshot, bool isStrict)
    {
        if (!isStrict)
            return snapshot.Asked.Count == 0 ? queue : new RuledThread(queue, snapshot.Asked, StrictMode.Off);
        var preferences = new Dictionary<string, object?>();
        foreach (var (name, value) in snapshot.Asked)
            preferences[name] = value;
        foreach (var (name, value) in StrictRules.Variables)
            preferences[name] = value;
        return new RuledThread(queue, preferences, StrictMode.Latest);
    }

    /// <inheritdoc/>
    public void Post(Action work) => Post(work, work);

    /// <inheritdoc/>
    public void Post(Action work, Action withdraw) => queue.PostRuled(new RuledWork(work, preferences, strictMode), withdraw);
}
