namespace Lythonic.Dag.Sqlite;

/// <summary>
/// What is written in one transaction. Records of one run or node that wait together are folded into one row: a node that started and ended
/// since the last transaction is one insert.
/// </summary>
internal sealed class Batch
{
    public List<SqliteRun> Runs { get; } = [];

    public List<SqliteNodeRun> Nodes { get; } = [];

    public List<TaskCompletionSource> Waiters { get; } = [];

    /// <summary>Adds a run; its handle says what is to be written of it.</summary>
    public void Add(SqliteRun run)
    {
        if (run.IsInBatch)
            return;
        run.IsInBatch = true;
        Runs.Add(run);
    }

    /// <summary>Adds a node run; its handle says what is to be written of it.</summary>
    public void Add(SqliteNodeRun node)
    {
        if (node.IsInBatch)
            return;
        node.IsInBatch = true;
        Nodes.Add(node);
    }
}
