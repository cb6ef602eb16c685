using System.Text;
using Lythonic.Dag.Values;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Lythonic.Dag.Sqlite;

/// <summary>A connection with the statements of lookups. One thread at a time uses it.</summary>
internal sealed class ReuseLookup : IDisposable
{
    private const int LongestKey = 128;

    private const string Columns =
        "SELECT u.ran_at, coalesce(u.ran_in, r.run_id), r.branch, n.output_payload, n.output_json, u.node_run";

    private const string Newest = """
        FROM node_reuse u JOIN node_run n ON n.id = coalesce(u.holder, u.node_run) JOIN run r ON r.id = n.run
        WHERE u.reuse_key = ?1 AND u.ran_at >= ?2
        """;

    private const string Order = "ORDER BY u.ran_at DESC, u.node_run DESC LIMIT 1";
    private const string IsNotRemoved = "NOT EXISTS (SELECT 1 FROM removal m WHERE m.run = coalesce(r.root, r.id))";

    /// <summary>The query for the newest candidate while no run is being removed.</summary>
    public const string FindSql = $"{Columns} {Newest} {Order}";

    /// <summary>The query for the newest candidate. Node runs of a run that is being removed are no candidates.</summary>
    public const string FindKeptSql = $"{Columns} {Newest} AND {IsNotRemoved} {Order}";

    /// <summary>
    /// The query for the newest node run that took over an output whose own run is being removed. Until that is gone, both have one key.
    /// </summary>
    public const string FindHeirSql = $"""
        SELECT u.ran_at, coalesce(u.ran_in, n.reused_from), r.branch, n.output_payload, n.output_json, u.node_run
        FROM node_reuse u JOIN node_run n ON n.reuse_of = u.node_run JOIN run r ON r.id = n.run
        WHERE EXISTS (SELECT 1 FROM removal) AND u.reuse_key = ?1 AND u.ran_at >= ?2 AND {IsNotRemoved}
        ORDER BY u.ran_at DESC, n.id DESC LIMIT 1
        """;

    private readonly List<sqlite3_stmt> _statements = [];
    private readonly sqlite3_stmt _find;
    private readonly sqlite3_stmt _findKept;
    private readonly sqlite3_stmt _findHeir;
    private readonly sqlite3_stmt _isRemoving;
    private readonly sqlite3_stmt _begin;
    private readonly sqlite3_stmt _end;
    private bool _mayBeRemoving;

    /// <summary>Prepares the statements.</summary>
    /// <param name="connection">An open connection, which this object disposes of.</param>
    public ReuseLookup(SqliteConnection connection)
    {
        Connection = connection;
        // The keys of very many elements are scattered over the whole index.
        using (var cache = StoreStatements.Command(connection, null, "PRAGMA cache_size = -16384"))
            cache.ExecuteNonQuery();
        _find = Prepare(FindSql);
        _findKept = Prepare(FindKeptSql);
        _findHeir = Prepare(FindHeirSql);
        _isRemoving = Prepare("SELECT 1 FROM removal LIMIT 1");
        _begin = Prepare("BEGIN");
        _end = Prepare("COMMIT");
    }

    /// <summary>The connection.</summary>
    public SqliteConnection Connection { get; }

    /// <summary>Whether there is a snapshot.</summary>
    public bool HasSnapshot { get; private set; }

    /// <summary>When it was taken.</summary>
    public long SnapshotAt { get; private set; }

    /// <summary>What this process had written by then.</summary>
    public long SnapshotVersion { get; private set; }

    /// <summary>From now on, all lookups see the same state of the file.</summary>
    public void BeginSnapshot(long now, long version)
    {
        (SnapshotAt, SnapshotVersion) = (now, version);
        Execute(_begin);
        HasSnapshot = true;
        // The first look is what takes the snapshot. Whether runs are being removed is the same for all lookups in it.
        _mayBeRemoving = Execute(_isRemoving);
    }

    /// <summary>Ends the snapshot, if there is one.</summary>
    public void EndSnapshot()
    {
        if (!HasSnapshot)
            return;
        HasSnapshot = false;
        Execute(_end);
    }

    /// <summary>The newest candidate, or <see langword="null"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="since">The earliest time at which its code may have ended.</param>
    public ReuseCandidate? Find(string key, double since) => HasSnapshot && !_mayBeRemoving
        ? Find(_find, key, since)
        : Find(_findKept, key, since) ?? Find(_findHeir, key, since);

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

    private ReuseCandidate? Find(sqlite3_stmt find, string key, double since)
    {
        try
        {
            Bind(find, key);
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

    private static void Bind(sqlite3_stmt find, string key)
    {
        Span<byte> utf8 = stackalloc byte[LongestKey];
        if (Encoding.UTF8.TryGetBytes(key, utf8, out var length))
            raw.sqlite3_bind_text(find, 1, utf8[..length]);
        else
            raw.sqlite3_bind_text(find, 1, key);
    }

    // Whether there is a row.
    private bool Execute(sqlite3_stmt statement)
    {
        var result = raw.sqlite3_step(statement);
        raw.sqlite3_reset(statement);
        Check(result);
        return result == raw.SQLITE_ROW;
    }

    private void Check(int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
            SqliteException.ThrowExceptionForRC(result, Connection.Handle!);
    }

    private static ReuseCandidate Row(sqlite3_stmt find) => new(
        RowValue.Time(raw.sqlite3_column_double(find, 0)),
        Text(find, 1)!,
        Text(find, 2),
        raw.sqlite3_column_type(find, 3) == raw.SQLITE_NULL ? null : raw.sqlite3_column_int64(find, 3),
        Text(find, 4),
        new StoreKey(raw.sqlite3_column_int64(find, 5)));

    private static string? Text(sqlite3_stmt find, int column) =>
        raw.sqlite3_column_type(find, column) == raw.SQLITE_NULL ? null : raw.sqlite3_column_text(find, column).utf8_to_string();
}
