using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>The one connection that writes, opened when it is first needed. Used by one thread at a time.</summary>
internal sealed class WriterConnection(StoreFile file, TimeSpan pausePoll)
{
    private PausePoll _poll = new(pausePoll, file.BusyTimeout);
    private SqliteConnection? _connection;
    private StoreStatements? _statements;

    /// <summary>Opens the connection, if it is not open.</summary>
    /// <exception cref="DagException">The file cannot be used.</exception>
    public void Open()
    {
        // Between two runs, somebody may have deleted or replaced the file, or a newer module may have migrated it. Then open it anew.
        if (_connection is not null && (file.IsOfOther(_connection) || _statements?.HasOtherVersion != false))
            Close();
        Statements();
    }

    /// <summary>Commits a batch as one transaction.</summary>
    public void Write(Batch batch)
    {
        if (batch.Runs.Count + batch.Nodes.Count > 0)
            Statements().Write(batch);
    }

    /// <summary>Whether what was written last is in a file that is no longer at the path.</summary>
    public bool HasLostFile => _connection is not null && file.IsOfOther(_connection);

    /// <summary>Checks whether another process asked an open run to pause, if it is time to check.</summary>
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
            // Everything is written by now, and nobody would catch an exception on the writer's thread.
        }

        // A new connection counts the changes of others from zero.
        _statements = null;
        _connection = null;
        _poll = new(pausePoll, file.BusyTimeout);
    }

    private StoreStatements Statements() => _statements ??= new StoreStatements(file, _connection ??= file.OpenForWriting());
}
