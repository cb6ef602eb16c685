using System.Text.Json;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>Reads the columns of a row.</summary>
internal static class RowValue
{
    /// <summary>A key.</summary>
    public static StoreKey Key(SqliteDataReader row, int column) => new(row.GetInt64(column));

    /// <summary>A text that may be NULL.</summary>
    public static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>A JSON list of texts; empty for NULL.</summary>
    public static string[] Listed(SqliteDataReader row, int column) =>
        Text(row, column) is { } texts ? JsonSerializer.Deserialize<string[]>(texts)! : [];

    /// <summary>A time that may be NULL.</summary>
    public static DateTimeOffset? TimeOrNull(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : Time(row.GetDouble(column));

    /// <summary>A time of seconds since 1970.</summary>
    public static DateTimeOffset Time(double seconds) =>
        new(DateTime.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)), TimeSpan.Zero);

    /// <summary>A value in two columns: its text, or the key of its payload.</summary>
    public static EncodedValue? Value(SqliteDataReader row, int column)
    {
        if (!row.IsDBNull(column + 1))
            return new EncodedValue(Key(row, column + 1));
        return row.IsDBNull(column) ? null : new EncodedValue(row.GetString(column));
    }
}
