using System.Collections.Concurrent;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// The root runs that this process works on, whichever store they are in. A process outlives a run whose store has failed: the file still
/// says that the process owns it, and only the process knows that it does not. That is a fact of the process, hence static.
/// </summary>
internal static class LiveRuns
{
    private static readonly ConcurrentDictionary<string, SqliteRun> Runs = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a run is worked on.</summary>
    public static bool Contains(string runId) => Runs.ContainsKey(runId);

    /// <summary>Says that a new run is worked on.</summary>
    public static void Add(SqliteRun run) => Runs.TryAdd(run.RunId, run);

    /// <summary>Says that a run is worked on under a new handle: what an earlier one says no longer counts.</summary>
    public static void Replace(SqliteRun run) => Runs[run.RunId] = run;

    /// <summary>Says that a run is no longer worked on under this handle.</summary>
    public static void Remove(SqliteRun run) => Runs.TryRemove(KeyValuePair.Create(run.RunId, run));
}
