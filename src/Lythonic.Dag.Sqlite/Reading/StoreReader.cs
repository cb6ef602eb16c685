using System.Text;
using System.Text.Json;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>Reads runs back, on connections of its own.</summary>
internal sealed class StoreReader(StoreFile file) : IDisposable
{
    private const int CandidatesShown = 8;

    private static readonly string Waiting = NodeStatus.Waiting.ToName();

    /// <summary>The query for a run by its whole id, in two cases.</summary>
    public const string ByIdSql = $"{StoredColumns.OfRun} AND r.run_id IN ($1, $2)";

    /// <summary>The query for the newest root runs whose ids lie in either of two ranges.</summary>
    public const string ByPrefixSql =
        $"{StoredColumns.OfRun} AND +r.parent IS NULL AND (r.run_id >= $1 AND r.run_id < $2 OR r.run_id >= $3 AND r.run_id < $4)"
        + " ORDER BY +r.started_at DESC LIMIT $5";

    /// <summary>
    /// The query for sub-runs whose ids lie in a range: in the order of the index, as very many may begin with the same time.
    /// </summary>
    public const string SubRunsByPrefixSql =
        $"{StoredColumns.OfRun} AND +r.parent IS NOT NULL AND r.run_id >= $1 AND r.run_id < $2 ORDER BY r.run_id LIMIT $3";

    private readonly IdleConnections _connections = new();
    private volatile bool _isClosed;

    /// <summary>What a restart reads of the sub-runs of a node.</summary>
    public SubRunReader SubRuns => new(this);

    /// <summary>What a watcher reads of a run.</summary>
    public WatchReader Watch => new(this);

    /// <summary>One run, by its id or a prefix that fits one run. A sub-run is found only if no root run has the prefix.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagRunNotFound"/>: the prefix fits several.</exception>
    public StoredRun? FindRun(string runIdOrPrefix)
    {
        if (string.IsNullOrWhiteSpace(runIdOrPrefix))
            return null;
        // The ids that this module makes are in lower case; a C# program may give others. Either way the index answers.
        var lower = runIdOrPrefix.ToLowerInvariant();
        var exact = Runs(ByIdSql, runIdOrPrefix, lower);
        if (exact.Count > 0)
            return exact.FirstOrDefault(run => run.RunId == runIdOrPrefix) ?? exact[0];
        var fitting = Runs(
            ByPrefixSql,
            runIdOrPrefix, runIdOrPrefix + "\uFFFF", lower, lower + "\uFFFF", CandidatesShown + 1);
        if (fitting.Count == 0)
            fitting = Runs(SubRunsByPrefixSql, lower, lower + "\uFFFF", CandidatesShown + 1);
        return fitting.Count <= 1 ? fitting.FirstOrDefault() : throw new DagException(
            DagErrorId.DagRunNotFound,
            $"Several {(fitting[0].ParentRunId is null ? "" : "sub-")}runs begin with '{runIdOrPrefix}': "
            + $"{string.Join(", ", fitting.Take(CandidatesShown).Select(run => run.RunId))}.",
            runIdOrPrefix,
            "Give more of the id.");
    }

    /// <summary>Runs, newest first.</summary>
    public IEnumerable<StoredRun> FindRuns(RunQuery query)
    {
        var (sql, values) = SqlOf(query);
        IEnumerable<StoredRun> runs = Runs(sql, values);
        if (NeedsOwner(query))
            runs = runs.Where(run => query.Statuses.Contains(run.Status));
        return query.First is { } most ? runs.Take(most) : runs;
    }

    /// <summary>The query for runs, newest first.</summary>
    public static (string Sql, object?[] Values) SqlOf(RunQuery query)
    {
        var (where, values) = RunFilter.From(query);
        var limit = query.First is { } first && !NeedsOwner(query) ? $" LIMIT {first}" : "";
        return ($"{StoredColumns.OfRun}{where} ORDER BY r.started_at DESC, r.id DESC{limit}", values);
    }

    /// <summary>The query for the sub-runs of a node that have not completed, in the order of their elements.</summary>
    public const string UnfinishedSql = $"{OfNode} AND r.status <> 'completed' {InOrder}";

    /// <summary>The query for the first sub-runs of a node that failed, in the order of their elements.</summary>
    public const string FailedSql = $"{OfNode} AND r.status <> 'completed' AND r.status = 'failed' {InOrder} LIMIT $3";

    private const string OfNode = $"{StoredColumns.OfRun} AND r.parent = $1 AND r.parent_node = $2 COLLATE NOCASE";
    private const string InOrder = "ORDER BY r.ordinal, r.id";

    /// <summary>The sub-runs of a node, in the order of their elements.</summary>
    public IReadOnlyList<StoredRun> GetSubRuns(long run, string label, bool unfinished) =>
        Runs(unfinished ? UnfinishedSql : $"{OfNode} {InOrder}", run, label);

