namespace Lythonic.Dag.Sqlite.Tests;

public sealed class ViewTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_views_call_those_kinds_of_nodes_composite_that_run_sub_DAGs()
    {
        using (var store = new SqliteProvenance(_folder.Database))
            store.EnsureWritable();
        using var connection = _folder.Open();
        using var command = connection.CreateCommand();
        var kinds = Enum.GetValues<NodeKind>();
        command.CommandText = $"""
            INSERT INTO definition VALUES (1, 'kinds', 'f');
            INSERT INTO run (id, run_id, path, definition, status, started_at) VALUES (1, 'r', 'kinds', 1, 'completed', 1);
            {string.Concat(kinds.Select((kind, position) => $"""
                INSERT INTO definition_node VALUES (1, {position}, '{kind}', {(int)kind}, 0, 0, 'f');
                INSERT INTO node_run (run, definition, position, label, attempt, status, started_at)
                    VALUES (1, 1, {position}, '{kind}', 1, 'completed', 1);
                """))}
            SELECT group_concat(node_label ORDER BY node_label) FROM node_executions WHERE node_type = 'composite';
            """;

        Assert.Equal(string.Join(',', kinds.Where(kind => kind.IsComposite()).Select(kind => $"{kind}").Order()), command.ExecuteScalar());
    }
}
