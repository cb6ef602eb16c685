using System.Text;
using System.Text.Json;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// Finds node runs whose outputs may be taken. There is one lookup for each of very many elements: its statement is prepared once, and its
/// connection stays open for about a second after the last one.
/// </summary>
internal sealed class ReuseReader : IDisposable
{
    private const int Milliseconds = 1_000;

    /// <summary>The query for the newest candidate. Nothing of a run that is being removed is one.</summary>
    public const string FindSql = """
        SELECT u.ran_at, coalesce(u.ran_in, r.run_id), r.branch, n.output_payload, n.output_json
        FROM node_reuse u JOIN node_run n ON n.id = u.node_run JOIN run r ON r.id = n.run
        WHERE u.reuse_key = ?1 AND u.ran_at >= ?2 AND NOT EXISTS (SELECT 1 FROM removal m WHERE m.run = coalesce(r.root, r.id))
        ORDER BY u.ran_at DESC, u.node_run DESC LIMIT 1
        """;

    /// <summary>The query for what the newest candidate of a node was compared by.</summary>
    public const string PartsSql = """
        SELECT c.parts_json, u.inputs_json FROM run r JOIN node_run n ON n.run = r.id JOIN node_reuse u ON u.node_run = n.id
            LEFT JOIN reuse_code c ON c.id = u.code
        WHERE r.path = $1 COLLATE NOCASE AND r.parent IS NULL AND n.label = $2 COLLATE NOCASE
            AND NOT EXISTS (SELECT 1 FROM removal m WHERE m.run = r.id)
        ORDER BY r.started_at DESC LIMIT 1
        """;

    private readonly StoreFile _file;
    private readonly StoreReader _reader;
    private readonly object _gate = new();
    private readonly Timer _timer;
    private SqliteConnection? _connection;
    private sqlite3_stmt? _find;
    private long _used;
    private long _looked;
    private bool _isClosed;

    public ReuseReader(StoreFile file, StoreReader reader)
    {
        (_file, _reader) = (file, reader);
        _timer = new Timer(_ => Close());
    }

    /// <summary>The newest candidate, or <see langword="null"/>.</summary>
    public StoredReuse? Find(string key, DateTimeOffset? since)
    {
        try
        {
            Candidate? found;
            lock (_gate)
                found = Look(key, since is { } time ? StoreStatements.Seconds(time) : double.MinValue);
            return found is null || Output(found) is not { } output ? null : new(output, found.RanAt, found.RanIn, found.Branch);
        }
        catch (Exception error) when (StoreError.IsStoreError(error))
        {
            throw StoreError.From(error, _file.Path);
        }
    }

    /// <summary>What the newest candidate of a node was compared by.</summary>
    public IReadOnlyList<ReusePart>? GetParts(string path, string label) =>
        _reader
            .Read<IReadOnlyList<ReusePart>>(
                PartsSql, row => [.. Parts(RowValue.Text(row, 0)), .. Parts(RowValue.Text(row, 1))], path, label)
            .FirstOrDefault();

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

    private Candidate? Look(string key, double since)
    {
        ObjectDisposedException.ThrowIf(_isClosed, typeof(SqliteProvenance));
        if (Statement() is not { } find)
            return null;
        try
        {
            raw.sqlite3_bind_text(find, 1, key);
            raw.sqlite3_bind_double(find, 2, since);
            var result = raw.sqlite3_step(find);
            if (result == raw.SQLITE_ROW)
                return Row(find);
            if (result != raw.SQLITE_DONE)
                SqliteException.ThrowExceptionForRC(result, _connection!.Handle!);
            return null;
        }
        finally
        {
            raw.sqlite3_reset(find);
        }
    }

    private static Candidate Row(sqlite3_stmt find) => new(
        RowValue.Time(raw.sqlite3_column_double(find, 0)),
        Text(find, 1)!,
        Text(find, 2),
        raw.sqlite3_column_type(find, 3) == raw.SQLITE_NULL ? null : raw.sqlite3_column_int64(find, 3),
        Text(find, 4));

    private static string? Text(sqlite3_stmt find, int column) =>
        raw.sqlite3_column_type(find, column) == raw.SQLITE_NULL ? null : raw.sqlite3_column_text(find, column).utf8_to_string();

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

    private sqlite3_stmt? Statement()
    {
        var now = Environment.TickCount64;
        if (now - _used > Milliseconds / 4 || _find is null)
        {
            _used = now;
            _timer.Change(Milliseconds, Timeout.Infinite);
        }

        // Lookups come by the thousand. The file is checked once for all lookups of one moment.
        if (_connection is not null && now != _looked && _file.IsOfOther(_connection))
            Close();
        _looked = now;
        if (_find is not null)
            return _find;
        if (_file.OpenForReading() is not { } connection)
            return null;
        _connection = connection;
        // The keys of very many elements lie all over the index.
        using (var cache = StoreStatements.Command(connection, null, "PRAGMA cache_size = -16384"))
            cache.ExecuteNonQuery();
        SqliteException.ThrowExceptionForRC(
            raw.sqlite3_prepare_v3(connection.Handle!, FindSql, raw.SQLITE_PREPARE_PERSISTENT, out _find), connection.Handle!);
        return _find;
    }

    private void Close()
    {
        lock (_gate)
        {
            _find?.Dispose();
            _connection?.Dispose();
            (_find, _connection) = (null, null);
        }
    }

    private sealed record Candidate(DateTimeOffset RanAt, string RanIn, string? Branch, long? Payload, string? Json);
}