    /// <summary>The first sub-runs of a node that failed, in the order of their elements.</summary>
    public IReadOnlyList<StoredRun> GetFailedSubRuns(long run, string label, int most) => Runs(FailedSql, run, label, most);

    /// <summary>Node runs, in the order of the DAG's nodes.</summary>
    public IReadOnlyList<StoredNodeRun> GetNodeRuns(long run, bool allAttempts, bool withWaiting) =>
        Read(
            $"""
            {StoredColumns.OfNode} WHERE n.run = $1 {(withWaiting ? "" : "AND n.status <> 'waiting'")}
                {(allAttempts ? "" : OfLastAttempt(withWaiting))}
            ORDER BY n.position, n.attempt, n.id
            """,
            Node,
            run);

    /// <summary>A node run, of a row of <see cref="StoredColumns.OfNode"/>.</summary>
    public static StoredNodeRun Node(SqliteDataReader row) => new(
        RowValue.Key(row, 0), row.GetString(1), (NodeKind)row.GetInt32(2), StatusNames.ParseNode(row.GetString(3)), row.GetInt32(4),
        row.GetString(3) == Waiting ? null : RowValue.TimeOrNull(row, 5),
        RowValue.TimeOrNull(row, 6), RowValue.Text(row, 7), row.GetString(8))
    {
        Errors = new ErrorCounts(row.GetInt32(9), row.GetInt32(10), row.GetInt32(11)) + InFlight(row, 20, 15) + Inside(row, 23),
        Host = RowValue.Text(row, 12),
        IsConditionMet = row.GetBoolean(13),
        ReusedFrom = RowValue.Text(row, 14),
        ElementCount = row.IsDBNull(15) ? null : row.GetInt32(15),
        ReusedElements = row.GetInt32(18),
        RetriedElements = row.GetInt32(21),
        IsOverridden = row.GetBoolean(22),
        Idle = row.GetInt32(19),
        WaitsUntil = row.GetString(3) == Waiting ? RowValue.TimeOrNull(row, 16) : null,
    };

    // How many elements there are is not known while they come from a pipeline.
    private static ErrorCounts InFlight(SqliteDataReader row, int failed, int elements) =>
        row.IsDBNull(failed) || row.GetInt32(failed) is 0 ? default
        : new(row.GetInt32(failed), row.GetInt32(failed), row.IsDBNull(elements) ? 0 : row.GetInt32(elements));

    private static ErrorCounts Inside(SqliteDataReader row, int errors) => row.IsDBNull(errors) ? default : new(row.GetInt32(errors));

    /// <summary>Keeps the last of several attempts of a node.</summary>
    public static string OfLastAttempt(bool withWaiting) =>
        $"""
        AND n.attempt = (SELECT max(m.attempt) FROM node_run m
            WHERE m.run = n.run AND m.label = n.label {(withWaiting ? "" : "AND m.status <> 'waiting'")})
        """;

    /// <summary>The input of a node run as one JSON object.</summary>
    public ReadOnlyMemory<byte>? GetInput(StoredNodeRun node) => Input(node.Key.Value, null);

    /// <summary>The input of a node run as one JSON object, piece by piece.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> ReadInput(long node) =>
        Read("SELECT input_json FROM node_run WHERE id = $1", row => RowValue.Text(row, 0), node).FirstOrDefault() is { } beside
            ? [Encoding.UTF8.GetBytes(beside)]
            : InputsApart(node) is { Count: > 0 } apart ? Payloads.Pieces(apart) : [];

    private List<NodeInput> InputsApart(long node) =>
        Read(
            "SELECT name, is_element, json, payload FROM node_input WHERE node_run = $1 ORDER BY seq",
            row => new NodeInput(row.GetString(0), RowValue.Value(row, 2)!, row.GetBoolean(1)),
            node);

    // If there is a label, the value becomes the only member of an object.
    private ReadOnlyMemory<byte>? Input(long node, string? label)
    {
        // The view is not used here, because SQLite would compile all of it for each node.
        if (Read("SELECT input_json FROM node_run WHERE id = $1", row => RowValue.Text(row, 0), node).FirstOrDefault() is { } beside)
            return Encoding.UTF8.GetBytes(label is null ? beside : $"{{{StringJson.Name(label)}:{beside}}}");
        var apart = InputsApart(node);
        return apart.Count == 0 ? null : Payloads.Join(apart, label);
    }

    /// <summary>The output of a node run.</summary>
    public EncodedValue? GetOutput(long node) =>
        Read("SELECT output_json, output_payload FROM node_run WHERE id = $1", row => RowValue.Value(row, 0), node).FirstOrDefault();

