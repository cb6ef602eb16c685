namespace Lythonic.Dag.Sqlite;

/// <summary>
/// Keeps a few connections open for the next reader, for about a second. Then they are closed, so that the file can be moved or deleted on
/// every system.
/// </summary>
internal sealed class IdleConnections : IDisposable
{
    private const int Most = 2;
    private const int Milliseconds = 1_000;

    private readonly Stack<ReadingConnection> _idle = new();
    private readonly Timer _timer;
    private bool _disposed;

    public IdleConnections() => _timer = new Timer(_ => CloseAll());

    /// <summary>Takes an open connection, or <see langword="null"/> if none is idle.</summary>
    public ReadingConnection? TryTake()
    {
        lock (_idle)
            return _idle.TryPop(out var connection) ? connection : null;
    }

    /// <summary>Keeps a connection for the next reader, or closes it if enough are kept.</summary>
    public void Return(ReadingConnection connection)
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

    // Closing the last connection to a file checkpoints its log, which takes a while.
    private void CloseAll()
    {
        ReadingConnection[] idle;
        lock (_idle)
        {
            idle = [.. _idle];
            _idle.Clear();
        }

        foreach (var connection in idle)
            Close(connection);
    }

    private static void Close(ReadingConnection connection)
    {
        try
        {
            connection.Dispose();
        }
        catch (Exception)
        {
            // Nothing would catch it on the timer's thread, and it would end the process. Nobody needs the connection any more.
        }
    }
}
