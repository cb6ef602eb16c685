using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// Checks from time to time whether another process asked an open run to pause. It never fails and never waits for a lock: what it cannot
/// read now, it reads the next time. A file that has become unusable is reported by the next commit.
/// </summary>
internal sealed class PausePoll(TimeSpan every, TimeSpan busyTimeout)
{
    private long _looked = Environment.TickCount64;
    private long _version = -1;

    /// <summary>Checks, if it is time to.</summary>
    /// <param name="connection">The writer's connection.</param>
    /// <param name="openRoots">The root runs of this process.</param>
    public void Look(SqliteConnection connection, Func<IReadOnlyCollection<SqliteRun>> openRoots)
    {
        if (Environment.TickCount64 - _looked < (long)every.TotalMilliseconds)
            return;
        _looked = Environment.TickCount64;
        BusyWait.Set(connection.Handle!, TimeSpan.Zero);
        try
        {
            LookNow(connection, openRoots);
        }
        catch (Exception)
        {
            _version = -1;
        }
        finally
        {
            BusyWait.Set(connection.Handle!, busyTimeout);
        }
    }

    private void LookNow(SqliteConnection connection, Func<IReadOnlyCollection<SqliteRun>> openRoots)
    {
        // The data version changes when another connection has written. If it has not changed, nobody can have asked.
        var version = Number(connection, "PRAGMA data_version");
        if (version == _version)
            return;
        foreach (var run in openRoots())
        {
            if (Number(connection, "SELECT pause_requested FROM run WHERE run_id = ?1", run.RunId) == 1)
                Answer(connection, run);
        }

        _version = version ?? -1;
    }

    private static void Answer(SqliteConnection connection, SqliteRun run)
    {
        run.OnPauseRequested();
        Number(connection, "UPDATE run SET pause_requested = 2 WHERE run_id = ?1", run.RunId);
    }

    // A command would wait for a lock in its own way.
    private static long? Number(SqliteConnection connection, string sql, string? runId = null)
    {
        using var statement = new StoreStatement(connection, sql);
        return (runId is null ? statement : statement.With(runId)).Execute();
    }
}
