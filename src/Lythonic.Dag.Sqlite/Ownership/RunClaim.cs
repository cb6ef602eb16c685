using System.Text.Json;
using Lythonic.Dag.Provenance;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>Claims a run for this process, in one transaction: <see cref="ClaimRule"/> says whether it may have it.</summary>
internal static class RunClaim
{
    // These begin with what is in flight in the whole file, which is little and has indexes: the claim holds the file's lock.

    /// <summary>
    /// When a run stopped. If its process ended, nobody wrote that down: it is when the last attempt ended or began that is known. Elements
    /// that have ended are not read, which may be very many.
    /// </summary>
    public const string StoppedSql = """
        SELECT coalesce(run.finished_at, max(
            run.started_at,
            coalesce((SELECT max(coalesce(n.finished_at, n.started_at)) FROM node_run n WHERE n.run = run.id), 0),
            coalesce((SELECT max(n.started_at) FROM node_run n JOIN run r ON r.id = n.run
                WHERE n.status = 'running' AND r.root = $1), 0)))
        FROM run WHERE run.id = $1
        """;

    /// <summary>Closes the attempts that ran, and those that waited after they had run.</summary>
    public const string CancelSql = """
        UPDATE node_run SET status = 'cancelled', finished_at = $2, error = $3
        WHERE id IN (
                SELECT n.id FROM node_run n WHERE n.status = 'running'
                UNION ALL SELECT n.id FROM node_run n WHERE n.status = 'waiting' AND (n.input_json IS NOT NULL
                    OR EXISTS (SELECT 1 FROM node_input i WHERE i.node_run = n.id)
                    OR EXISTS (SELECT 1 FROM node_elements e WHERE e.node_run = n.id)))
            AND EXISTS (SELECT 1 FROM run r WHERE r.id = node_run.run AND (r.id = $1 OR r.root = $1))
        """;

    /// <summary>Keeps which of the attempts that still wait had their conditions met.</summary>
    public const string KeepConditionsSql = """
        UPDATE run SET conditions_met = (
            SELECT json_group_array(label) FROM (
                SELECT n.label AS label FROM node_run n WHERE n.run = run.id AND n.status = 'waiting' AND n.condition_met
                UNION SELECT x.value FROM json_each(run.conditions_met) x))
        WHERE id IN (SELECT n.run FROM node_run n WHERE n.status = 'waiting' AND n.condition_met) AND (id = $1 OR root = $1)
        """;

    /// <summary>Deletes the attempts that still wait.</summary>
    public const string DropWaitingSql = """
        DELETE FROM node_run WHERE status = 'waiting'
            AND EXISTS (SELECT 1 FROM run r WHERE r.id = node_run.run AND (r.id = $1 OR r.root = $1))
        """;

    /// <summary>Claims a root run for a restart.</summary>
    /// <exception cref="DagException">It is not found, not restartable or owned, or its turn has not come.</exception>
    public static SqliteRun Claim(
        StoreFile file,
        string runId,
        DagDefinition definition,
        string? sourceInput,
        IReadOnlyList<string> tags,
        bool force,
        SqliteRunTurn? turn)
    {
        if (!file.Exists)
            throw NotFound(file, runId);
        using var connection = file.OpenForWriting();
        try
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            turn?.Require(connection, transaction);
            var (key, known) = Check(file, connection, transaction, runId, force);
            var shape = DefinitionKeys.Define(connection, transaction, definition);
            using var find = StoreStatements.Command(connection, transaction, StoppedSql, key);
            var stopped = (double)find.ExecuteScalar()!;
            using var update = StoreStatements.Command(
                connection,
                transaction,
                """
                UPDATE run SET status = 'running', restarts = restarts + 1, idle = idle + max(0, $8 - $9), finished_at = NULL,
                    failed_node = NULL, error = NULL,
                    pause_requested = 0, definition = $2, owner_machine = $3, owner_process = $4, owner_started = $5,
                    source_inputs_json = coalesce($6, source_inputs_json), tags = $7
                WHERE id = $1
                """,
                key, shape, Owner.Current.Machine, Owner.Current.ProcessId, Owner.Current.StartedAt, sourceInput, Joined(known, tags),
                StoreStatements.Seconds(DateTimeOffset.UtcNow), stopped);
            update.ExecuteNonQuery();
            CloseAttempts(connection, transaction, key, stopped);
            var run = new SqliteRun(runId, definition, null) { Key = key, DefinitionKey = shape };
            DefinitionKeys.Use(connection, run);
            RunBegin.Commit(file, transaction, run, StoreCommit.Claim);
            turn?.Begun();
            return run;
        }
        catch (SqliteException error)
        {
            throw StoreError.From(error, file);
        }
    }

    // Running attempts of the dead process are closed as cancelled; waiting attempts never began and are deleted. The restart runs both
    // again.
    private static void CloseAttempts(SqliteConnection connection, SqliteTransaction transaction, long root, double stopped)
    {
        using var close = StoreStatements.Command(
            connection,
            transaction,
            $"{CancelSql}; {KeepConditionsSql}; {DropWaitingSql};",
            root, stopped, StoredNodeRun.ProcessEnded);
        close.ExecuteNonQuery();
    }

    /// <summary>Makes the error for a run that is not in the file.</summary>
    public static DagException NotFound(StoreFile file, string runId) =>
        new(DagErrorId.DagRunNotFound, $"There is no run '{runId}' in {file.Path}.", runId)
        {
            Remedy = new(DagRemedyKind.ListRuns),
        };

    private static (long Key, string? Tags) Check(
        StoreFile file, SqliteConnection connection, SqliteTransaction transaction, string runId, bool force)
    {
        using var find = StoreStatements.Command(
            connection,
            transaction,
            """
            SELECT id, status, parent, owner_machine, owner_process, owner_started, tags FROM run
            WHERE run_id = $1 AND id NOT IN (SELECT run FROM removal)
            """,
            runId);
        using var row = find.ExecuteReader();
        if (!row.Read())
            throw NotFound(file, runId);
        var owner = row.IsDBNull(2) ? new Owner(row.GetString(3), row.GetInt32(4), row.GetInt64(5)) : null;
        ClaimRule.Require(runId, row.GetString(1), owner, file.Path, force);
        return (row.GetInt64(0), row.IsDBNull(6) ? null : row.GetString(6));
    }

    private static string? Joined(string? known, IReadOnlyList<string> added) => added.Count == 0
        ? known
        : JsonSerializer.Serialize(
            (known is null ? [] : JsonSerializer.Deserialize<string[]>(known)!).Union(added, StringComparer.OrdinalIgnoreCase));
}
