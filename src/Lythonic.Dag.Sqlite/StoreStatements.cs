using System.Globalization;
using System.Text;
using System.Text.Json;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>The statements of the writer, prepared once for each connection.</summary>
internal sealed class StoreStatements : IDisposable
{
    private readonly StoreFile _file;
    private readonly SqliteConnection _connection;
    private readonly List<SqliteCommand> _commands = [];
    private readonly Dictionary<string, long> _definitions = [];
    private readonly Dictionary<EncodedValue, long> _written = [];
    private readonly SqliteCommand _owns;
    private readonly SqliteCommand _dataVersion;
    private readonly SqliteCommand _insertRun;
    private readonly SqliteCommand _resumeRun;
    private readonly SqliteCommand _endRun;
    private readonly SqliteCommand _insertNode;
    private readonly SqliteCommand _endNode;
    private readonly SqliteCommand _insertInput;
    private readonly SqliteCommand _insertPayload;
    private readonly SqliteCommand _insertPart;
    private readonly SqliteCommand _copyParts;
    private long _version = -1;

    public StoreStatements(StoreFile file, SqliteConnection connection)
    {
        (_file, _connection) = (file, connection);
        _owns = Prepare("SELECT count(*) FROM run WHERE id = $1 AND status = 'running' AND owner_machine = $2 AND owner_process = $3 AND owner_started = $4", 4);
        _dataVersion = Prepare("PRAGMA data_version", 0);
        _insertRun = Prepare("""
            INSERT INTO run (run_id, path, definition, parent, root, parent_node, element_key, ordinal, branch, status, started_at, finished_at,
                source_inputs_json, replayed_from, tags, failed_node, error, owner_machine, owner_process, owner_started)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) RETURNING id
            """, 20);
        _resumeRun = Prepare("UPDATE run SET status = 'running', definition = $2, finished_at = NULL, failed_node = NULL, error = NULL WHERE id = $1", 2);
        _endRun = Prepare("UPDATE run SET status = $2, finished_at = $3, failed_node = $4, error = $5 WHERE id = $1 AND status = 'running'", 5);
        _insertNode = Prepare("""
            INSERT INTO node_run (run, definition, position, label, attempt, status, started_at, finished_at, input_json, output_json,
                output_payload, error, messages_json)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id
            """, 13);
        _endNode = Prepare("""
            UPDATE node_run SET status = $2, finished_at = $3, output_json = $4, output_payload = $5, error = $6, messages_json = $7 WHERE id = $1
            """, 7);
        _insertInput = Prepare("INSERT INTO node_input (node_run, seq, name, is_element, json, payload) VALUES ($1, $2, $3, $4, $5, $6)", 6);
        _insertPayload = Prepare("INSERT INTO payload (json) VALUES ($1) RETURNING id", 1);
        _insertPart = Prepare("INSERT INTO payload_part (payload, seq, json, part) VALUES ($1, $2, $3, $4)", 4);
        _copyParts = Prepare("INSERT INTO payload_part (payload, seq, json, part) SELECT $1, $2 + seq, json, part FROM payload_part WHERE payload = $3", 3);
    }

    /// <summary>Seconds since 1970, as the database keeps times.</summary>
    public static double Seconds(DateTimeOffset time) => (time.UtcDateTime - DateTime.UnixEpoch).TotalSeconds;

    /// <summary>Writes a batch as one transaction.</summary>
    public void Write(Batch batch)
    {
        _written.Clear();
        using (var transaction = _connection.BeginTransaction(deferred: false))
        {
            foreach (var command in _commands)
                command.Transaction = transaction;
            Require(batch);
            batch.Runs.ForEach(Open);
            batch.Nodes.ForEach(Write);
            batch.Runs.ForEach(End);
            _file.Commit(transaction, StoreCommit.Records);
        }

        foreach (var (value, key) in _written)
            value.Release(key);
        batch.Runs.ForEach(run => run.IsInBatch = false);
        batch.Nodes.ForEach(node => node.IsInBatch = false);
    }

