using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite.Tests;

/// <summary>Connections that are kept for the next reader are closed on a timer's thread, where nothing catches an exception.</summary>
public sealed class IdleConnectionsTests
{
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task One_that_cannot_be_closed_neither_keeps_the_others_open_nor_ends_the_process()
    {
        using var idle = new IdleConnections();
        var (one, other) = (new Refusing(), new Refusing());
        idle.Return(new ReadingConnection(one));
        idle.Return(new ReadingConnection(other));

        await Task.WhenAll(one.Asked, other.Asked).WaitAsync(Hang);

        Assert.Null(idle.TryTake());
    }

    private sealed class Refusing : SqliteConnection
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (!disposing)
                return;
            _asked.TrySetResult();
            throw new IOException("It cannot be closed.");
        }
    }
}
