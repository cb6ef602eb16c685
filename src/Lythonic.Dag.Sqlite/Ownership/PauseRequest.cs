using Lythonic.Dag.Provenance;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>Asks the process of a live run to pause the run. <see cref="PausePoll"/> hears of it there.</summary>
internal static class PauseRequest
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(2);

    /// <summary>Asks a live run to pause, and waits briefly for its process to notice. After that no node of the run starts.</summary>
    /// <exception cref="DagException">It is not running.</exception>
    public static void Post(StoreFile file, StoredRun run)
    {
        if (run.Status != DagRunStatus.Running || run.ParentRunId is not null)
            throw new DagException(
                DagErrorId.DagRunNotRestartable,
                run.ParentRunId is { } parent
                    ? $"The run {run.RunId} is a sub-run of {parent}."
                    : $"The run {run.RunId} is {run.Status.ToName()}, so it cannot be paused.",
                run.RunId,
                run.ParentRunId is null ? "Only a running run can be paused." : "Suspend the run that contains it.");
        using var connection = file.OpenForWriting();
        try
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            using var update = StoreStatements.Command(
                connection, transaction, "UPDATE run SET pause_requested = 1 WHERE id = $1 AND status = 'running'", run.Key.Value);
            update.ExecuteNonQuery();
            file.Commit(transaction, StoreCommit.Pause);
            using var heard = StoreStatements.Command(
                connection, null, "SELECT 1 FROM run WHERE id = $1 AND status = 'running' AND pause_requested = 1", run.Key.Value);
            SpinWait.SpinUntil(() => heard.ExecuteScalar() is null, AnswerTime);
        }
        catch (SqliteException error)
        {
            throw StoreError.From(error, file);
        }
    }
}
