using System.Data.Common;
using System.Globalization;
using System.Runtime.Loader;

namespace Lythonic.Dag.Runspace.Tests.Harness;

/// <summary>Reads a database by plain SQL.</summary>
/// <remarks>It uses the SQLite library that the module loaded. A second one in this process would release the file locks of the
/// first.</remarks>
internal static class StoreReader
{
    private const string Library = "Microsoft.Data.Sqlite";

    /// <summary>Runs a query. Rows are lines, and columns are separated by a bar.</summary>
    public static string Query(string database, string sql)
    {
        using var connection = Open(database);
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The queries are constants of the tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var rows = command.ExecuteReader();
        var lines = new List<string>();
        while (rows.Read())
            lines.Add(string.Join('|', Enumerable.Range(0, rows.FieldCount)
                .Select(column => Convert.ToString(rows.GetValue(column), CultureInfo.InvariantCulture))));
        return string.Join('\n', lines);
    }

    /// <summary>Changes a database without the module.</summary>
    public static void Execute(string database, string sql) => Query(database, sql);

    private static DbConnection Open(string database)
    {
        var library = AssemblyLoadContext.All.SelectMany(context => context.Assemblies)
            .First(assembly => assembly.GetName().Name == Library);
        var connection = (DbConnection)Activator.CreateInstance(
            library.GetType($"{Library}.SqliteConnection")!, $"Data Source={database};Mode=ReadWrite;Pooling=False")!;
        connection.Open();
        return connection;
    }
}
