namespace Lythonic.Dag.Loading;

/// <summary>
/// Keeps the stores of runs that have ended, for the next run of this process in the same database, which then need not open the file and
/// prepare its statements. A store serves one run at a time, so that a failure in one run does not affect another.
/// </summary>
internal static class IdleStores
{
    private const int Most = 4;

    private static readonly List<(string Path, bool Full, DagProvenance Store)> Idle = [];

    /// <summary>Takes an idle store for a run, or makes a new one.</summary>
    /// <param name="path">The file's full path.</param>
    /// <param name="full">Whether each commit is synced to the disk.</param>
    public static DagProvenance Take(string path, bool full)
    {
        lock (Idle)
        {
            var found = Idle.FindLastIndex(idle => idle.Full == full && idle.Path == path);
            if (found >= 0)
            {
                var store = Idle[found].Store;
                Idle.RemoveAt(found);
                return store;
            }
        }

        return StoreLoader.Open(path, full);
    }

    /// <summary>Keeps a store for the next run, unless it has records left to write: then it has failed, or is in use.</summary>
    /// <param name="path">The file's full path.</param>
    /// <param name="full">Whether each commit is synced to the disk.</param>
    /// <param name="store">The store.</param>
    public static void Keep(string path, bool full, DagProvenance store)
    {
        if (!store.KeepsRuns || store.Backlog > 0)
            return;
        lock (Idle)
        {
            if (Idle.Count == Most)
                Idle.RemoveAt(0);
            Idle.Add((path, full, store));
        }
    }
}
