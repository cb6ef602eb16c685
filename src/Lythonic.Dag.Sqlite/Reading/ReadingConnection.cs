using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// A connection that reads, with its prepared statements: preparing one costs more than reading a few rows with it. One reader at a time
/// has the connection.
/// </summary>
internal sealed class ReadingConnection(SqliteConnection connection) : IDisposable
{
    private const int Most = 16;

    private readonly Dictionary<string, SqliteCommand> _prepared = [];

    /// <summary>The connection.</summary>
    public SqliteConnection Connection => connection;

    /// <summary>A command with its parameters; the connection disposes of it.</summary>
    public SqliteCommand Command(string sql, object?[] values)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            if (_prepared.Count == Most)
                Forget();
            _prepared[sql] = command = StoreStatements.Command(connection, null, sql, values);
            return command;
        }

        for (var index = 0; index < values.Length; index++)
            command.Parameters[index].Value = values[index] ?? DBNull.Value;
        return command;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget();
        connection.Dispose();
    }

    private void Forget()
    {
        foreach (var command in _prepared.Values)
            command.Dispose();
        _prepared.Clear();
    }
}
