using System.Collections.Concurrent;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// The outputs of sub-runs that may be reused and wait to be written: an element may equal one that has completed a moment before.
/// </summary>
internal sealed class PendingReuse
{
    private readonly ConcurrentDictionary<string, SqliteRun> _runs = new(StringComparer.Ordinal);
    private long _version;

    /// <summary>Changes when outputs that may be reused are written.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Adds a sub-run that has ended and may be reused.</summary>
    public void Add(SqliteRun run) => _runs[run.Found!.Key] = run;

    /// <summary>Removes a sub-run that will not be written.</summary>
    public void Remove(SqliteRun run)
    {
        if (run.Found is { } reuse)
            _runs.TryRemove(new(reuse.Key, run));
    }

    /// <summary>The sub-run with a key, or <see langword="null"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="since">The earliest time at which its code may have ended; or <see langword="null"/>.</param>
    public StoredReuse? Find(string key, DateTimeOffset? since) =>
        _runs.TryGetValue(key, out var run) && run.Found is { } reuse && !(reuse.RanAt < since)
            ? new(run.Output!, reuse.RanAt, reuse.RanIn ?? run.RunId, run.Branch)
            : null;

    /// <summary>Removes the sub-runs that are written, because they can be read from the store now.</summary>
    public void Written(Batch batch)
    {
        if (!batch.HasReuse)
            return;
        Interlocked.Increment(ref _version);
        batch.Runs.ForEach(Remove);
    }
}
