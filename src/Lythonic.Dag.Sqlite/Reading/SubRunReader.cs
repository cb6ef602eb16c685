using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Sqlite;

/// <summary>Reads what a restart needs of all sub-runs of one node, with one query for each kind of data.</summary>
internal readonly struct SubRunReader(StoreReader reader)
{
    private const string OfNode = "r.parent = $1 AND r.parent_node = $2 COLLATE NOCASE";

    /// <summary>The query for the outputs of the sub-runs that completed: a sub-run whose sink was omitted has none.</summary>
    public const string OutputsSql = $"""
        SELECT r.id, r.element_key, r.element_id, r.branch, n.output_json, n.output_payload FROM run r JOIN node_run n ON n.run = r.id
            JOIN definition_node d ON d.definition = n.definition AND d.position = n.position
        WHERE {OfNode} AND r.status = 'completed' AND d.is_sink AND n.status IN ('completed', 'skipped', 'omitted')
        ORDER BY r.ordinal, r.id
        """;

    /// <summary>
    /// The query for the outputs of all nodes of completed sub-runs. There are very many rows, so nothing is sorted, and the sinks among
    /// the nodes are found once for each definition. Of most rows only the first four columns are read, because fetching a column costs
    /// more than the comparisons here that make it unnecessary.
    /// </summary>
    public const string CompletedSql = $"""
        SELECT (n.definition << 24) | n.position, r.id, r.ordinal,
            CASE WHEN r.element_key IS CAST(r.ordinal AS TEXT) AND r.element_id IS NULL AND r.branch IS NULL AND n.output_payload IS NULL
                THEN n.output_json END,
            r.element_key, r.element_id, r.branch, n.output_payload, n.output_json
        FROM run r CROSS JOIN node_run n ON n.run = r.id
        WHERE {OfNode} AND r.status = 'completed' AND n.status IN ('completed', 'skipped', 'omitted')
        """;

    /// <summary>The bits of a position in the first column of <see cref="CompletedSql"/>.</summary>
    public const int PositionBits = 24;

    /// <summary>The query for the errors of the sub-runs that completed.</summary>
    public const string ErrorsSql = $"""
        SELECT r.error_count, r.element_key, r.error FROM run r
        WHERE {OfNode} AND r.status = 'completed' AND r.error_count > 0 ORDER BY r.ordinal
        """;

    /// <summary>The query for the inputs of sources that completed.</summary>
    public const string InputsSql = $"""
        SELECT r.id, x.input_json FROM run r JOIN node_executions x ON x.run_id = r.run_id
        WHERE {OfNode} AND x.is_source AND x.status IN ('completed', 'skipped', 'omitted') AND x.input_json IS NOT NULL
        ORDER BY r.id, x.attempt
        """;

    /// <summary>The query for the inputs of the sources of sub-runs, for each attempt.</summary>
    public const string ElementInputsSql = $"""
        SELECT r.ordinal, x.input_json FROM run r JOIN node_executions x ON x.run_id = r.run_id
        WHERE {OfNode} AND x.is_source AND x.input_json IS NOT NULL
        ORDER BY r.ordinal, r.id, x.attempt
        """;

    // SQLite takes the other columns of a group from the row that has its least id.
    private const string ShapesSql = $"""
        SELECT min(r.id), r.element_key, r.branch, r.definition, count(*) FROM run r
        WHERE {OfNode} AND r.status = 'completed' GROUP BY r.definition, r.branch ORDER BY 1
        """;

    private const string ElementsSql = """
        SELECT e.ids_json FROM node_run n JOIN node_elements e ON e.node_run = n.id
        WHERE n.run = $1 AND n.label = $2 COLLATE NOCASE ORDER BY n.attempt DESC LIMIT 1
        """;

    private const string OtherInputSql = """
        SELECT 1 FROM node_run n
        WHERE n.run = $1 AND n.label = $2 COLLATE NOCASE AND CASE
            WHEN EXISTS (SELECT 1 FROM node_input i WHERE i.node_run = n.id)
                THEN NOT EXISTS (SELECT 1 FROM node_input i WHERE i.node_run = n.id AND (i.payload = $3 OR i.json = $4))
            ELSE n.input_json IS NOT NULL AND n.input_json IS NOT '{"$_":' || $4 || '}' END
        LIMIT 1
        """;

    public IReadOnlyList<SubRunOutput> GetOutputs(long run, string label) =>
        reader.Read(
            OutputsSql,
            row => new SubRunOutput(
                RowValue.Key(row, 0), RowValue.Text(row, 1), RowValue.Text(row, 2), RowValue.Text(row, 3),
                RowValue.Value(row, 4)),
            run, label);

    /// <summary>Reads the sub-runs that completed. Those of one element come in the order in which they were made.</summary>
    public void ReadCompleted(long run, string label, CompletedSubRunTaker take)
    {
        var rows = new CompletedRows(reader, take);
        reader.Each(CompletedSql, rows.Read, run, label);
    }

    /// <summary>The errors of the sub-runs that completed: how many, and the first with its element.</summary>
    public (ErrorCounts Errors, string? First) GetErrors(long run, string label)
    {
        var found = reader.Read(
            ErrorsSql,
            row => (
                Count: row.GetInt32(0),
                Error: RowValue.Text(row, 1) is { } key && RowValue.Text(row, 2) is { } error
                    ? ErrorPlace.InElement(label, key, error) : null),
            run, label);
        return (new(found.Sum(some => some.Count)), found.FirstOrDefault().Error);
    }

    public IReadOnlyList<(StoreKey Key, string Input)> GetInputs(long run, string label) =>
        reader.Read(InputsSql, row => (RowValue.Key(row, 0), row.GetString(1)), run, label);

    public IEnumerable<(int Ordinal, string Input)> GetElementInputs(long run, string label)
    {
        var all = reader.Read(ElementInputsSql, row => (Ordinal: row.GetInt32(0), Input: row.GetString(1)), run, label);
        return all.Where((input, index) => index + 1 == all.Count || all[index + 1].Ordinal != input.Ordinal);
    }

    public IReadOnlyList<SubRunShape> GetShapes(long run, string label)
    {
        var store = reader;
        return [.. store
            .Read(
                ShapesSql,
                row => (Key: RowValue.Text(row, 1), Branch: RowValue.Text(row, 2), Definition: row.GetInt64(3), Count: row.GetInt32(4)),
                run, label)
            .Select(found => new SubRunShape(found.Key, found.Branch, store.Define(found.Definition)!) { Count = found.Count })];
    }

    public string? GetElements(long run, string label) => reader.Read(ElementsSql, row => row.GetString(0), run, label).FirstOrDefault();

    public bool WasAlwaysGiven(long run, string label, EncodedValue value) =>
        reader.Read(OtherInputSql, row => row.GetInt32(0), run, label, value.KeyInStore?.Value, value.Json).Count == 0;
}
