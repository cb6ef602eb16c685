using Lythonic.Dag.Provenance;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>Removes runs with all that belongs to them, a few at a time, so that writers are not kept waiting.</summary>
internal static class RunRemoval
{
    private const int RowsAtOnce = 2_000;

    /// <summary>Removes root runs; live ones are left.</summary>
    /// <returns>How many were removed.</returns>
    public static int Remove(StoreFile file, IReadOnlyCollection<string> runIds)
    {
        if (runIds.Count == 0 || !file.Exists)
            return 0;
        using var connection = file.OpenForWriting();
        try
        {
            var removed = runIds.Count(runId => Remove(connection, runId));
            Execute(connection, null, "DELETE FROM definition WHERE NOT EXISTS (SELECT 1 FROM run WHERE run.definition = definition.id) AND NOT EXISTS (SELECT 1 FROM node_run WHERE node_run.definition = definition.id)");
            Execute(connection, null, "DELETE FROM definition_node WHERE definition NOT IN (SELECT id FROM definition)");
            Execute(connection, null, "DELETE FROM definition_edge WHERE definition NOT IN (SELECT id FROM definition)");
            Execute(connection, null, "PRAGMA incremental_vacuum");
            Execute(connection, null, "PRAGMA wal_checkpoint(TRUNCATE)");
            return removed;
        }
        catch (SqliteException error)
        {
            throw StoreError.From(error, file.Path);
        }
    }

    private static bool Remove(SqliteConnection connection, string runId)
    {
        using (var find = StoreStatements.Command(
            connection, null, "SELECT status, owner_machine, owner_process, owner_started FROM run WHERE run_id = $1 AND parent IS NULL", runId))
        {
            using var row = find.ExecuteReader();
            if (!row.Read())
                return false;
            if (row.GetString(0) == DagRunStatus.Running.ToName() && !new Owner(row.GetString(1), row.GetInt32(2), row.GetInt64(3)).IsDead())
                return false;
        }

        // Inner runs first: what is left after a crash in between is still a run with its id, and can be removed again.
        while (RemoveSome(connection, runId) > 0)
        {
        }

        return true;
    }

    private static int RemoveSome(SqliteConnection connection, string runId)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        Execute(connection, transaction, "CREATE TEMP TABLE IF NOT EXISTS doomed (id INTEGER PRIMARY KEY); DELETE FROM doomed;");
        Execute(connection, transaction, "CREATE TEMP TABLE IF NOT EXISTS loose (id INTEGER PRIMARY KEY); DELETE FROM loose;");
        using var choose = StoreStatements.Command(
            connection,
            transaction,
            $"""
            INSERT INTO doomed
            WITH RECURSIVE inside (id, depth) AS (
                SELECT id, 0 FROM run WHERE run_id = $1
                UNION ALL SELECT r.id, i.depth + 1 FROM run r JOIN inside i ON r.parent = i.id)
            SELECT id FROM inside ORDER BY depth DESC, id LIMIT {RowsAtOnce}
            """,
            runId);
        var runs = choose.ExecuteNonQuery();
        Execute(connection, transaction, """
            INSERT OR IGNORE INTO loose SELECT output_payload FROM node_run WHERE run IN (SELECT id FROM doomed) AND output_payload IS NOT NULL;
            INSERT OR IGNORE INTO loose SELECT i.payload FROM node_input i JOIN node_run n ON n.id = i.node_run
                WHERE n.run IN (SELECT id FROM doomed) AND i.payload IS NOT NULL;
            DELETE FROM node_input WHERE node_run IN (SELECT id FROM node_run WHERE run IN (SELECT id FROM doomed));
            DELETE FROM node_run WHERE run IN (SELECT id FROM doomed);
            DELETE FROM run WHERE id IN (SELECT id FROM doomed);
            DELETE FROM payload WHERE id IN (SELECT id FROM loose)
                AND NOT EXISTS (SELECT 1 FROM node_run n WHERE n.output_payload = payload.id)
                AND NOT EXISTS (SELECT 1 FROM node_input i WHERE i.payload = payload.id);
            """);
        transaction.Commit();
        return runs;
    }

    private static void Execute(SqliteConnection connection, SqliteTransaction? transaction, string sql)
    {
        using var command = StoreStatements.Command(connection, transaction, sql);
        command.ExecuteNonQuery();
    }
}
