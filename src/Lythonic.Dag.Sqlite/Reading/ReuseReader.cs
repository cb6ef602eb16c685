using System.Text;
using System.Text.Json;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// Finds node runs whose outputs may be reused. There is one lookup for each of very many elements: its statement is prepared once, and its
/// connection stays open for about a second after the last one.
/// </summary>
internal sealed class ReuseReader : IDisposable
{
    private const int Milliseconds = 1_000;
    private const int SnapshotMilliseconds = 20;

    /// <summary>The query for the newest candidate. Node runs of a run that is being removed are no candidates.</summary>
    public const string FindSql = """
        SELECT u.ran_at, coalesce(u.ran_in, r.run_id), r.branch, n.output_payload, n.output_json, u.node_run
        FROM node_reuse u JOIN node_run n ON n.id = coalesce(u.holder, u.node_run) JOIN run r ON r.id = n.run
        WHERE u.reuse_key = ?1 AND u.ran_at >= ?2 AND NOT EXISTS (SELECT 1 FROM removal m WHERE m.run = coalesce(r.root, r.id))
        ORDER BY u.ran_at DESC, u.node_run DESC LIMIT 1
        """;

    /// <summary>
    /// The query for the newest one of those that took over an output that is being removed: their key is that one's until it is gone.
    /// </summary>
    public const string FindHeirSql = """
        SELECT u.ran_at, coalesce(u.ran_in, n.reused_from), r.branch, n.output_payload, n.output_json, u.node_run
        FROM node_reuse u JOIN node_run n ON n.reuse_of = u.node_run JOIN run r ON r.id = n.run
        WHERE EXISTS (SELECT 1 FROM removal) AND u.reuse_key = ?1 AND u.ran_at >= ?2
            AND NOT EXISTS (SELECT 1 FROM removal m WHERE m.run = coalesce(r.root, r.id))
        ORDER BY u.ran_at DESC, n.id DESC LIMIT 1
        """;

    /// <summary>The query for the parts by which the newest candidate of a node was compared.</summary>
    public const string PartsSql = """
        SELECT c.parts_json, u.inputs_json FROM run r JOIN node_run n ON n.run = r.id JOIN node_reuse u ON u.node_run = n.id
            LEFT JOIN reuse_code c ON c.id = u.code
        WHERE r.path = $1 COLLATE NOCASE AND r.parent IS NULL AND n.label = $2 COLLATE NOCASE
            AND NOT EXISTS (SELECT 1 FROM removal m WHERE m.run = r.id)
        ORDER BY r.started_at DESC LIMIT 1
        """;

    private readonly StoreFile _file;
    private readonly StoreReader _reader;
    private readonly PendingReuse _pending;
    private readonly object _gate = new();
    private readonly Timer _timer;
    private Lookup? _lookup;
    private long _used;
    private long _looked;
    private bool _isClosed;

    public ReuseReader(StoreFile file, StoreReader reader, PendingReuse pending)
    {
        (_file, _reader, _pending) = (file, reader, pending);
        _timer = new Timer(_ => Rest());
    }

    /// <summary>The newest candidate, or <see langword="null"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="since">The earliest time at which its code may have ended; or <see langword="null"/>.</param>
    /// <param name="isFresh">
    /// Whether it has to be found that was written this moment. Where not, what this process writes is seen all the same: lookups follow
    /// one another by the thousand, and SQLite reads all pages anew after each commit of anybody, unless a transaction is open.
    /// </param>
    public StoredReuse? Find(string key, DateTimeOffset? since, bool isFresh)
    {
        try
        {
            Candidate? found;
            lock (_gate)
                found = Look(key, since is { } time ? StoreStatements.Seconds(time) : double.MinValue, isFresh);
            return found is null || Output(found) is not { } output
                ? null
                : new(output, found.RanAt, found.RanIn, found.Branch) { Key = found.Key };
        }
        catch (Exception error) when (StoreError.IsStoreError(error))
        {
            throw StoreError.From(error, _file.Path);
        }
    }

    /// <summary>The parts by which the newest candidate of a node was compared.</summary>
    public IReadOnlyList<ReusePart>? GetParts(string path, string label) =>
        _reader
            .Read<IReadOnlyList<ReusePart>>(
                PartsSql, row => [.. Parts(RowValue.Text(row, 0)), .. Parts(RowValue.Text(row, 1))], path, label)
            .FirstOrDefault();