    /// <summary>Reads values that are stored apart from their rows.</summary>
    public PayloadReader Payloads => new(this);

    /// <summary>The error of a value that is not there.</summary>
    public DagException Gone(long payload) => new(
        DagErrorId.DagValueNotRestorable,
        $"A stored value, with the key {payload}, is no longer in {file.Path}: its run was removed meanwhile.",
        file.Path,
        "Run its DAG again: what was removed cannot be read back.");

    public string? GetMessages(long node) =>
        Read("SELECT messages_json FROM node_run WHERE id = $1", row => RowValue.Text(row, 0), node).FirstOrDefault();

    /// <summary>The labels of nodes whose condition was true, but which had not begun when the run ended.</summary>
    public IReadOnlyList<string> GetMetConditions(long run) =>
        Read("SELECT x.value FROM run r, json_each(r.conditions_met) x WHERE r.id = $1", row => row.GetString(0), run);

    /// <summary>The source input of a run. For a sub-run: the input of its source node, under that node's label.</summary>
    public ReadOnlyMemory<byte>? GetSourceInput(long run)
    {
        if (Read("SELECT source_inputs_json FROM run WHERE id = $1", row => RowValue.Text(row, 0), run).FirstOrDefault() is { } given)
            return Encoding.UTF8.GetBytes(given);
        // The view is not used here, for the same reason.
        var source = Read(
            """
            SELECT n.id, n.label FROM run r JOIN node_run n ON n.run = r.id
                JOIN definition_node d ON d.definition = n.definition AND d.position = n.position
            WHERE r.id = $1 AND r.parent IS NOT NULL AND d.is_source
                AND (n.input_json IS NOT NULL OR EXISTS (SELECT 1 FROM node_input i WHERE i.node_run = n.id))
            ORDER BY n.attempt DESC LIMIT 1
            """,
            row => (Key: row.GetInt64(0), Label: row.GetString(1)),
            run);
        return source.Count == 0 ? null : Input(source[0].Key, source[0].Label);
    }

    /// <summary>The shape that a run's DAG had.</summary>
    public DagDefinition? GetDefinition(long run) =>
        Read("SELECT definition FROM run WHERE id = $1", row => row.GetInt64(0), run).Select(Define).FirstOrDefault();

    /// <summary>A shape by its key.</summary>
    public DagDefinition? Define(long definition) =>
        Read(
            "SELECT id, dag_name, fingerprint FROM definition WHERE id = $1",
            row => (Key: row.GetInt64(0), Name: row.GetString(1), Fingerprint: row.GetString(2)),
            definition)
            .Select(found => new DagDefinition(found.Name, found.Fingerprint, DefinedNodes(found.Key), DefinedEdges(found.Key)))
                .FirstOrDefault();

    /// <inheritdoc/>
    public void Dispose()
    {
        _isClosed = true;
        _connections.Dispose();
    }

    // Returns a kept connection if it is still to the file at this path; opening the file anew costs a hundred times as much as a read.
    private ReadingConnection? Open()
    {
        // After disposal a read would silently open the file again.
        ObjectDisposedException.ThrowIf(_isClosed, typeof(SqliteProvenance));
        while (_connections.TryTake() is { } idle)
        {
            if (!file.IsOfOther(idle.Connection))
                return idle;
            idle.Dispose();
        }

        if (file.OpenForReading() is not { } connection)
            return null;
        NameMatch.Register(connection);
        return new(connection);
    }

    // The file does not say whether a running run is interrupted: its owner has to be checked.
    private static bool NeedsOwner(RunQuery query) =>
        query.Statuses.Contains(DagRunStatus.Running) || query.Statuses.Contains(DagRunStatus.Interrupted);

    private List<StoredRun> Runs(string sql, params object?[] values)
    {
        var rows = OwnerChecks.Settle(owners => Read(sql, row => (Run: Run(row, owners), Definition: row.GetInt64(19)), values));
        var sinks = rows.Select(row => row.Definition).Distinct().ToDictionary(definition => definition, Sinks);
        return [.. rows.Select(row => row.Run with { SinkLabels = sinks[row.Definition], LastKnownAt = LastKnown(row.Run) })];
    }

    /// <summary>The query for the newest replay of a run.</summary>
    public const string ReplaySql =
        """
        SELECT r.run_id FROM run r
        WHERE r.replayed_from = $1 AND r.parent IS NULL
        ORDER BY r.started_at DESC LIMIT 1
        """;

    /// <summary>The id of the newest replay of a run; <see langword="null"/> if there is none.</summary>
    public string? Replay(StoredRun run) =>
        Read(ReplaySql, row => row.GetString(0), run.RunId).FirstOrDefault();

