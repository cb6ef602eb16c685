using Lythonic.Dag.Provenance;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>Begins a root run, and checks its turn in the same transaction.</summary>
internal static class RunBegin
{
    /// <summary>Records the run, durably.</summary>
    /// <exception cref="DagException">
    /// <see cref="DagErrorId.DagRunOverlaps"/>: its turn has not come; or the file cannot be used.
    /// </exception>
    public static SqliteRun Record(StoreFile file, RunStart start, SqliteRunTurn turn)
    {
        using var connection = file.OpenForWriting();
        try
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            turn.Require(connection, transaction);
            var shape = DefinitionKeys.Define(connection, transaction, start.Definition);
            var run = new SqliteRun(start.RunId, start.Definition, null) { Start = start, DefinitionKey = shape };
            using (var statements = new RunStatements(connection))
            {
                statements.Begin(1);
                statements.Open(run);
            }

            DefinitionKeys.Use(connection, run);
            Commit(file, transaction, run, StoreCommit.Begin);
            turn.Begun();
            return run;
        }
        catch (SqliteException error)
        {
            throw StoreError.From(error, file);
        }
    }

    /// <summary>Commits the records that make this process the owner of a run.</summary>
    public static void Commit(StoreFile file, SqliteTransaction transaction, SqliteRun run, StoreCommit what)
    {
        // This comes before the commit, so that the file never names this process as the owner of a run that LiveRuns lacks.
        LiveRuns.Add(run);
        try
        {
            file.Commit(transaction, what);
        }
        catch
        {
            LiveRuns.Remove(run);
            throw;
        }
    }
}