    /// <summary>Begins a run: it sees everything that others have written.</summary>
    public void EndSnapshot()
    {
        lock (_gate)
            _lookup?.EndSnapshot();
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

    private Candidate? Look(string key, double since, bool isFresh)
    {
        ObjectDisposedException.ThrowIf(_isClosed, typeof(SqliteProvenance));
        if (Opened() is not { } lookup)
            return null;
        if (isFresh || _looked - lookup.SnapshotAt > SnapshotMilliseconds || lookup.SnapshotVersion != _pending.Version)
            lookup.EndSnapshot();
        if (!isFresh && !lookup.HasSnapshot)
        {
            lookup.BeginSnapshot(_looked, _pending.Version);
            Wait(SnapshotMilliseconds);
        }

        return lookup.Find(key, since);
    }

    // The run that has it may be removed before this one refers to it: then its text is stored anew.
    private EncodedValue? Output(Candidate found)
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

    private Lookup? Opened()
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

    // A transaction that is left open would keep others from writing the log back, and a connection others from the file.
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

    private sealed record Candidate(DateTimeOffset RanAt, string RanIn, string? Branch, long? Payload, string? Json, StoreKey Key);

    /// <summary>A connection with the statements of lookups.</summary>
    private sealed class Lookup : IDisposable
    {
        private readonly List<sqlite3_stmt> _statements = [];
        private readonly sqlite3_stmt _find;
        private readonly sqlite3_stmt _findHeir;
        private readonly sqlite3_stmt _begin;
        private readonly sqlite3_stmt _end;

        public Lookup(SqliteConnection connection)
        {
            Connection = connection;
            // The keys of very many elements are scattered over the whole index.
            using (var cache = StoreStatements.Command(connection, null, "PRAGMA cache_size = -16384"))
                cache.ExecuteNonQuery();
            (_find, _findHeir, _begin, _end) = (Prepare(FindSql), Prepare(FindHeirSql), Prepare("BEGIN"), Prepare("COMMIT"));
        }

        public SqliteConnection Connection { get; }

        public bool HasSnapshot { get; private set; }

        public long SnapshotAt { get; private set; }

        public long SnapshotVersion { get; private set; }

        /// <summary>From now on, all lookups see the same state of the file.</summary>
        public void BeginSnapshot(long now, long version)
        {
            (SnapshotAt, SnapshotVersion) = (now, version);
            Execute(_begin);
            HasSnapshot = true;
        }

        public void EndSnapshot()
        {
            if (!HasSnapshot)
                return;
            HasSnapshot = false;
            Execute(_end);
        }

        public Candidate? Find(string key, double since) => Find(_find, key, since) ?? Find(_findHeir, key, since);

        /// <inheritdoc/>
        public void Dispose()
        {
            _statements.ForEach(statement => statement.Dispose());
            Connection.Dispose();
        }

        private sqlite3_stmt Prepare(string sql)
        {
            Check(raw.sqlite3_prepare_v3(Connection.Handle!, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement));
            _statements.Add(statement);
            return statement;
        }

        private Candidate? Find(sqlite3_stmt find, string key, double since)
        {
            try
            {
                raw.sqlite3_bind_text(find, 1, key);
                raw.sqlite3_bind_double(find, 2, since);
                var result = raw.sqlite3_step(find);
                if (result == raw.SQLITE_ROW)
                    return Row(find);
                Check(result);
                return null;
            }
            finally
            {
                raw.sqlite3_reset(find);
            }
        }

        private void Execute(sqlite3_stmt statement)
        {
            var result = raw.sqlite3_step(statement);
            raw.sqlite3_reset(statement);
            Check(result);
        }

        private void Check(int result)
        {
            if (result is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
                SqliteException.ThrowExceptionForRC(result, Connection.Handle!);
        }

        private static Candidate Row(sqlite3_stmt find) => new(
            RowValue.Time(raw.sqlite3_column_double(find, 0)),
            Text(find, 1)!,
            Text(find, 2),
            raw.sqlite3_column_type(find, 3) == raw.SQLITE_NULL ? null : raw.sqlite3_column_int64(find, 3),
            Text(find, 4),
            new StoreKey(raw.sqlite3_column_int64(find, 5)));

        private static string? Text(sqlite3_stmt find, int column) =>
            raw.sqlite3_column_type(find, column) == raw.SQLITE_NULL ? null : raw.sqlite3_column_text(find, column).utf8_to_string();
    }
}
