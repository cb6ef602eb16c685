using System.Collections.Concurrent;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// The outputs of sub-runs that may be reused and wait to be written: an element may equal one that has completed a moment before. What has
/// been written stays until a snapshot of the file has it, or until there is too much: a snapshot that is made for each commit would read
/// all pages anew.
/// </summary>
internal sealed class PendingReuse
{
    private const int MostWritten = 2_048;

    private readonly ConcurrentDictionary<string, SqliteRun> _runs = new(StringComparer.Ordinal);
    private readonly Queue<SqliteRun> _written = new();
    private long _version;
    private long _forgotten;

    /// <summary>How many outputs that may be reused have been written.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>How many of them are no longer here. They can be read from the file.</summary>
    public long Forgotten => Volatile.Read(ref _forgotten);

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

    /// <summary>Notes the sub-runs that are written.</summary>
    public void Written(Batch batch)
    {
        if (!batch.HasReuse)
            return;
        lock (_written)
        {
            var isApart = false;
            foreach (var run in batch.Runs)
            {
                if (run.Found is null)
                    continue;
                _written.Enqueue(run);
                Volatile.Write(ref _version, _version + 1);
                // Only the file has the text of such an output now.
                isApart |= run.Output is { KeyInStore: not null };
            }

            Forget(isApart ? _version : _version - MostWritten);
        }
    }

    /// <summary>Lets go of what is written, up to a version.</summary>
    public void Forget(long version)
    {
        lock (_written)
        {
            // Who does not find one here sees that it is gone, and reads the file anew.
            while (_forgotten < version && _written.TryDequeue(out var run))
            {
                Volatile.Write(ref _forgotten, _forgotten + 1);
                Remove(run);
            }
        }
    }
}
