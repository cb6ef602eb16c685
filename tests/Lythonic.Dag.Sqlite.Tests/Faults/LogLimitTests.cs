using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite.Tests.Faults;

/// <summary>The length of the write-ahead log.</summary>
public sealed class LogLimitTests : IDisposable
{
    private const int PagesOfCommit = 400;
    private const long LongLog = LogLimit.ManyPages * 4_096L;
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(2);

    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // A disk may take what is in the log more slowly than the processes write: then a checkpoint never comes to its end.
    [LinuxFact("Locks of other programs are set as on Linux.")]
    public async Task Who_writes_to_a_log_that_has_become_long_waits_for_the_checkpoint_of_another_process()
    {
        var file = new StoreFile(_folder.Database, full: false, new StoreEnvironment { BusyTimeout = Hang });
        using var connection = file.OpenForWriting();
        Execute(
            connection,
            "CREATE TABLE filler(x); WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
            + $"{PagesOfCommit}) INSERT INTO filler SELECT randomblob(4000) FROM n");
        using var other = ChildProcess.Start("checkpoint", _folder.Database);
        Assert.Equal("locked", await other.StandardOutput.ReadLineAsync());

        var longest = 0L;
        var writes = Task.Run(() =>
        {
            for (var pages = 0; pages <= 2 * LogLimit.ManyPages; pages += PagesOfCommit)
            {
                Execute(connection, "UPDATE filler SET x = randomblob(4000)");
                longest = Math.Max(longest, LogBytes());
            }
        });
        for (var started = Stopwatch.GetTimestamp(); LogBytes() < LongLog && Stopwatch.GetElapsedTime(started) < Hang;)
            await Task.Delay(20);
        await Task.Delay(500);
        var isWaiting = !writes.IsCompleted;
        await other.StandardInput.WriteLineAsync();
        await writes.WaitAsync(Hang);

        Assert.True(isWaiting, "It wrote on although nothing was copied from the log.");
        Assert.InRange(longest, 0, LongLog + 2 * PagesOfCommit * 4_200L);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private long LogBytes() => new FileInfo(_folder.Database + "-wal").Length;
}