    /// <summary>The key of a definition; it is written where it is not there yet.</summary>
    public static long Define(SqliteConnection connection, SqliteTransaction transaction, DagDefinition definition)
    {
        using var find = Command(connection, transaction, "SELECT id FROM definition WHERE fingerprint = $1", definition.Fingerprint);
        if (find.ExecuteScalar() is long known)
            return known;
        using var insert = Command(
            connection, transaction, "INSERT INTO definition (dag_name, fingerprint) VALUES ($1, $2) RETURNING id", definition.DagName, definition.Fingerprint);
        var key = (long)insert.ExecuteScalar()!;
        using var node = Command(
            connection, transaction, "INSERT INTO definition_node VALUES ($1, $2, $3, $4, $5, $6, $7)", key, 0, "", 0, 0, 0, "");
        for (var position = 0; position < definition.Nodes.Count; position++)
        {
            var (label, kind, isSource, isSink, fingerprint) = definition.Nodes[position];
            Set(node, key, position, label, (int)kind, isSource ? 1 : 0, isSink ? 1 : 0, fingerprint).ExecuteNonQuery();
        }

        using var edge = Command(
            connection, transaction, "INSERT INTO definition_edge (definition, upstream, downstream) VALUES ($1, $2, $3)", key, "", "");
        foreach (var (from, to) in definition.Edges)
            Set(edge, key, from, to).ExecuteNonQuery();
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
    public void Dispose() => _commands.ForEach(command => command.Dispose());

    private static SqliteCommand Set(SqliteCommand command, params object?[] values)
    {
        for (var index = 0; index < values.Length; index++)
            command.Parameters[index].Value = values[index] ?? DBNull.Value;
        return command;
    }

    private SqliteCommand Prepare(string sql, int parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var index = 1; index <= parameters; index++)
            command.Parameters.Add(new SqliteParameter { ParameterName = $"${index}", Value = DBNull.Value });
        command.Prepare();
        _commands.Add(command);
        return command;
    }

    private void Open(SqliteRun run)
    {
        if (run.DefinitionKey == 0)
            run.DefinitionKey = DefinitionKey(run.Definition);
        if (run.Resumes)
        {
            Set(_resumeRun, run.Key, run.DefinitionKey).ExecuteNonQuery();
            run.Resumes = false;
        }

        if (run.Start is not { } start)
            return;
        var owner = run.Parent is null ? Owner.Current : null;
        run.Key = Insert(
            _insertRun, start.RunId, start.Path, run.DefinitionKey, run.Parent?.Key, run.Parent?.Root.Key, start.ParentNode, start.ElementKey,
            start.Ordinal, start.Branch, (run.End?.Status ?? DagRunStatus.Running).ToName(), Seconds(start.StartedAt),
            run.End is { } ended ? Seconds(ended.FinishedAt) : null, start.SourceInput, start.ReplayedFrom,
            start.Tags.Count == 0 ? null : JsonSerializer.Serialize(start.Tags), run.End?.FailedNode, run.End?.Error,
            owner?.Machine, owner?.ProcessId, owner?.StartedAt);
        run.IsEnded = run.End is not null;
        (run.Start, run.End) = (null, null);
    }

    // A process that was taken for dead may live after all, where machines share a name or a system was asleep: what it says now would be mixed
    // into what the new owner does.
    private void Require(Batch batch)
    {
        SqliteRun? last = null;
        foreach (var run in batch.Runs.Concat(batch.Nodes.Select(node => node.Run)))
        {
            if (run.Root == last || run.Root.Key == 0)
                continue;
            last = run.Root;
            if (Set(_owns, last.Key, Owner.Current.Machine, Owner.Current.ProcessId, Owner.Current.StartedAt).ExecuteScalar() is not 1L)
                throw new DagException(
                    DagErrorId.DagRunOwned, $"The run {last.RunId} is no longer this process's: another one has taken it over or removed it.", last.RunId, "See what became of it with Get-DagRun.");
        }
    }

    private void End(SqliteRun run)
    {
        if (run.End is not { } end)
            return;
        Set(_endRun, run.Key, end.Status.ToName(), Seconds(end.FinishedAt), end.FailedNode, end.Error).ExecuteNonQuery();
        (run.End, run.IsEnded) = (null, true);
    }

