namespace Lythonic.Dag.Sqlite;

/// <summary>
/// The root runs that this process works on, in all stores. When the store of a run fails, the file still says that this process owns the
/// run, and only this process knows better. That holds for the process, so this is static. Two files may have runs with the same id, and a
/// restarted run has a new handle: the id is live while any of its handles is.
/// </summary>
internal static class LiveRuns
{
    private static readonly Dictionary<string, HashSet<SqliteRun>> Runs = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether this process works on a run.</summary>
    public static bool Contains(string runId)
    {
        lock (Runs)
            return Runs.ContainsKey(runId);
    }

    /// <summary>Adds a run; once, if it is there already.</summary>
    public static void Add(SqliteRun run)
    {
        lock (Runs)
        {
            if (!Runs.TryGetValue(run.RunId, out var handles))
                Runs[run.RunId] = handles = [];
            handles.Add(run);
        }
    }

    /// <summary>Removes a run. Other handles with its id stay.</summary>
    public static void Remove(SqliteRun run)
    {
        lock (Runs)
        {
            if (Runs.TryGetValue(run.RunId, out var handles) && handles.Remove(run) && handles.Count == 0)
                Runs.Remove(run.RunId);
        }
    }
}
