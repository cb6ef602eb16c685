using System.Buffers;
using System.Text.Json;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Lythonic.Dag.Sqlite;

/// <summary>The statements of the writer, prepared once for each connection.</summary>
internal sealed class StoreStatements : IDisposable
{
    private readonly StoreFile _file;
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, long> _definitions = [];
    private readonly List<StoreStatement> _statements = [];
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly Action<EncodedValue> _writeText;
    private readonly StoreStatement _begin;
    private readonly StoreStatement _commit;
    private readonly StoreStatement _rollback;
    private readonly StoreStatement _owns;
    private readonly StoreStatement _dataVersion;
    private readonly StoreStatement _userVersion;
    private readonly StoreStatement _insertRun;
    private readonly StoreStatement _resumeRun;
    private readonly StoreStatement _endRun;
    private readonly StoreStatement _meetConditions;
    private readonly StoreStatement _insertNode;
    private readonly StoreStatement _endNode;
    private readonly StoreStatement _beginNode;
    private readonly StoreStatement _waitNode;
    private readonly StoreStatement _withdrawNode;
    private readonly StoreStatement _setWaitsUntil;
    private readonly StoreStatement _setElementCount;
    private readonly StoreStatement _setReusedElements;
    private readonly StoreStatement _insertInput;
    private readonly StoreStatement _insertElements;
    private readonly PayloadStatements _payloads;
    private readonly ReuseStatements _reuse;
    private long _version = -1;
    private bool _isChecked;

