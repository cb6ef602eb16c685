namespace Lythonic.Dag.Loading;

/// <summary>
/// Stores that runs of this process have done with, for the next run in the same database: it finds the file open, as long as that stays
/// so, and what was read and prepared of it. A store serves one run at a time, so that what goes wrong in one run is nothing to another.
/// </summary>
internal static class IdleStores
{
    private const int Most = 4;

    private static readonly List<(string Path, bool Full, DagProvenance Store)> Idle = [];

    /// <summary>A store for a run: an idle one, or a new one.</summary>
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

    /// <summary>Keeps a store for the next run, unless something of it is left to write: then it has failed, or somebody uses it.</summary>
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
