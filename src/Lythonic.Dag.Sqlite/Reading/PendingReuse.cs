using System.Collections.Concurrent;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// The outputs of sub-runs that may be taken, and that wait to be written: an element may equal one that has completed a moment before.
/// </summary>
internal sealed class PendingReuse
{
    private readonly ConcurrentDictionary<string, SqliteRun> _runs = new(StringComparer.Ordinal);
    private long _version;

    /// <summary>Changes when outputs that may be taken are written.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>A sub-run has ended that may be found.</summary>
    public void Add(SqliteRun run) => _runs[run.Found!.Key] = run;

    /// <summary>What was added is not written after all.</summary>
    public void Remove(SqliteRun run)
    {
        if (run.Found is { } reuse)
            _runs.TryRemove(new(reuse.Key, run));
    }

    /// <summary>The sub-run with a key, or <see langword="null"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="since">When its code may have ended at the earliest; or <see langword="null"/>.</param>
    public StoredReuse? Find(string key, DateTimeOffset? since) =>
        _runs.TryGetValue(key, out var run) && run.Found is { } reuse && !(reuse.RanAt < since)
            ? new(run.Output!, reuse.RanAt, reuse.RanIn ?? run.RunId, run.Branch)
            : null;

    /// <summary>What is written can be read, and waits no more.</summary>
    public void Written(Batch batch)
    {
        if (!batch.HasReuse)
            return;
        Interlocked.Increment(ref _version);
        batch.Runs.ForEach(Remove);
    }
}
