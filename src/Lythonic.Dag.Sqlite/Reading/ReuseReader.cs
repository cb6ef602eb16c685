using System.Text.Json;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// Finds node runs whose outputs may be reused. There is one lookup for each of very many elements: its statement is prepared once, and its
/// connection stays open for about a second after the last one.
/// </summary>
internal sealed class ReuseReader : IDisposable
{
    private const int Milliseconds = 1_000;
    private const int SnapshotMilliseconds = 20;

    /// <summary>The query for the parts by which the newest candidate of a node was compared.</summary>
    public const string PartsSql = """
        SELECT c.parts_json, u.inputs_json FROM run r JOIN node_run n ON n.run = r.id JOIN node_reuse u ON u.node_run = n.id
            LEFT JOIN reuse_code c ON c.id = u.code
        WHERE r.path = $1 COLLATE NOCASE AND r.parent IS NULL AND n.label = $2 COLLATE NOCASE
            AND NOT EXISTS (SELECT 1 FROM removal m WHERE m.run = r.id)
        ORDER BY r.started_at DESC LIMIT 1
        """;

    /// <summary>The query for the newest run in which a node ran with other code, if no run has stored the code that runs now.</summary>
    public const string OtherCodeSql = """
        SELECT r.run_id, r.started_at, c.parts_json FROM run r JOIN node_run n ON n.run = r.id JOIN node_reuse u ON u.node_run = n.id
            JOIN reuse_code c ON c.id = u.code
        WHERE r.path = $1 COLLATE NOCASE AND r.parent IS NULL AND n.label = $2 COLLATE NOCASE
            AND NOT EXISTS (SELECT 1 FROM removal m WHERE m.run = r.id)
            AND NOT EXISTS (SELECT 1 FROM reuse_code k WHERE k.code_key = $3)
        ORDER BY r.started_at DESC LIMIT 1
        """;

    /// <summary>The query for the root runs in which the code of the reused elements of a map ran.</summary>
    public const string OriginsSql = """
        SELECT coalesce(t.run_id, o.run_id) FROM run m JOIN run r ON r.parent = m.id AND r.parent_node = $2 COLLATE NOCASE
            JOIN node_run n ON n.run = r.id
            LEFT JOIN run o ON o.run_id = n.reused_from LEFT JOIN run t ON t.id = o.root
        WHERE m.run_id = $1 AND n.status = 'skipped' AND n.reused_from IS NOT NULL
        GROUP BY 1 ORDER BY min(r.ordinal)
        """;

    private readonly StoreFile _file;
    private readonly StoreReader _reader;
    private readonly PendingReuse _pending;
    private readonly object _gate = new();
    private readonly Timer _timer;
    private ReuseLookup? _lookup;
    private long _used;
    private long _looked;
    private bool _isClosed;

    public ReuseReader(StoreFile file, StoreReader reader, PendingReuse pending)
    {
        (_file, _reader, _pending) = (file, reader, pending);
        _timer = new Timer(_ => TryRest());
    }

    /// <summary>The newest candidate, or <see langword="null"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="since">The earliest time at which its code may have ended; or <see langword="null"/>.</param>
    /// <param name="isFresh">
    /// Whether a candidate that any process has just written must be found. If not, only those that this process has just written are
    /// certain to be found: there may be thousands of lookups, and SQLite reads all pages again after each commit, unless a transaction is
    /// open.
    /// </param>
    public StoredReuse? Find(string key, DateTimeOffset? since, bool isFresh)
    {
        try
        {
            ReuseCandidate? found;
            lock (_gate)
            {
                if (Look(isFresh) is not { } lookup)
                    return isFresh ? null : _pending.Find(key, since);
                if (!isFresh && _pending.Find(key, since) is { } pending)
                    return pending;
                // Outputs that are no longer in memory are in the file, but the snapshot may be older than they are.
                if (lookup.HasSnapshot && lookup.SnapshotVersion < _pending.Forgotten)
                    BeginSnapshot(lookup);
                found = lookup.Find(key, since is { } time ? StoreStatements.Seconds(time) : double.MinValue);
            }

            return found is null || Output(found) is not { } output
                ? null
                : new(output, found.RanAt, found.RanIn, found.Branch) { Key = found.Key };
        }
        catch (Exception error) when (StoreError.IsStoreError(error))
        {
            throw StoreError.From(error, _file);
        }
    }

