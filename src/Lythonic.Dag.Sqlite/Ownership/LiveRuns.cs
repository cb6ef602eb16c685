using System.Collections.Concurrent;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// The root runs that this process works on, in all stores. When the store of a run fails, the file still says that this process owns the
/// run, and only this process knows better. That holds for the process, so this is static.
/// </summary>
internal static class LiveRuns
{
    private static readonly ConcurrentDictionary<string, SqliteRun> Runs = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether this process works on a run.</summary>
    public static bool Contains(string runId) => Runs.ContainsKey(runId);

    /// <summary>Adds a new run.</summary>
    public static void Add(SqliteRun run) => Runs.TryAdd(run.RunId, run);

    /// <summary>Adds a run under a new handle. What an earlier handle says no longer counts.</summary>
    public static void Replace(SqliteRun run) => Runs[run.RunId] = run;

    /// <summary>Removes a run, unless a newer handle has it.</summary>
    public static void Remove(SqliteRun run) => Runs.TryRemove(KeyValuePair.Create(run.RunId, run));
}
