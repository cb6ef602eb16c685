using System.Buffers;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Lythonic.Dag.Sqlite;

/// <summary>The statements that write large values to a table of their own, each value once.</summary>
internal sealed class PayloadStatements(SqliteConnection connection) : IDisposable
{
    private const int LongestPart = 1024 * 1024;

    private readonly Dictionary<EncodedValue, long> _written = [];
    private readonly StoreStatement _insertPayload = new(connection, "INSERT INTO payload (json) VALUES (?1)");
    private readonly StoreStatement _hasPayload = new(connection, "SELECT 1 FROM payload WHERE id = ?1");
    private readonly StoreStatement _insertPart = new(
        connection, "INSERT INTO payload_part (payload, seq, json, part) VALUES (?1, ?2, ?3, ?4)");

    private readonly StoreStatement _copyParts = new(
        connection,
        """
        INSERT INTO payload_part (payload, seq, json, part) SELECT ?1, ?2 + seq, json, part FROM payload_part
        WHERE payload = ?3 AND EXISTS (SELECT 1 FROM payload_part WHERE payload = ?3 AND part IS NOT NULL)
        """);

    /// <summary>Begins a transaction.</summary>
    public void Begin() => _written.Clear();

    /// <summary>Notes that the transaction is committed, so that the values that it wrote can be read from the store.</summary>
    public void Release()
    {
        foreach (var (value, key) in _written)
            value.Release(new StoreKey(key));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _insertPayload.Dispose();
        _hasPayload.Dispose();
        _insertPart.Dispose();
        _copyParts.Dispose();
    }

    /// <summary>Decides where a value is stored: in its own row, or in a payload, whose key the value keeps.</summary>
    public (EncodedValue? Beside, long? Payload) Place(EncodedValue value)
    {
        if (value.KeyInStore is { } known)
        {
            if (!value.IsBorrowed)
                return (null, known.Value);
            if (_hasPayload.With(known.Value).Execute() is not null)
                _written[value] = known.Value;
        }

        if (!value.IsLarge && (_written.Count == 0 || !_written.ContainsKey(value)))
            return (value, null);
        if (!_written.TryGetValue(value, out var key))
            _written[value] = key = value.Elements is { } elements ? InsertList(elements) : InsertText(value);
        return (null, key);
    }

    // A long text is never joined, neither here nor in SQLite, which would copy it.
    private long InsertText(EncodedValue value)
    {
        if (value.Text is not { IsWhole: false } text)
            return _insertPayload.With(value).Insert();
        var payload = _insertPayload.With("").Insert();
        var seq = 0;
        foreach (var piece in text.Bytes)
            _insertPart.With(payload).With(seq++).With(piece.Span).With((long?)null).Execute();
        return payload;
    }

    // A payload with an empty text consists of parts, in their order: small elements are texts, large ones are other payloads. The parts of
    // a list inside the list become parts of the outer one, unless they are pieces of one text.
    private long InsertList(IReadOnlyList<EncodedValue> elements)
    {
        var list = _insertPayload.With("").Insert();
        var seq = 0;
        var text = new ArrayBufferWriter<byte>();
        text.Write("["u8);
        for (var index = 0; index < elements.Count; index++)
        {
            if (index > 0)
                text.Write(","u8);
            var (beside, payload) = Place(elements[index]);
            beside?.TryWrite(text);
            if (payload is not null || text.WrittenCount >= LongestPart)
            {
                _insertPart.With(list).With(seq++).With(text.WrittenSpan).With((long?)null).Execute();
                text.ResetWrittenCount();
            }

            if (payload is { } part)
                seq += InsertPart(list, seq, part);
        }

        text.Write("]"u8);
        _insertPart.With(list).With(seq).With(text.WrittenSpan).With((long?)null).Execute();
        return list;
    }

    // Returns how many rows were inserted.
    private int InsertPart(long list, int seq, long part)
    {
        _copyParts.With(list).With(seq).With(part).Execute();
        var copied = raw.sqlite3_changes(connection.Handle);
        if (copied == 0)
            _insertPart.With(list).With(seq).With((string?)null).With(part).Execute();
        return Math.Max(1, copied);
    }
}
