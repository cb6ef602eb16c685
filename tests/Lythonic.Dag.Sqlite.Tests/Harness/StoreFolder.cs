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
    public string Query(string sql, params object[] values) => QueryFile(Database, sql, values);

    /// <summary>
    /// Asserts that each shape of a run or node run is noted for its root run. A removal would take a shape that is not, although it is in
    /// use.
    /// </summary>
    public static void AssertShapesAreNoted(string database) => Assert.Equal("0", QueryFile(database, """
        SELECT count(*) FROM (
            SELECT coalesce(root, id), definition FROM run
            UNION SELECT coalesce(r.root, r.id), n.definition FROM node_run n JOIN run r ON r.id = n.run
            EXCEPT SELECT root, definition FROM definition_use)
        """));

    private static string QueryFile(string database, string sql, params object[] values)
    {
        using var connection = Open(database);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var index = 0; index < values.Length; index++)
            command.Parameters.AddWithValue($"${index + 1}", values[index]);
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture) ?? "";
    }

    public SqliteConnection Open() => Open(Database);

    private static SqliteConnection Open(string database)
    {
        var connection = new SqliteConnection($"Data Source={database};Pooling=False");
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