    // Only of runs that ended with their processes, of which there are few.
    private DateTimeOffset? LastKnown(StoredRun run) => run is { Status: DagRunStatus.Interrupted, ParentRunId: null }
        ? Read(RunClaim.StoppedSql, row => RowValue.TimeOrNull(row, 0), run.Key.Value).FirstOrDefault()
        : null;

    private List<NodeDefinition> DefinedNodes(long definition) =>
        Read(
            "SELECT label, kind, is_source, is_sink, fingerprint FROM definition_node WHERE definition = $1 ORDER BY position",
            row => new NodeDefinition(row.GetString(0), (NodeKind)row.GetInt32(1), row.GetBoolean(2), row.GetBoolean(3), row.GetString(4)),
            definition);

    private List<(string From, string To)> DefinedEdges(long definition) =>
        Read("SELECT upstream, downstream FROM definition_edge WHERE definition = $1 ORDER BY id",
            row => (row.GetString(0), row.GetString(1)), definition);

    private List<string> Sinks(long definition) =>
        Read("SELECT label FROM definition_node WHERE definition = $1 AND is_sink ORDER BY position", row => row.GetString(0), definition);

    private static StoredRun Run(SqliteDataReader row, OwnerChecks owners)
    {
        var status = StatusNames.ParseRun(row.GetString(4));
        var owner = status == DagRunStatus.Running && !row.IsDBNull(16)
            ? new Owner(row.GetString(16), row.GetInt32(17), row.GetInt64(18))
            : null;
        if (owner is not null && owners.HasLeft(owner, row.GetString(20)))
            status = DagRunStatus.Interrupted;
        return new(
            RowValue.Key(row, 0), row.GetString(1), row.GetString(2), row.GetString(3), status,
            RowValue.TimeOrNull(row, 5)!.Value, RowValue.TimeOrNull(row, 6))
        {
            ParentRunId = RowValue.Text(row, 7),
            ParentNode = RowValue.Text(row, 8),
            ElementKey = RowValue.Text(row, 9),
            ElementId = RowValue.Text(row, 24),
            Ordinal = row.GetInt32(10),
            Branch = RowValue.Text(row, 11),
            FailedNode = RowValue.Text(row, 12),
            Error = RowValue.Text(row, 13),
            Owner = status == DagRunStatus.Running ? owner?.ToString() : null,
            ReplayedFrom = RowValue.Text(row, 14),
            Errors = new ErrorCounts(row.GetInt32(21), row.GetInt32(22), row.GetInt32(23)) + InFlight(row, 30, 31) + Inside(row, 34),
            Tags = RowValue.Listed(row, 15),
            Replay = row.IsDBNull(35) ? null : new(RowValue.Listed(row, 35), row.GetBoolean(36), row.GetBoolean(37)),
            Targets = RowValue.Listed(row, 25),
            Restarts = row.GetInt32(26),
            Idle = TimeSpan.FromSeconds(row.GetDouble(32)),
            IsReused = !row.IsDBNull(27),
            ReusedFrom = RowValue.Text(row, 27) is { Length: > 0 } reused ? reused : null,
            StartedBy = RowValue.Text(row, 28),
            StartedIn = row.IsDBNull(29) ? null : row.GetInt32(29),
            Description = RowValue.Text(row, 33),
        };
    }

    /// <summary>Reads all rows of a query.</summary>
    public List<T> Read<T>(string sql, Func<SqliteDataReader, T> read, params object?[] values)
    {
        var all = new List<T>();
        Each(sql, row => all.Add(read(row)), values);
        return all;
    }

    /// <summary>Hands over the rows of a query one by one, and keeps none.</summary>
    public void Each(string sql, Action<SqliteDataReader> take, params object?[] values)
    {
        var connection = Open();
        if (connection is null)
            return;
        try
        {
            using var row = connection.Command(sql, values).ExecuteReader();
            while (row.Read())
                take(row);
        }
        catch (Exception error) when (StoreError.IsStoreError(error))
        {
            throw StoreError.From(error, file);
        }
        finally
        {
            _connections.Return(connection);
        }
    }

    /// <summary>
    /// Reads the rows of a query one by one, each when it is asked for. It keeps a connection until the last one, or until it is disposed
    /// of.
    /// </summary>
    public IEnumerable<T> Stream<T>(string sql, Func<SqliteDataReader, T> read, params object?[] values)
    {
        var connection = Open();
        if (connection is null)
            yield break;
        try
        {
            using var row = connection.Command(sql, values).ExecuteReader();
            while (Next(row))
                yield return read(row);
        }
        finally
        {
            _connections.Return(connection);
        }
    }

    private bool Next(SqliteDataReader row)
    {
        try
        {
            return row.Read();
        }
        catch (Exception error) when (StoreError.IsStoreError(error))
        {
            throw StoreError.From(error, file);
        }
    }
}
