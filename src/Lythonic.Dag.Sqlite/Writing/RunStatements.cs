using System.Text.Json;
using Lythonic.Dag.Provenance;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>The statements that write runs.</summary>
internal sealed class RunStatements : IDisposable
{
    private const int Whole = 0;
    private const int Plain = 1;

    private readonly PreparedStatements _statements;
    private readonly RowInsertion _rows;
    private readonly StoreStatement _resume;
    private readonly StoreStatement _end;
    private readonly StoreStatement _meetConditions;

    public RunStatements(SqliteConnection connection)
    {
        _statements = new PreparedStatements(connection);
        const string OfSubRun =
            "run_id, path, definition, parent, root, parent_node, element_key, ordinal, branch, status, started_at, finished_at";
        _rows = new RowInsertion(connection, "run", $"""
            {OfSubRun}, source_inputs_json, replayed_from, tags, failed_node, error, owner_machine, owner_process,
            owner_started, error_count, failed_elements, elements, element_id, targets, started_by, started_process, description,
            replay_nodes, replay_downstream, replay_failed
            """, OfSubRun);
        _resume = _statements.Prepare("""
            UPDATE run SET status = 'running', definition = ?2, branch = ?3, finished_at = NULL, failed_node = NULL, error = NULL,
                idle = idle + max(0, ?4 - coalesce(
                    finished_at, (SELECT max(n.finished_at) FROM node_run n WHERE n.run = run.id), run.started_at))
            WHERE id = ?1
            """);
        _end = _statements.Prepare("""
            UPDATE run SET status = ?2, finished_at = ?3, failed_node = ?4, error = ?5, error_count = ?6, failed_elements = ?7,
                elements = ?8
            WHERE id = ?1 AND status = 'running'
            """);
        _meetConditions = _statements.Prepare("UPDATE run SET conditions_met = ?2 WHERE id = ?1");
    }

    /// <summary>Begins a transaction that writes about so many runs.</summary>
    public void Begin(int runs) => _rows.Begin(runs);

    /// <summary>Writes what was kept, to be written with other rows.</summary>
    public void Flush() => _rows.Flush();

    /// <summary>Writes that a run begins or goes on. The key of its definition is known.</summary>
    public void Open(SqliteRun run)
    {
        if (run.Resumes)
        {
            _resume.With(run.Key).With(run.DefinitionKey).With(run.Branch).With(StoreStatements.Seconds(DateTimeOffset.UtcNow)).Execute();
            run.Resumes = false;
        }

        if (run.Start is not { } start)
            return;
        var isPlain = IsPlain(start, run.End);
        var row = _rows.Row(isPlain ? Plain : Whole)
            .With(start.RunId).With(start.Path).With(run.DefinitionKey).With(run.Parent?.Key).With(run.Parent?.Root.Key)
                .With(start.ParentNode)
            .With(start.ElementKey).With(start.Ordinal).With(start.Branch).With((run.End?.Status ?? DagRunStatus.Running).ToName())
            .With(StoreStatements.Seconds(start.StartedAt)).With(StoreStatements.Seconds(run.End?.FinishedAt));
        if (!isPlain)
            WithRest(row, start, run.End);
        run.Key = _rows.Add();
        run.IsEnded = run.End is not null;
        WriteConditions(run);
        run.Reuse = run.End?.Reuse;
        run.Start = null;
        run.End = null;
    }

    /// <summary>Writes how a run ended, if it did.</summary>
    public void End(SqliteRun run)
    {
        if (run.End is not { } end)
            return;
        _end.With(run.Key).With(end.Status.ToName()).With(StoreStatements.Seconds(end.FinishedAt)).With(end.FailedNode).With(end.Error)
            .With(end.Errors).Execute();
        WriteConditions(run);
        run.Reuse = end.Reuse;
        run.End = null;
        run.IsEnded = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _statements.Dispose();
        _rows.Dispose();
    }

    // Whether it is one of the many sub-runs that have nothing but what each of them has.
    private static bool IsPlain(RunStart start, RunEnd? end) =>
        start is
        {
            Parent: not null, SourceInput: null, ReplayedFrom: null, ElementId: null, Description: null, Tags.Count: 0, Targets.Count: 0,
        }
        && (end is null || (end is { FailedNode: null, Error: null } && end.Errors == default));

    private static void WithRest(StoreStatement row, RunStart start, RunEnd? end)
    {
        var owner = start.Parent is null ? Owner.Current : null;
        row.With(start.SourceInput).With(start.ReplayedFrom).With(Listed(start.Tags)).With(end?.FailedNode).With(end?.Error)
            .With(owner?.Machine).With(owner?.ProcessId).With(owner?.StartedAt).With(end?.Errors ?? default).With(start.ElementId)
            .With(Listed(start.Targets)).With(owner is null ? null : RunStarter.Name).With(owner?.ProcessId).With(start.Description)
            .With(start.Replay is { } replay ? JsonSerializer.Serialize(replay.Nodes) : null)
            .With(start.Replay is { IncludeDownstream: true } ? 1 : 0).With(start.Replay is { FailedOnly: true } ? 1 : 0);
    }

    private static string? Listed(IReadOnlyList<string> texts) => texts.Count == 0 ? null : JsonSerializer.Serialize(texts);

    private void WriteConditions(SqliteRun run)
    {
        if (run.End?.MetConditions is not { Count: > 0 } labels)
            return;
        _rows.Flush();
        _meetConditions.With(run.Key).With(Listed(labels)).Execute();
    }
}
