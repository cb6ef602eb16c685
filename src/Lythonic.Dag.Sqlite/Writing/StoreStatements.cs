using Lythonic.Dag.Provenance;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Lythonic.Dag.Sqlite;

/// <summary>Writes batches with statements that are prepared once for each connection.</summary>
internal sealed class StoreStatements : IDisposable
{
    private readonly StoreFile _file;
    private readonly SqliteConnection _connection;
    private readonly PreparedStatements _statements;
    private readonly StoreStatement _begin;
    private readonly StoreStatement _commit;
    private readonly StoreStatement _rollback;
    private readonly StoreStatement _owns;
    private readonly StoreStatement _userVersion;
    private readonly OtherWriters _others;
    private readonly DefinitionKeys _definitions;
    private readonly PayloadStatements _payloads;
    private readonly ReuseStatements _reuse;
    private readonly RunStatements _runs;
    private readonly NodeRunStatements _nodes;

    public StoreStatements(StoreFile file, SqliteConnection connection)
    {
        _file = file;
        _connection = connection;
        _statements = new PreparedStatements(connection);
        _begin = _statements.Prepare("BEGIN IMMEDIATE");
        _commit = _statements.Prepare("COMMIT");
        _rollback = _statements.Prepare("ROLLBACK");
        _owns = _statements.Prepare("""
            SELECT count(*) FROM run
            WHERE id = ?1 AND status = 'running' AND owner_machine = ?2 AND owner_process = ?3 AND owner_started = ?4
            """);
        _userVersion = _statements.Prepare("PRAGMA user_version");
        _others = new OtherWriters(connection);
        _definitions = new DefinitionKeys(connection, _others);
        _payloads = new PayloadStatements(connection);
        _reuse = new ReuseStatements(connection, _others);
        _runs = new RunStatements(connection);
        _nodes = new NodeRunStatements(connection, _payloads, _reuse);
    }

    /// <summary>Seconds since 1970, as the database keeps times.</summary>
    public static double Seconds(DateTimeOffset time) => (time.UtcDateTime - DateTime.UnixEpoch).TotalSeconds;

    /// <inheritdoc cref="Seconds(DateTimeOffset)"/>
    public static double? Seconds(DateTimeOffset? time) => time is { } known ? Seconds(known) : null;

    /// <summary>Whether the file has another version now than the one that this module writes.</summary>
    public bool HasOtherVersion => _userVersion.Execute() != _file.Version;

    /// <summary>Writes a batch as one transaction.</summary>
    public void Write(Batch batch)
    {
        _payloads.Begin();
        _begin.Execute();
        try
        {
            _others.Begin();
            Require(batch);
            _runs.Begin(batch.Runs.Count);
            batch.Runs.ForEach(Open);
            _runs.Flush();
            _nodes.Begin(batch.Nodes.Count);
            batch.Nodes.ForEach(_nodes.Write);
            _nodes.Flush();
            batch.Runs.ForEach(End);
            _file.Commit(() => _commit.Execute(), StoreCommit.Records);
        }
        catch
        {
            // After some errors SQLite has already rolled back.
            if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
                _rollback.Execute();
            throw;
        }

        _payloads.Release();
        batch.Runs.ForEach(run => run.IsInBatch = false);
        batch.Nodes.ForEach(node => node.IsInBatch = false);
    }

    /// <summary>A command with its parameters.</summary>
    public static SqliteCommand Command(SqliteConnection connection, SqliteTransaction? transaction, string sql, params object?[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        for (var index = 0; index < values.Length; index++)
            command.Parameters.AddWithValue($"${index + 1}", values[index] ?? DBNull.Value);
        return command;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _statements.Dispose();
        _others.Dispose();
        _definitions.Dispose();
        _payloads.Dispose();
        _reuse.Dispose();
        _runs.Dispose();
        _nodes.Dispose();
    }

    // A process that was taken for dead may still be alive, if machines share a name or a system was asleep. Its records must not be mixed
    // with those of the new owner.
    private void Require(Batch batch)
    {
        SqliteRun? last = null;
        foreach (var run in batch.Runs)
            Require(run.Root, ref last);
        foreach (var node in batch.Nodes)
            Require(node.Run.Root, ref last);
    }

    private void Require(SqliteRun root, ref SqliteRun? last)
    {
        if (root == last || root.Key == 0)
            return;
        last = root;
        if (_owns.With(root.Key).With(Owner.Current.Machine).With(Owner.Current.ProcessId).With(Owner.Current.StartedAt)
            .Execute() is not 1L)
            throw new DagException(
                DagErrorId.DagRunOwned,
                $"The run {root.RunId} no longer belongs to this process: another process has taken it over or removed it.",
                root.RunId)
            {
                Remedy = new(DagRemedyKind.LookAtRun),
            };
    }

    private void Open(SqliteRun run)
    {
        var isNew = run.DefinitionKey == 0;
        if (isNew)
            run.DefinitionKey = _definitions.Define(run.Definition);
        _runs.Open(run);
        if (isNew)
            _definitions.Use(run);
    }

    private void End(SqliteRun run)
    {
        _runs.End(run);
        // It may have been written with the end of the sink.
        if (run.Reuse is { } reuse && !ReferenceEquals(reuse, run.ReuseOfSink))
            _reuse.Write(reuse, run);
        run.Reuse = null;
    }
}