    public StoreStatements(StoreFile file, SqliteConnection connection)
    {
        _file = file;
        _writeText = value => value.TryWrite(_text);
        _connection = connection;
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _rollback = Prepare("ROLLBACK");
        _owns = Prepare("""
            SELECT count(*) FROM run
            WHERE id = ?1 AND status = 'running' AND owner_machine = ?2 AND owner_process = ?3 AND owner_started = ?4
            """);
        _dataVersion = Prepare("PRAGMA data_version");
        _userVersion = Prepare("PRAGMA user_version");
        _insertRun = Prepare("""
            INSERT INTO run (run_id, path, definition, parent, root, parent_node, element_key, ordinal, branch, status,
                started_at, finished_at, source_inputs_json, replayed_from, tags, failed_node, error, owner_machine, owner_process,
                owner_started, error_count, failed_elements, elements, element_id, targets, started_by,
                started_process)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25,
                ?26, ?27)
            """);
        _resumeRun = Prepare("""
            UPDATE run SET status = 'running', definition = ?2, branch = ?3, finished_at = NULL, failed_node = NULL, error = NULL
            WHERE id = ?1
            """);
        _endRun = Prepare("""
            UPDATE run SET status = ?2, finished_at = ?3, failed_node = ?4, error = ?5, error_count = ?6, failed_elements = ?7,
                elements = ?8
            WHERE id = ?1 AND status = 'running'
            """);
        _meetConditions = Prepare("UPDATE run SET conditions_met = ?2 WHERE id = ?1");
        _insertNode = Prepare("""
            INSERT INTO node_run (run, definition, position, label, attempt, status, started_at, finished_at, input_json, output_json,
                output_payload, error, messages_json, error_count, failed_elements, elements, host, condition_met, reused_from,
                reuse_of)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)
            """);
        _endNode = Prepare("""
            UPDATE node_run SET status = ?2, finished_at = ?3, output_json = ?4, output_payload = ?5, error = ?6, messages_json = ?7,
                error_count = ?8, failed_elements = ?9, elements = ?10, reused_from = ?11, started_at = coalesce(?12, started_at)
                WHERE id = ?1
            """);
        _beginNode = Prepare("""
            UPDATE node_run SET status = 'running', started_at = ?2, host = ?3, input_json = coalesce(?4, input_json),
                condition_met = ?5, error = NULL
            WHERE id = ?1 AND status = 'waiting'
            """);
        _waitNode = Prepare("UPDATE node_run SET status = 'waiting', error = ?2 WHERE id = ?1 AND status = 'running'");
        _withdrawNode = Prepare("DELETE FROM node_run WHERE id = ?1 AND status = 'waiting'");
        _setWaitsUntil = Prepare("UPDATE node_run SET waits_until = ?2 WHERE id = ?1");
        _setElementCount = Prepare("UPDATE node_run SET element_count = ?2 WHERE id = ?1");
        _setReusedElements = Prepare("UPDATE node_run SET reused_elements = ?2 WHERE id = ?1");
        _insertInput = Prepare("INSERT INTO node_input (node_run, seq, name, is_element, json, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        _insertElements = Prepare("INSERT INTO node_elements (node_run, ids_json) VALUES (?1, ?2)");
        _payloads = new PayloadStatements(connection);
        _reuse = new ReuseStatements(connection);
    }

    /// <summary>Seconds since 1970, as the database keeps times.</summary>
    public static double Seconds(DateTimeOffset time) => (time.UtcDateTime - DateTime.UnixEpoch).TotalSeconds;

    /// <summary>Whether the file has another version now than the one that this module writes.</summary>
    public bool HasOtherVersion => _userVersion.Execute() != _file.Version;

    /// <summary>Writes a batch as one transaction.</summary>
    public void Write(Batch batch)
    {
        _payloads.Begin();
        _begin.Execute();
        try
        {
            _isChecked = false;
            Require(batch);
            batch.Runs.ForEach(Open);
            batch.Nodes.ForEach(Write);
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

    /// <summary>Returns the key of a definition, and inserts the definition if it is new.</summary>
    public static long Define(SqliteConnection connection, SqliteTransaction? transaction, DagDefinition definition)
    {
        using var find = Command(connection, transaction, "SELECT id FROM definition WHERE fingerprint = $1", definition.Fingerprint);
        if (find.ExecuteScalar() is long known)
            return known;
        using var insert = new StoreStatement(connection, "INSERT INTO definition (dag_name, fingerprint) VALUES (?1, ?2)");
        var key = insert.With(definition.DagName).With(definition.Fingerprint).Insert();
        using var node = new StoreStatement(connection, "INSERT INTO definition_node VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        for (var position = 0; position < definition.Nodes.Count; position++)
        {
            var (label, kind, isSource, isSink, fingerprint) = definition.Nodes[position];
            node.With(key).With(position).With(label).With((int)kind).With(isSource ? 1 : 0).With(isSink ? 1 : 0).With(fingerprint)
                .Execute();
        }

        using var edge = new StoreStatement(
            connection, "INSERT INTO definition_edge (definition, upstream, downstream) VALUES (?1, ?2, ?3)");
        foreach (var (from, to) in definition.Edges)
            edge.With(key).With(from).With(to).Execute();
        return key;
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
        _statements.ForEach(statement => statement.Dispose());
        _payloads.Dispose();
        _reuse.Dispose();
    }

    private static string? Listed(IReadOnlyList<string> texts) => texts.Count == 0 ? null : JsonSerializer.Serialize(texts);

    private static double? Seconds(DateTimeOffset? time) => time is { } known ? Seconds(known) : null;

    private StoreStatement Prepare(string sql)
    {
        var statement = new StoreStatement(_connection, sql);
        _statements.Add(statement);
        return statement;
    }

    /// <summary>Writes that a run begins or goes on, inside a transaction.</summary>
    public void Open(SqliteRun run)
    {
        if (run.DefinitionKey == 0)
            run.DefinitionKey = DefinitionKey(run.Definition);
        if (run.Resumes)
        {
            _resumeRun.With(run.Key).With(run.DefinitionKey).With(run.Branch).Execute();
            run.Resumes = false;
        }

        if (run.Start is not { } start)
            return;
        var owner = run.Parent is null ? Owner.Current : null;
        run.Key = _insertRun
            .With(start.RunId).With(start.Path).With(run.DefinitionKey).With(run.Parent?.Key).With(run.Parent?.Root.Key)
                .With(start.ParentNode)
            .With(start.ElementKey).With(start.Ordinal).With(start.Branch).With((run.End?.Status ?? DagRunStatus.Running).ToName())
            .With(Seconds(start.StartedAt)).With(Seconds(run.End?.FinishedAt)).With(start.SourceInput).With(start.ReplayedFrom)
            .With(Listed(start.Tags)).With(run.End?.FailedNode).With(run.End?.Error)
            .With(owner?.Machine).With(owner?.ProcessId).With(owner?.StartedAt).With(run.End?.Errors ?? default).With(start.ElementId)
            .With(Listed(start.Targets)).With(owner is null ? null : RunStarter.Name).With(owner?.ProcessId).Insert();
        run.IsEnded = run.End is not null;
        WriteConditions(run);
        run.Reuse = run.End?.Reuse;
        run.Start = null;
        run.End = null;
    }

    private void WriteConditions(SqliteRun run)
    {
        if (run.End?.MetConditions is { Count: > 0 } labels)
            _meetConditions.With(run.Key).With(Listed(labels)).Execute();
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

    private void End(SqliteRun run)
    {
        if (run.End is { } end)
        {
            _endRun.With(run.Key).With(end.Status.ToName()).With(Seconds(end.FinishedAt)).With(end.FailedNode).With(end.Error)
                .With(end.Errors).Execute();
            WriteConditions(run);
            run.Reuse = end.Reuse;
            run.End = null;
            run.IsEnded = true;
        }

        if (run.Reuse is not { } reuse)
            return;
        LookForOthers();
        _reuse.Write(reuse, run);
        run.Reuse = null;
    }

    // A removal of runs deletes definitions that no run has any more. It cannot run during this transaction.
    private void LookForOthers()
    {
        if (!_isChecked && _dataVersion.Execute()!.Value is var version && version != _version)
        {
            _definitions.Clear();
            _reuse.Forget();
            _version = version;
        }

        _isChecked = true;
    }

    private long DefinitionKey(DagDefinition definition)
    {
        LookForOthers();
        if (!_definitions.TryGetValue(definition.Fingerprint, out var key))
            _definitions[definition.Fingerprint] = key = Define(_connection, null, definition);
        return key;
    }

    private void Write(SqliteNodeRun node)
    {
        if (node is { IsPutBack: true, Waits: false, Key: not 0 })
            Wait(node);
        node.IsPutBack = false;
        if (node.IsWithdrawn)
        {
            if (node.Key != 0)
                _withdrawNode.With(node.Key).Execute();
            return;
        }

        var end = node.End;
        var (beside, payload) = end?.Output is { } output ? _payloads.Place(output) : (null, null);
        var taken = node.Key == 0 && end?.Reuse is { } again ? _reuse.Taken(again) : null;
        if (node.Key == 0)
        {
            InsertNode(node, beside, payload, taken);
        }
        else
        {
            if (node.Waits && node.Start.Waits is null)
                Begin(node);
            if (end is not null)
                _endNode.With(node.Key).With(end.Status.ToName()).With(Seconds(end.FinishedAt)).With(beside).With(payload).With(end.Error)
                    .With(end.Messages).With(end.Errors).With(end.ReusedFrom).With(Seconds(end.StartedAt)).Execute();
        }

        if (end?.Reuse is { } reuse && taken is null)
        {
            LookForOthers();
            _reuse.Write(reuse, node.Key);
        }

        if (end is { ReusedElements: > 0 and var elements })
            _setReusedElements.With(node.Key).With(elements).Execute();
        node.End = null;
        if (node.ElementCount is { } count)
            _setElementCount.With(node.Key).With(count).Execute();
        node.ElementCount = null;
        if (node.ElementIds is not { } ids)
            return;
        _insertElements.With(node.Key).With(ids).Execute();
        node.ElementIds = null;
    }

    private void InsertNode(SqliteNodeRun node, EncodedValue? output, long? payload, long? taken)
    {
        var (start, end) = (node.Start, node.End);
        var insert = _insertNode
            .With(node.Run.Key).With(node.Run.DefinitionKey).With(start.NodeIndex).With(node.Run.Definition.Nodes[start.NodeIndex].Label)
            .With(start.Attempt).With((end?.Status ?? start.Status).ToName()).With(Seconds(end?.StartedAt ?? start.StartedAt))
            .With(Seconds(end?.FinishedAt));
        node.Key = WithInput(insert, start)
            .With(output).With(payload).With(end is null ? start.Waits : end.Error).With(end?.Messages).With(end?.Errors ?? default)
            .With(start.Host).With(start.IsConditionMet ? 1 : 0).With(end?.ReusedFrom)
            .With(taken).Insert();
        node.Waits = end is null && start.Waits is not null;
        if (node.Waits && start.WaitsUntil is { } until)
            _setWaitsUntil.With(node.Key).With(Seconds(until)).Execute();
        PlaceApart(node);
    }

    private void Wait(SqliteNodeRun node)
    {
        node.Waits = true;
        _waitNode.With(node.Key).With(node.Start.Waits).Execute();
    }

    private void Begin(SqliteNodeRun node)
    {
        node.Waits = false;
        var statement = _beginNode.With(node.Key).With(Seconds(node.Start.StartedAt)).With(node.Start.Host);
        WithInput(statement, node.Start).With(node.Start.IsConditionMet ? 1 : 0).Execute();
        PlaceApart(node);
    }

    private static bool IsApart(NodeStart start) => start.Input is not null && start.Input.Any(static input => input.Value.IsLarge);

    // The inputs that are stored in the row of the node run itself.
    private StoreStatement WithInput(StoreStatement statement, NodeStart start)
    {
        if (start.Input is null || IsApart(start))
            return statement.With((string?)null);
        _text.ResetWrittenCount();
        InputText.Write(start.Input, _text, _writeText);
        return statement.With(_text.WrittenSpan);
    }

    private void PlaceApart(SqliteNodeRun node)
    {
        var start = node.Start;
        // A node run that begins again has its inputs in the database already.
        if (IsApart(start) && !node.IsInputPlaced)
        {
            node.IsInputPlaced = true;
            for (var seq = 0; seq < start.Input!.Count; seq++)
            {
                var (beside, key) = _payloads.Place(start.Input[seq].Value);
                _insertInput.With(node.Key).With(seq).With(start.Input[seq].Name).With(start.Input[seq].IsElement ? 1 : 0).With(beside)
                    .With(key).Execute();
            }
        }

        // A node run that has ended is dropped whole, with its inputs.
        if (node.End is null)
            node.ForgetInput();
    }
}