    /// <summary>The parts by which the newest candidate of a node was compared.</summary>
    public IReadOnlyList<ReusePart>? GetParts(string path, string label) =>
        _reader
            .Read<IReadOnlyList<ReusePart>>(
                PartsSql, row => [.. Parts(RowValue.Text(row, 0)), .. Parts(RowValue.Text(row, 1))], path, label)
            .FirstOrDefault();

    /// <summary>The newest run in which a node ran with other code, if no run has stored the code that runs now.</summary>
    public OtherCode? FindOtherCode(string path, string label, string codeKey) =>
        _reader
            .Read(
                OtherCodeSql,
                row => new OtherCode(row.GetString(0), RowValue.Time(row.GetDouble(1)), [.. Parts(RowValue.Text(row, 2))]),
                path, label, codeKey)
            .FirstOrDefault();

    /// <summary>The root runs in which the code of reused elements ran; <see langword="null"/> for those that have been removed.</summary>
    public IReadOnlyList<string?> GetOrigins(string runId, string label) =>
        _reader.Read(OriginsSql, row => RowValue.Text(row, 0), runId, label);

    /// <summary>Called when a run begins, so that it sees everything that others have written.</summary>
    public void EndSnapshot()
    {
        lock (_gate)
        {
            _lookup?.EndSnapshot();
            _pending.Forget(_pending.Version);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
            _isClosed = true;
        Close();
        _timer.Dispose();
    }

    private static IEnumerable<ReusePart> Parts(string? json) => json is null
        ? []
        : JsonSerializer.Deserialize<Dictionary<string, string>>(json)!.Select(part => new ReusePart(part.Key, part.Value));

    private ReuseLookup? Look(bool isFresh)
    {
        ObjectDisposedException.ThrowIf(_isClosed, typeof(SqliteProvenance));
        if (Opened() is not { } lookup)
            return null;
        if (isFresh)
            lookup.EndSnapshot();
        else if (!lookup.HasSnapshot || _looked - lookup.SnapshotAt > SnapshotMilliseconds)
            BeginSnapshot(lookup);
        return lookup;
    }

    // The snapshot has everything that was written before, so that need not be in memory any more.
    private void BeginSnapshot(ReuseLookup lookup)
    {
        var version = _pending.Version;
        lookup.EndSnapshot();
        lookup.BeginSnapshot(_looked, version);
        _pending.Forget(version);
        Wait(SnapshotMilliseconds);
    }

    // The run that has the output may be removed before this run refers to it. Then the text is stored again.
    private EncodedValue? Output(ReuseCandidate found)
    {
        if (found.Payload is not { } payload)
            return found.Json is { } json ? new EncodedValue(json) : null;
        try
        {
            return EncodedValue.Borrow(new StoreKey(payload), _reader.Payloads.Read(payload));
        }
        catch (DagException error) when (error.Id == DagErrorId.DagValueNotRestorable)
        {
            return null;
        }
    }

    private ReuseLookup? Opened()
    {
        var now = Environment.TickCount64;
        if (_lookup is null || now - _used > Milliseconds / 4)
        {
            _used = now;
            if (_lookup is not { HasSnapshot: true })
                Wait(Milliseconds);
        }

        // Lookups come by the thousand. The file is checked once for all lookups of one moment.
        if (_lookup is not null && now != _looked && _file.IsOfOther(_lookup.Connection))
            Close();
        _looked = now;
        return _lookup ??= _file.OpenForReading() is { } connection ? new(connection) : null;
    }

    private void Wait(int milliseconds) => _timer.Change(milliseconds, Timeout.Infinite);

    // Nobody would catch an exception on this thread, and it would end the process. Lookups go on with another connection.
    private void TryRest()
    {
        try
        {
            Rest();
        }
        catch (Exception error) when (StoreError.IsStoreError(error))
        {
            lock (_gate)
                _lookup = null;
        }
    }

    // An open transaction would keep others from writing the log back into the file, and an open connection would keep them from moving or
    // deleting the file.
    private void Rest()
    {
        lock (_gate)
        {
            if (_isClosed || _lookup is null)
                return;
            _lookup.EndSnapshot();
            if (Environment.TickCount64 - _looked < Milliseconds)
                Wait(Milliseconds);
            else
                Close();
        }
    }

    private void Close()
    {
        lock (_gate)
        {
            _lookup?.Dispose();
            _lookup = null;
        }
    }
}
