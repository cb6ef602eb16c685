using System.Buffers;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>The statements that write node runs, with their inputs and outputs.</summary>
internal sealed class NodeRunStatements : IDisposable
{
    private const int Whole = 0;
    private const int Plain = 1;

    private readonly PreparedStatements _statements;
    private readonly PayloadStatements _payloads;
    private readonly ReuseStatements _reuse;
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly Action<EncodedValue> _writeText;
    private readonly RowInsertion _rows;
    private readonly StoreStatement _end;
    private readonly StoreStatement _begin;
    private readonly StoreStatement _wait;
    private readonly StoreStatement _withdraw;
    private readonly StoreStatement _setWaitsUntil;
    private readonly StoreStatement _setElementCount;
    private readonly StoreStatement _countElements;
    private readonly StoreStatement _insertInput;
    private readonly StoreStatement _insertElements;

    public NodeRunStatements(SqliteConnection connection, PayloadStatements payloads, ReuseStatements reuse)
    {
        (_payloads, _reuse) = (payloads, reuse);
        _writeText = value => value.TryWrite(_text);
        _statements = new PreparedStatements(connection);
        const string OfAny = """
            run, definition, position, label, attempt, status, started_at, finished_at, input_json, output_json, output_payload,
            reused_from, reuse_of
            """;
        _rows = new RowInsertion(
            connection, "node_run",
            $"{OfAny}, error, messages_json, error_count, failed_elements, elements, host, condition_met, overridden", OfAny);
        _end = _statements.Prepare("""
            UPDATE node_run SET status = ?2, finished_at = ?3, output_json = ?4, output_payload = ?5, error = ?6, messages_json = ?7,
                error_count = ?8, failed_elements = ?9, elements = ?10, reused_from = ?11, started_at = coalesce(?12, started_at)
                WHERE id = ?1
            """);
        _begin = _statements.Prepare("""
            UPDATE node_run SET status = 'running', started_at = ?2, host = ?3, input_json = coalesce(?4, input_json),
                condition_met = ?5, overridden = ?6, error = NULL
            WHERE id = ?1 AND status = 'waiting'
            """);
        _wait = _statements.Prepare(
            "UPDATE node_run SET status = 'waiting', error = ?2 WHERE id = ?1 AND status IN ('running', 'waiting')");
        _withdraw = _statements.Prepare("DELETE FROM node_run WHERE id = ?1 AND status = 'waiting'");
        _setWaitsUntil = _statements.Prepare("UPDATE node_run SET waits_until = ?2 WHERE id = ?1");
        _setElementCount = _statements.Prepare("UPDATE node_run SET element_count = ?2 WHERE id = ?1");
        _countElements = _statements.Prepare("UPDATE node_run SET reused_elements = ?2, retried_elements = ?3 WHERE id = ?1");
        _insertInput = _statements.Prepare(
            "INSERT INTO node_input (node_run, seq, name, is_element, json, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        _insertElements = _statements.Prepare("INSERT INTO node_elements (node_run, ids_json) VALUES (?1, ?2)");
    }

    /// <summary>Begins a transaction that writes about so many node runs.</summary>
    public void Begin(int nodeRuns) => _rows.Begin(nodeRuns);

    /// <summary>Writes what was kept, to be written with other rows.</summary>
    public void Flush() => _rows.Flush();

    /// <summary>Writes what is new of a node run.</summary>
    public void Write(SqliteNodeRun node)
    {
        if (node is { IsPutBack: true, Key: not 0 } && (!node.Waits || node.Start.Waits is not null))
            Wait(node);
        node.IsPutBack = false;
        if (node.IsWithdrawn)
        {
            if (node.Key != 0)
                _withdraw.With(node.Key).Execute();
            return;
        }

        var (beside, payload) = node.End?.Output is { } output ? _payloads.Place(output) : (null, null);
        long? reused = null;
        if (node.Key == 0)
            reused = Insert(node, beside, payload);
        else
            Update(node, beside, payload);
        if (node.End?.Reuse is { } reuse && reused is null)
            _reuse.Write(reuse, node.Key);
        WriteElements(node);
        node.End = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _statements.Dispose();
        _rows.Dispose();
    }

    // Returns the node run whose row stands for the output that this one reuses, if there is one.
    private long? Insert(SqliteNodeRun node, EncodedValue? output, long? payload)
    {
        var (start, end) = (node.Start, node.End);
        var reused = end?.Reuse is { } reuse ? _reuse.ReusedRow(reuse) : null;
        var isPlain = IsPlain(start, end);
        var row = _rows.Row(isPlain ? Plain : Whole)
            .With(node.Run.Key).With(node.Run.DefinitionKey).With(start.NodeIndex).With(node.Run.Definition.Nodes[start.NodeIndex].Label)
            .With(start.Attempt).With((end?.Status ?? start.Status).ToName())
            .With(StoreStatements.Seconds(end?.StartedAt ?? start.StartedAt)).With(StoreStatements.Seconds(end?.FinishedAt));
        var isApart = IsApart(start);
        WithInput(row, start, isApart).With(output).With(payload).With(end?.ReusedFrom).With(reused);
        if (!isPlain)
            row.With(end is null ? start.Waits : end.Error).With(end?.Messages).With(end?.Errors ?? default)
                .With(start.Host).With(start.IsConditionMet ? 1 : 0).With(start.IsOverridden ? 1 : 0);
        node.Key = _rows.Add();
        node.Waits = end is null && start.Waits is not null;
        if (node.Waits && start.WaitsUntil is { } until)
            Set(_setWaitsUntil.With(node.Key).With(StoreStatements.Seconds(until)));
        PlaceApart(node, isApart);
        return reused;
    }

    private void Update(SqliteNodeRun node, EncodedValue? output, long? payload)
    {
        if (node.Waits && node.Start.Waits is null)
            Begin(node);
        if (node.End is { } end)
            _end.With(node.Key).With(end.Status.ToName()).With(StoreStatements.Seconds(end.FinishedAt)).With(output).With(payload)
                .With(end.Error).With(end.Messages).With(end.Errors).With(end.ReusedFrom).With(StoreStatements.Seconds(end.StartedAt))
                .Execute();
    }

    private void WriteElements(SqliteNodeRun node)
    {
        if (node.End is { ReusedElements: var reused, RetriedElements: var retried } && reused + retried > 0)
            Set(_countElements.With(node.Key).With(reused).With(retried));
        if (node.ElementCount is { } count)
            Set(_setElementCount.With(node.Key).With(count));
        node.ElementCount = null;
        if (node.ElementIds is { } ids)
            _insertElements.With(node.Key).With(ids).Execute();
        node.ElementIds = null;
    }

    // The row may be one of those that are kept.
    private void Set(StoreStatement update)
    {
        _rows.Flush();
        update.Execute();
    }

    private void Wait(SqliteNodeRun node)
    {
        node.Waits = true;
        _wait.With(node.Key).With(node.Start.Waits).Execute();
    }

    private void Begin(SqliteNodeRun node)
    {
        node.Waits = false;
        var statement = _begin.With(node.Key).With(StoreStatements.Seconds(node.Start.StartedAt)).With(node.Start.Host);
        var isApart = IsApart(node.Start);
        WithInput(statement, node.Start, isApart).With(node.Start.IsConditionMet ? 1 : 0).With(node.Start.IsOverridden ? 1 : 0).Execute();
        PlaceApart(node, isApart);
    }

    // Whether it has nothing but what most node runs have.
    private static bool IsPlain(NodeStart start, NodeEnd? end) =>
        start is { Waits: null, Host: null, IsConditionMet: false, IsOverridden: false }
        && (end is null || (end is { Error: null, Messages: null } && end.Errors == default));

    private static bool IsApart(NodeStart start) => start.Input is not null && start.Input.Any(static input => input.Value.IsLarge);

    // The inputs that are stored in the row of the node run itself.
    private StoreStatement WithInput(StoreStatement statement, NodeStart start, bool isApart)
    {
        if (start.Input is null || isApart)
            return statement.With((string?)null);
        _text.ResetWrittenCount();
        InputText.Write(start.Input, _text, _writeText);
        return statement.With(_text.WrittenSpan);
    }

    private void PlaceApart(SqliteNodeRun node, bool isApart)
    {
        var start = node.Start;
        // A node run that begins again has its inputs in the database already.
        if (isApart && !node.IsInputPlaced)
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
