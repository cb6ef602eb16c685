using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>Looks now and then whether another process asked an open run to pause.</summary>
internal sealed class PausePoll(TimeSpan every)
{
    private long _looked = Environment.TickCount64;
    private long _version = -1;

    /// <summary>Looks, where it is time to.</summary>
    /// <param name="connection">The writer's connection.</param>
    /// <param name="openRoots">The root runs of this process.</param>
    public void Look(SqliteConnection connection, Func<IReadOnlyCollection<SqliteRun>> openRoots)
    {
        if (Environment.TickCount64 - _looked < (long)every.TotalMilliseconds)
            return;
        _looked = Environment.TickCount64;
        // The version changes when another connection has written: without that, nobody can have asked.
        using var command = StoreStatements.Command(connection, null, "PRAGMA data_version");
        var version = (long)command.ExecuteScalar()!;
        if (version == _version)
            return;
        _version = version;
        foreach (var run in openRoots())
        {
            using var asked = StoreStatements.Command(connection, null, "SELECT pause_requested FROM run WHERE run_id = $1", run.RunId);
            if (asked.ExecuteScalar() is 1L)
                Answer(connection, run);
        }
    }

    private static void Answer(SqliteConnection connection, SqliteRun run)
    {
        run.OnPauseRequested();
        using var answer = StoreStatements.Command(connection, null, "UPDATE run SET pause_requested = 2 WHERE run_id = $1", run.RunId);
        answer.ExecuteNonQuery();
    }
}
