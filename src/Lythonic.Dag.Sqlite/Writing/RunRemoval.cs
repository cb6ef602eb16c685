using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>Removes runs with all that belongs to them, a few rows at a time, so that writers are not kept waiting.</summary>
internal sealed class RunRemoval : IDisposable
{
    private const int RunsAtOnce = 200;
    private const int RowsAtOnce = 1_000;
    private const int PagesAtOnce = 1_000;

    // The pages that a removal of old runs leaves in the file, and the part of the file: the next runs use them.
    private const int SparePages = 1_000;
    private const int SparePart = 4;

    /// <summary>The condition for shapes that some root run uses.</summary>
    public const string IsUsed = "EXISTS (SELECT 1 FROM definition_use u WHERE u.definition = old_definition.id)";

    /// <summary>What a removal notes while it works.</summary>
    public const string TemporaryTables = """
        CREATE TEMP TABLE gone_run (id INTEGER PRIMARY KEY);
        CREATE TEMP TABLE gone_node (id INTEGER PRIMARY KEY);
        CREATE TEMP TABLE heir (reuse INTEGER PRIMARY KEY, ran_in TEXT, holder INTEGER);
        CREATE TEMP TABLE loose (payload INTEGER PRIMARY KEY);
        CREATE TEMP TABLE old_definition (id INTEGER PRIMARY KEY);
        CREATE TEMP TABLE old_code (id INTEGER PRIMARY KEY);
        """;

    /// <summary>Passes outputs that may be reused to other node runs that have them. The rows of these may be very many.</summary>
    public const string PassOn = """
        UPDATE node_reuse SET (holder, ran_in) = (SELECT h.holder, h.ran_in FROM heir h WHERE h.reuse = node_reuse.node_run)
            WHERE node_run IN (SELECT reuse FROM heir)
        """;

    /// <summary>Finds the code that no node run names any more.</summary>
    public const string FindUnusedCode = """
        INSERT OR IGNORE INTO old_code SELECT id FROM reuse_code
            WHERE NOT EXISTS (SELECT 1 FROM node_reuse u WHERE u.code = reuse_code.id)
        """;

    private const string Unused = """
        DELETE FROM payload WHERE id IN (SELECT payload FROM loose)
            AND NOT EXISTS (SELECT 1 FROM node_run n WHERE n.output_payload = payload.id)
            AND NOT EXISTS (SELECT 1 FROM node_input i WHERE i.payload = payload.id)
            AND NOT EXISTS (SELECT 1 FROM payload_part t WHERE t.part = payload.id)
        """;

    private const string KeepUsed = $"DELETE FROM old_definition WHERE {IsUsed}";

    private static readonly TimeSpan HeldAtOnce = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(110);

    private readonly StoreFile _file;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand[] _steps;
    private TimeSpan _held;

    private RunRemoval(StoreFile file)
    {
        _file = file;
        _connection = file.OpenForWriting();
        Execute(null, TemporaryTables);
        _steps = [.. ((string[])[
            "SELECT max(run) FROM removal",
            "INSERT OR IGNORE INTO removal SELECT id FROM run WHERE parent = $1 AND id NOT IN (SELECT id FROM gone_run) LIMIT $2",
            "INSERT INTO gone_node SELECT id FROM node_run WHERE run = $1 LIMIT $2",
            "INSERT INTO gone_run VALUES ($1)",
            "DELETE FROM removal WHERE run = $1"]).Select(sql => StoreStatements.Command(_connection, null, sql, 0L, 0L))];
    }

    /// <summary>Removes root runs, except live ones, and everything that an earlier removal left behind.</summary>
    /// <param name="file">The file.</param>
    /// <param name="runIds">The full ids of the runs.</param>
    /// <param name="shrinksAtOnce">Whether to make the file smaller even by little.</param>
    /// <returns>How many were removed.</returns>
    public static int Remove(StoreFile file, IReadOnlyCollection<string> runIds, bool shrinksAtOnce = true)
    {
        if (!file.Exists)
            return 0;
        try
        {
            if (runIds.Count == 0 && !IsAnythingLeft(file))
                return 0;
            using var removal = new RunRemoval(file);
            var removed = runIds.Chunk(RunsAtOnce).Sum(some => removal.GiveWay(() => removal.Doom(some)));
            removal.RemoveAll();
            removal.RemoveDefinitions();
            if (shrinksAtOnce || removal.HasMuchToSpare())
                removal.GiveBack();
            return removed;
        }
        catch (SqliteException error)
        {
            throw StoreError.From(error, file);
        }
    }

