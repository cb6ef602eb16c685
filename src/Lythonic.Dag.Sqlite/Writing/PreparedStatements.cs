using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>Prepares statements of a connection, and disposes of them together.</summary>
/// <param name="connection">An open connection, which outlives the statements.</param>
internal sealed class PreparedStatements(SqliteConnection connection) : IDisposable
{
    private readonly List<StoreStatement> _all = [];

    /// <summary>Prepares a statement.</summary>
    public StoreStatement Prepare(string sql)
    {
        var statement = new StoreStatement(connection, sql);
        _all.Add(statement);
        return statement;
    }

    /// <inheritdoc/>
    public void Dispose() => _all.ForEach(statement => statement.Dispose());
}
