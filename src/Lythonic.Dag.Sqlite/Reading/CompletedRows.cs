using System.Buffers.Text;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// Reads the rows of <see cref="SubRunReader.CompletedSql"/>. There is one for each of very many elements, so texts are taken from SQLite's
/// own memory.
/// </summary>
internal sealed class CompletedRows(StoreReader reader, CompletedSubRunTaker take)
{
    private const string SinksSql = "SELECT position FROM definition_node WHERE definition = $1 AND is_sink";
    private const int LongestNumber = 11;

    private readonly Dictionary<long, List<long>> _sinks = [];
    private long _lastPlace = -1;
    private bool _isLastSink;
    private string? _branch;

    /// <summary>Reads a row, and hands over its element.</summary>
    public void Read(SqliteDataReader row)
    {
        var columns = row.Handle!;
        if (!IsSink(raw.sqlite3_column_int64(columns, 0)))
            return;
        var (key, ordinal) = (new StoreKey(raw.sqlite3_column_int64(columns, 1)), raw.sqlite3_column_int(columns, 2));
        var plain = raw.sqlite3_column_blob(columns, 3);
        if (plain.Length > 0)
            take(new() { Key = key, Ordinal = ordinal, Output = plain });
        else
            Read(columns, key, ordinal);
    }

    // Reads an element that has more than its position and a short output.
    private void Read(sqlite3_stmt columns, StoreKey key, int ordinal)
    {
        var isApart = !IsNull(columns, 7);
        take(new()
        {
            Key = key,
            Ordinal = ordinal,
            ElementKey = KeyOf(columns, ordinal),
            ElementId = IsNull(columns, 5) ? null : raw.sqlite3_column_text(columns, 5).utf8_to_string(),
            Branch = Branch(columns),
            Apart = isApart ? new EncodedValue(new StoreKey(raw.sqlite3_column_int64(columns, 7))) : null,
            Output = isApart ? default : raw.sqlite3_column_blob(columns, 8),
        });
    }

    private bool IsSink(long place)
    {
        if (place == _lastPlace)
            return _isLastSink;
        var definition = place >> SubRunReader.PositionBits;
        if (!_sinks.TryGetValue(definition, out var sinks))
            _sinks[definition] = sinks = reader.Read(SinksSql, row => row.GetInt64(0), definition);
        _lastPlace = place;
        return _isLastSink = sinks.Contains(place & ((1L << SubRunReader.PositionBits) - 1));
    }

    private static string? KeyOf(sqlite3_stmt columns, int ordinal)
    {
        if (IsNull(columns, 4))
            return "";
        Span<byte> digits = stackalloc byte[LongestNumber];
        Utf8Formatter.TryFormat(ordinal, digits, out var length);
        return raw.sqlite3_column_blob(columns, 4).SequenceEqual(digits[..length])
            ? null
            : raw.sqlite3_column_text(columns, 4).utf8_to_string();
    }

    // Most elements take the branch of the one before.
    private string? Branch(sqlite3_stmt columns)
    {
        if (IsNull(columns, 6))
            return null;
        var branch = raw.sqlite3_column_text(columns, 6).utf8_to_string();
        return branch == _branch ? _branch : _branch = branch;
    }

    private static bool IsNull(sqlite3_stmt columns, int column) => raw.sqlite3_column_type(columns, column) == raw.SQLITE_NULL;
}
