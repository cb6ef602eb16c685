using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>The one connection that writes, opened when it is first needed. Used by one thread at a time.</summary>
internal sealed class WriterConnection(StoreFile file, TimeSpan pausePoll)
{
    private PausePoll _poll = new(pausePoll, file.BusyTimeout);
    private SqliteConnection? _connection;
    private StoreStatements? _statements;

    /// <summary>Opens the connection, where it is not open.</summary>
    /// <exception cref="DagException">The file cannot be used.</exception>
    public void Open()
    {
        // Who takes the file away from under the connection, between two runs, gets a new one.
        if (_connection is not null && !file.Exists)
            Close();
        Statements();
    }

    /// <summary>Commits a batch as one transaction.</summary>
    public void Write(Batch batch)
    {
        if (batch.Runs.Count + batch.Nodes.Count > 0)
            Statements().Write(batch);
    }

    /// <summary>Looks whether another process asked an open run to pause, where it is time to.</summary>
    public void LookForPause(Func<IReadOnlyCollection<SqliteRun>> openRoots)
    {
        if (_connection is not null)
            _poll.Look(_connection, openRoots);
    }

    /// <summary>Closes the connection; another write opens it again.</summary>
    public void Close()
    {
        try
        {
            _statements?.Dispose();
            _connection?.Dispose();
        }
        catch (Exception error) when (StoreError.IsStoreError(error))
        {
            // All that was to be written is, and on the writer's thread nobody would catch it.
        }

        // What one connection saw of the others' changes says nothing about the next.
        _statements = null;
        _connection = null;
        _poll = new(pausePoll, file.BusyTimeout);
    }

    private StoreStatements Statements() => _statements ??= new StoreStatements(file, _connection ??= file.OpenForWriting());
}
