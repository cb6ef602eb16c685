using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// The records of one transaction. Records of one run or node that wait together are folded into one row: a node that started and ended
/// since the last transaction is one insert.
/// </summary>
/// <param name="posted">
/// The handles, each with the record that is added to it: its end, or what a waiting attempt does now; <see langword="null"/> if it begins.
/// </param>
internal sealed class Batch(Queue<(object Handle, object? Stage)> posted)
{
    public List<SqliteRun> Runs { get; } = [];

    public List<SqliteNodeRun> Nodes { get; } = [];

    public List<TaskCompletionSource> Waiters { get; } = [];

    /// <summary>Whether it writes outputs that may be reused.</summary>
    public bool HasReuse { get; private set; }

    /// <summary>Folds the records, once. Then each handle has what must be written of it.</summary>
    public void Fold()
    {
        while (posted.TryDequeue(out var entry))
            Add(entry.Handle, entry.Stage);
    }

    private void Add(object handle, object? stage)
    {
        HasReuse |= stage is NodeEnd { Reuse: not null } or RunEnd { Reuse: not null };
        if (handle is SqliteRun run)
        {
            run.End = (stage as ReusedSubRun)?.End ?? stage as RunEnd ?? run.End;
            if (stage is ReusedSubRun reused)
                Nodes.AddRange(reused.Nodes);
            if (!run.IsInBatch)
                Runs.Add(run);
            run.IsInBatch = true;
        }
        else if (handle is SqliteNodeRun node)
        {
            node.End = stage as NodeEnd ?? node.End;
            node.IsWithdrawn |= ReferenceEquals(stage, SqliteNodeRun.Withdrawal);
            if (stage is NodeStart begun)
                node.Begin(begun);
            node.ElementCount = (stage as ElementsCounted)?.Count ?? node.ElementCount;
            node.ElementIds = (stage as ElementsDrawn)?.Ids ?? node.ElementIds;
            if (!node.IsInBatch)
                Nodes.Add(node);
            node.IsInBatch = true;
        }
    }
}
