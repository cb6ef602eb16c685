using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// The queries of a watcher, which runs them several times a second. The cost of none grows with the number of ended sub-runs.
/// </summary>
internal readonly struct WatchReader(StoreReader reader)
{
    private const int ReadWhole = 100;

    private const string Columns =
        """
        SELECT r.id, r.run_id, r.parent, r.parent_node, r.element_key, r.status, r.started_at, r.finished_at,
            CASE WHEN r.status <> 'completed' THEN r.failed_node END, CASE WHEN r.status <> 'completed' THEN r.error END, NULL
        FROM run r
        """;

    private const string Listed = "(SELECT value FROM json_each($1))";

    /// <summary>
    /// The query for sub-runs that began after a given one, in the order of their keys. Up to another given key, the completed sub-runs of
    /// a node become one row, because counting them costs a tenth of reading each.
    /// </summary>
    public const string NewSql =
        $"""
        {Columns} WHERE r.id > $2 AND +r.root = $1 AND (r.id > $3 OR r.status <> 'completed')
        UNION ALL
        SELECT max(r.id), '', r.parent, r.parent_node, NULL, 'completed', min(r.started_at), min(r.finished_at), NULL, NULL, count(*)
        FROM run r WHERE r.id > $2 AND r.id <= $3 AND +r.root = $1 AND r.status = 'completed' GROUP BY r.parent, r.parent_node
        ORDER BY 1
        """;

    private const string Speakers =
        """
        SELECT n.id, n.run, s.path, s.parent_node, n.label, d.kind, n.status IN ('running', 'waiting'), n.messages_json
        FROM node_run n JOIN run s ON s.id = n.run
            JOIN definition_node d ON d.definition = n.definition AND d.position = n.position
        """;

    /// <summary>
    /// The query for node runs that wrote messages or may do so: those that began after a given one, and some others. The first node run of
    /// the root run comes before all that are inside it.
    /// </summary>
    public const string SpeakingSql =
        $"""
        {Speakers} WHERE n.id > max($2, coalesce((SELECT min(m.id) - 1 FROM node_run m WHERE m.run = $1), 9223372036854775806))
            AND (n.messages_json IS NOT NULL OR n.status IN ('running', 'waiting')) AND (+s.root = $1 OR +s.id = $1)
        UNION ALL
        {Speakers} WHERE n.id IN (SELECT value FROM json_each($3))
        ORDER BY 1
        """;

    private const string LastSql = "SELECT max(id) FROM run";

    /// <summary>The query for some sub-runs.</summary>
    public const string SomeSql = $"{Columns} WHERE r.id IN {Listed}";

    /// <summary>The query for waits.</summary>
    public const string WaitsSql =
        $"SELECT count(DISTINCT n.run), min(n.waits_until) FROM node_run n WHERE n.run IN {Listed} AND n.status = 'waiting'";

    /// <summary>The sub-runs inside a root run that began after another one.</summary>
    public IEnumerable<SubRunState> After(long root, long after)
    {
        // Read this before the others: sub-runs that are written meanwhile have greater keys, and each of them is read.
        var last = reader.Read(LastSql, row => row.IsDBNull(0) ? 0 : row.GetInt64(0)).FirstOrDefault();
        return reader.Stream(NewSql, State, root, after, Math.Max(after, last - ReadWhole));
    }

    /// <summary>The current states of some sub-runs.</summary>
    public IReadOnlyList<SubRunState> Some(IReadOnlyCollection<StoreKey> subRuns) => reader.Read(SomeSql, State, List(subRuns));

    /// <summary>The latest attempts of the nodes of some runs.</summary>
    public IReadOnlyList<(StoreKey Run, StoredNodeRun Node)> Nodes(IReadOnlyCollection<StoreKey> runs) =>
        reader.Read(
            $"""
            {StoredColumns.OfNode} WHERE n.run IN {Listed} {StoreReader.OfLastAttempt(withWaiting: true)}
            ORDER BY n.run, n.position, n.id
            """,
            row => (RowValue.Key(row, StoredColumns.RunOfNode), StoreReader.Node(row)),
            List(runs));

    /// <summary>The last node runs of some runs that wrote messages.</summary>
    public IReadOnlyList<(StoreKey Run, StoredNodeRun Node)> NodesWithMessages(IReadOnlyCollection<StoreKey> runs, int most) =>
        reader.Read(
            $"{StoredColumns.OfNode} WHERE n.run IN {Listed} AND n.messages_json IS NOT NULL ORDER BY n.id DESC LIMIT $2",
            row => (RowValue.Key(row, StoredColumns.RunOfNode), StoreReader.Node(row)),
            List(runs), most);

    /// <summary>The node runs inside a root run that wrote messages or may do so: those after a given one, and some others.</summary>
    public IReadOnlyList<SpeakingNode> Speaking(long root, long after, IReadOnlyCollection<StoreKey> others) => reader.Read(
        SpeakingSql,
        row => new SpeakingNode(
            RowValue.Key(row, 0), RowValue.Key(row, 1), row.GetString(2), RowValue.Text(row, 3), row.GetString(4),
            (NodeKind)row.GetInt32(5), row.GetBoolean(6), RowValue.Text(row, 7)),
        root, after, List(others));

    /// <summary>How many of some runs have a node that waits, and when the first wait ends.</summary>
    public (int Count, DateTimeOffset? Next) Waits(IReadOnlyCollection<StoreKey> runs) =>
        reader.Read(WaitsSql, row => (row.GetInt32(0), RowValue.TimeOrNull(row, 1)), List(runs)).FirstOrDefault();

    /// <summary>Who has or asked for each lock, in the order of asking. The processes that have ended are left out.</summary>
    public IReadOnlyList<(string Lock, string Owner)> LockHolders() =>
        [.. reader.Read(
            """
            SELECT n.name, c.owner_machine, c.owner_process, c.owner_started
            FROM lock_claim c JOIN lock_name n ON n.claim = c.id ORDER BY c.id
            """,
            row => (Lock: row.GetString(0), Owner: new Owner(row.GetString(1), row.GetInt32(2), row.GetInt64(3))))
            .Where(claim => !claim.Owner.HasEnded)
            .Select(claim => (claim.Lock, claim.Owner.ToString()))];

    private static string List(IReadOnlyCollection<StoreKey> keys) => $"[{string.Join(',', keys.Select(key => key.Value))}]";

    private static SubRunState State(SqliteDataReader row) => new(
        RowValue.Key(row, 0), row.GetString(1), RowValue.Key(row, 2), row.GetString(3), RowValue.Text(row, 4),
        StatusNames.ParseRun(row.GetString(5)), RowValue.TimeOrNull(row, 6)!.Value, RowValue.TimeOrNull(row, 7),
        RowValue.Text(row, 8), RowValue.Text(row, 9))
    {
        Completed = row.IsDBNull(10) ? null : row.GetInt32(10),
    };
}