    private long DefinitionKey(DagDefinition definition)
    {
        // Somebody who removes runs removes the shapes that nothing has any more.
        var version = (long)_dataVersion.ExecuteScalar()!;
        if (version != _version)
            _definitions.Clear();
        _version = version;
        if (!_definitions.TryGetValue(definition.Fingerprint, out var key))
            _definitions[definition.Fingerprint] = key = Define(_connection, _insertRun.Transaction!, definition);
        return key;
    }

    private void Write(SqliteNodeRun node)
    {
        var end = node.End;
        var (json, payload) = end?.Output is { } output ? Place(output) : (null, null);
        if (node.Key == 0)
            InsertNode(node, json, payload);
        else if (end is not null)
            Set(_endNode, node.Key, end.Status.ToName(), Seconds(end.FinishedAt), json, payload, end.Error, end.Messages).ExecuteNonQuery();
        node.End = null;
    }

    private void InsertNode(SqliteNodeRun node, string? output, long? payload)
    {
        var (start, end) = (node.Start, node.End);
        var apart = start.Input is not null && start.Input.Any(input => input.Value.IsLarge);
        node.Key = Insert(
            _insertNode, node.Run.Key, node.Run.DefinitionKey, start.NodeIndex, node.Run.Definition.Nodes[start.NodeIndex].Label, start.Attempt,
            (end?.Status ?? NodeStatus.Running).ToName(), Seconds(start.StartedAt), end is null ? null : Seconds(end.FinishedAt),
            start.Input is null || apart ? null : InputJson(start.Input), output, payload, end?.Error, end?.Messages);
        for (var seq = 0; apart && seq < start.Input!.Count; seq++)
        {
            var (json, key) = Place(start.Input[seq].Value);
            Set(_insertInput, node.Key, seq, start.Input[seq].Name, start.Input[seq].IsElement ? 1 : 0, json, key).ExecuteNonQuery();
        }

        node.ForgetInput();
    }

    // Where a value goes: beside its row, or into a payload that it keeps from then on.
    private (string? Json, long? Payload) Place(EncodedValue value)
    {
        if (value.PayloadKey != 0)
            return (null, value.PayloadKey);
        if (!value.IsLarge)
            return (value.Json, null);
        if (!_written.TryGetValue(value, out var key))
            _written[value] = key = value.Elements is { } elements ? InsertList(elements) : Insert(_insertPayload, value.Json);
        return (null, key);
    }

    // A payload with an empty text is the texts and payloads of its parts, one after another: small elements are texts, large ones stay where they
    // are. The parts of a list in the list become its own.
    private long InsertList(IReadOnlyList<EncodedValue> elements)
    {
        var list = Insert(_insertPayload, "");
        var (seq, text) = (0, new StringBuilder("["));
        for (var index = 0; index < elements.Count; index++)
        {
            text.Append(index == 0 ? "" : ",");
            var (json, payload) = Place(elements[index]);
            text.Append(json);
            if (payload is not { } part)
                continue;
            Set(_insertPart, list, seq++, text.ToString(), null).ExecuteNonQuery();
            text.Clear();
            var copied = Set(_copyParts, list, seq, part).ExecuteNonQuery();
            if (copied == 0)
                Set(_insertPart, list, seq, null, part).ExecuteNonQuery();
            seq += Math.Max(1, copied);
        }

        Set(_insertPart, list, seq, text.Append(']').ToString(), null).ExecuteNonQuery();
        return list;
    }

    private static string InputJson(IReadOnlyList<NodeInput> inputs)
    {
        var json = new StringBuilder("{");
        for (var index = 0; index < inputs.Count; index++)
        {
            var (name, value, isElement) = inputs[index];
            var continues = isElement && index > 0 && inputs[index - 1].Name == name;
            if (continues)
                json.Append(',');
            else
                json.Append(index == 0 ? "" : ",").Append(JsonSerializer.Serialize(name)).Append(isElement ? ":[" : ":");
            json.Append(value.Json);
            if (isElement && (index == inputs.Count - 1 || inputs[index + 1].Name != name))
                json.Append(']');
        }

        return json.Append('}').ToString();
    }

    private static long Insert(SqliteCommand command, params object?[] values) =>
        Convert.ToInt64(Set(command, values).ExecuteScalar(), CultureInfo.InvariantCulture);
}
