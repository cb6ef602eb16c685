using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite.Tests;

/// <summary>A temporary folder with a database, and SQL on it.</summary>
public sealed class StoreFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lythonic-dag-store-").FullName;

    public string Database => PathOf("runs.db");

    public string PathOf(string name) => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, true);

    /// <summary>The first value of a query as text; "" for NULL.</summary>
    public string Query(string sql, params object[] values)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var index = 0; index < values.Length; index++)
            command.Parameters.AddWithValue($"${index + 1}", values[index]);
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture) ?? "";
    }

    public SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        return connection;
    }

    /// <summary>A connection that holds the write lock until it is disposed.</summary>
    public SqliteConnection Lock()
    {
        var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return connection;
    }
}
