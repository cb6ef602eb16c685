using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// Checks the tables of a file, and the columns that migrations added to them. A file that an unreleased state of the module made may have
/// the number of a version without its parts. That is reported when the file is opened, and not in the middle of a run.
/// </summary>
internal static class SchemaParts
{
    private const string Create = "CREATE TABLE ";
    private const string Alter = "ALTER TABLE ";
    private const string Add = " ADD COLUMN ";

    private static readonly Lazy<(string Table, string? Column)[]> Expected = new(() => [.. Find()]);

    /// <summary>The first part that a file of the latest version lacks, for people; or <see langword="null"/>.</summary>
    public static string? Missing(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, sql FROM sqlite_schema WHERE type = 'table'";
        using var row = command.ExecuteReader();
        var tables = new Dictionary<string, string>(StringComparer.Ordinal);
        while (row.Read())
            tables[row.GetString(0)] = row.GetString(1);
        foreach (var (table, column) in Expected.Value)
        {
            if (!tables.TryGetValue(table, out var sql))
                return $"table '{table}'";
            // SQLite keeps the text of an added column in the text of its table.
            if (column is not null && !sql.Contains(column, StringComparison.Ordinal))
                return $"column '{column}' of the table '{table}'";
        }

        return null;
    }

    private static IEnumerable<(string Table, string? Column)> Find()
    {
        foreach (var line in Schema.Migrations.SelectMany(migration => migration.Split('\n')))
        {
            if (line.StartsWith(Create, StringComparison.Ordinal))
                yield return (Word(line, Create.Length), null);
            else if (line.StartsWith(Alter, StringComparison.Ordinal) && line.IndexOf(Add, StringComparison.Ordinal) is > 0 and var at)
                yield return (Word(line, Alter.Length), Word(line, at + Add.Length));
        }
    }

    private static string Word(string line, int from)
    {
        var end = line.AsSpan(from).IndexOfAny(' ', '(', ';');
        return end < 0 ? line[from..] : line.Substring(from, end);
    }
}
