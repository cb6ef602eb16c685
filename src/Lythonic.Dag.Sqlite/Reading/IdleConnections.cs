using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// Keeps a few connections open for who reads next, for about a second: a file that nobody uses is nobody's, and can be moved or deleted on
/// every system.
/// </summary>
internal sealed class IdleConnections : IDisposable
{
    private const int Most = 2;
    private const int Milliseconds = 1_000;

    private readonly Stack<SqliteConnection> _idle = new();
    private readonly Timer _timer;
    private bool _disposed;

    public IdleConnections() => _timer = new Timer(_ => CloseAll());

    /// <summary>An open connection, or <see langword="null"/> where none is idle.</summary>
    public SqliteConnection? TryTake()
    {
        lock (_idle)
            return _idle.TryPop(out var connection) ? connection : null;
    }

    /// <summary>Keeps a connection for who comes next, or closes it where there are enough.</summary>
    public void Return(SqliteConnection connection)
    {
        lock (_idle)
        {
            if (_idle.Count < Most && !_disposed)
            {
                _idle.Push(connection);
                _timer.Change(Milliseconds, Timeout.Infinite);
                return;
            }
        }

        connection.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_idle)
            _disposed = true;
        _timer.Dispose();
        CloseAll();
    }

    // Whoever closes the last connection to a file writes its log back, which takes a while.
    private void CloseAll()
    {
        SqliteConnection[] idle;
        lock (_idle)
        {
            idle = [.. _idle];
            _idle.Clear();
        }

        foreach (var connection in idle)
            connection.Dispose();
    }
}