    private static bool IsAnythingLeft(StoreFile file)
    {
        using var connection = file.OpenForReading();
        using var left = connection is null ? null : StoreStatements.Command(connection, null, "SELECT 1 FROM removal LIMIT 1");
        return left?.ExecuteScalar() is not null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var step in _steps)
            step.Dispose();
        _connection.Dispose();
    }

    // From here on readers do not see the runs, and nobody can restart them.
    private int Doom(string[] runIds)
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        var doomed = runIds.Count(
            runId => Find(transaction, runId) is { } key && Execute(transaction, "INSERT OR IGNORE INTO removal VALUES ($1)", key) == 1);
        _file.Commit(transaction, StoreCommit.Doom);
        return doomed;
    }

    private long? Find(SqliteTransaction transaction, string runId)
    {
        using var find = StoreStatements.Command(
            _connection, transaction,
                "SELECT id, status, owner_machine, owner_process, owner_started FROM run WHERE run_id = $1 AND parent IS NULL", runId);
        using var row = find.ExecuteReader();
        if (!row.Read())
            return null;
        var isLive = row.GetString(1) == DagRunStatus.Running.ToName()
            && !new Owner(row.GetString(2), row.GetInt32(3), row.GetInt64(4)).HasLeft(runId);
        return isLive ? null : row.GetInt64(0);
    }

    private void RemoveAll()
    {
        while (GiveWay(RemoveSome))
        {
        }
    }

    // A waiting writer, even of another program, looks at least every tenth of a second whether the lock is free. After this class has held
    // the lock for a while, it leaves the lock free for longer than that.
    private T GiveWay<T>(Func<T> step)
    {
        var started = Stopwatch.GetTimestamp();
        var result = step();
        _held += Stopwatch.GetElapsedTime(started);
        if (_held >= HeldAtOnce)
        {
            // Nothing here waits for an event, which a sleep would only guess at: SQLite's lock cannot be handed over and does not say who
            // waits for it. The only way to let other processes write is to leave it alone for a while. This thread has no other work.
            Thread.Sleep(_held > Window ? _held : Window);
            _held = TimeSpan.Zero;
        }

        return result;
    }

    private bool RemoveSome()
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        Execute(transaction, "DELETE FROM gone_run; DELETE FROM gone_node; DELETE FROM loose; DELETE FROM heir;");
        if (!Gather(transaction))
            return false;
        Execute(transaction, $"""
            DELETE FROM definition_use WHERE root IN (SELECT id FROM gone_run);
            INSERT OR IGNORE INTO loose SELECT output_payload FROM node_run WHERE id IN (SELECT id FROM gone_node)
                AND output_payload IS NOT NULL;
            INSERT OR IGNORE INTO loose SELECT payload FROM node_input WHERE node_run IN (SELECT id FROM gone_node) AND payload IS NOT NULL;
            DELETE FROM node_input WHERE node_run IN (SELECT id FROM gone_node);
            INSERT INTO heir
                SELECT u.node_run, coalesce(u.ran_in, r.run_id), (
                    SELECT max(h.id) FROM node_run h JOIN run q ON q.id = h.run
                    WHERE h.reuse_of = u.node_run AND h.id NOT IN (SELECT id FROM gone_node)
                        AND coalesce(q.root, q.id) NOT IN (SELECT run FROM removal))
                FROM gone_node g JOIN node_run n ON n.id = g.id JOIN run r ON r.id = n.run
                    JOIN node_reuse u ON u.node_run = coalesce(n.reuse_of, n.id) AND coalesce(u.holder, u.node_run) = n.id;
            DELETE FROM node_reuse WHERE node_run IN (SELECT reuse FROM heir WHERE holder IS NULL);
            {PassOn};
            DELETE FROM node_elements WHERE node_run IN (SELECT id FROM gone_node);
            DELETE FROM node_run WHERE id IN (SELECT id FROM gone_node);
            DELETE FROM run WHERE id IN (SELECT id FROM gone_run);
            INSERT OR IGNORE INTO loose SELECT part FROM payload_part WHERE payload IN (SELECT payload FROM loose) AND part IS NOT NULL;
            """);
        // Remove lists first, then the values that only they had.
        while (Execute(transaction, Unused) > 0)
            Execute(transaction,
                "DELETE FROM payload_part WHERE payload IN (SELECT payload FROM loose) AND payload NOT IN (SELECT id FROM payload)");
        _file.Commit(transaction, StoreCommit.Removal);
        return true;
    }

    // Remove the run with the highest key first: a sub-run has a higher key than the run that contains it, so that run goes last.
    private bool Gather(SqliteTransaction transaction)
    {
        foreach (var step in _steps)
            step.Transaction = transaction;
        var (next, expand, nodesOf, removeRun, forget) = (_steps[0], _steps[1], _steps[2], _steps[3], _steps[4]);
        var gathered = 0;
        while (gathered < RowsAtOnce && next.ExecuteScalar() is long run)
        {
            var inside = Execute(expand, run, RowsAtOnce);
            gathered += 1 + inside;
            if (inside > 0)
                continue;
            var room = RowsAtOnce - gathered + 1;
            var nodes = Execute(nodesOf, run, room);
            gathered += nodes;
            if (nodes == room)
                break;
            Execute(removeRun, run);
            Execute(forget, run);
        }

        return gathered > 0;
    }

    private static int Execute(SqliteCommand step, long run, long limit = 0)
    {
        (step.Parameters[0].Value, step.Parameters[1].Value) = (run, limit);
        return step.ExecuteNonQuery();
    }

    // The check holds no lock. It finds those of an earlier removal too, whose process ended before it came here.
    private void RemoveDefinitions()
    {
        // If a writer refers to one of them again meanwhile, only a comparison for people lacks it.
        Execute(null, FindUnusedCode);
        Execute(null, "DELETE FROM reuse_code WHERE id IN (SELECT id FROM old_code)");
        Execute(null, $"INSERT INTO old_definition SELECT id FROM definition AS old_definition WHERE NOT {IsUsed}");
        if (Number(null, "SELECT max(id) FROM old_definition") is null)
            return;
        using var transaction = _connection.BeginTransaction(deferred: false);
        Execute(transaction, $"""
            {KeepUsed};
            DELETE FROM definition WHERE id IN (SELECT id FROM old_definition);
            DELETE FROM definition_node WHERE definition IN (SELECT id FROM old_definition);
            DELETE FROM definition_edge WHERE definition IN (SELECT id FROM old_definition);
            """);
        _file.Commit(transaction, StoreCommit.Definitions);
    }

    private bool HasMuchToSpare() => Number(null, "PRAGMA freelist_count") is var free
        && free > SparePages && free > Number(null, "PRAGMA page_count") / SparePart;

    private void GiveBack()
    {
        for (var free = Number(null, "PRAGMA freelist_count"); free > 0;)
        {
            GiveWay(Vacuum);
            var left = Number(null, "PRAGMA freelist_count");
            if (left >= free)
                break;
            free = left;
        }

        // It does not wait for readers, because writers would wait too. The next one that closes the file does the same.
        BusyWait.Set(_connection.Handle!, TimeSpan.Zero);
        Execute(null, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private int Vacuum()
    {
        // A step of this statement frees one page.
        using var vacuum = StoreStatements.Command(_connection, null, $"PRAGMA incremental_vacuum({PagesAtOnce})");
        using var row = vacuum.ExecuteReader();
        var pages = 0;
        while (row.Read())
            pages++;
        return pages;
    }

    private int Execute(SqliteTransaction? transaction, string sql, params object?[] values)
    {
        using var command = StoreStatements.Command(_connection, transaction, sql, values);
        return command.ExecuteNonQuery();
    }

    private long? Number(SqliteTransaction? transaction, string sql)
    {
        using var command = StoreStatements.Command(_connection, transaction, sql);
        return command.ExecuteScalar() as long?;
    }
}
