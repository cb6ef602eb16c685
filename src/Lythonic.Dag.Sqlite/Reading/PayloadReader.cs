using System.Buffers;
using System.Text;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Lythonic.Dag.Sqlite;

/// <summary>Reads values that are stored apart from their rows, row by row: a text of 100 MB is in memory once.</summary>
internal readonly struct PayloadReader(StoreReader reader)
{
    // A part is a text, or another payload: that is a text too, or pieces of one.
    private const string Parts = """
        FROM payload_part t LEFT JOIN payload p ON p.id = t.part LEFT JOIN payload_part u ON u.payload = t.part AND octet_length(p.json) = 0
        WHERE t.payload = $1
        """;

    /// <summary>The query for the parts of a payload.</summary>
    public const string PartsSql = $"SELECT coalesce(t.json, u.json, p.json) {Parts} ORDER BY t.seq, u.seq";

    private const string TextSql = "SELECT json FROM payload WHERE id = $1";
    private const string LengthSql = "SELECT octet_length(json) FROM payload WHERE id = $1";
    private const string LengthOfPartsSql =
        $"SELECT sum(coalesce(octet_length(t.json), octet_length(u.json), octet_length(p.json))) {Parts}";

    /// <summary>The text of a payload.</summary>
    public ReadOnlyMemory<byte> Read(long payload)
    {
        var length = LengthOf(payload);
        var text = new ArrayBufferWriter<byte>(Math.Max(1, length));
        Append(payload, text);
        return text.WrittenMemory;
    }

    /// <summary>Inputs as one JSON object.</summary>
    /// <param name="inputs">The inputs, in their order.</param>
    /// <param name="label">The key that the object has in an outer object; <see langword="null"/> for no outer object.</param>
    public ReadOnlyMemory<byte> Join(IReadOnlyList<NodeInput> inputs, string? label)
    {
        var self = this;
        var prefix = label is null ? "" : $"{{{StringJson.Name(label)}:";
        var length =
            inputs.Sum(input => input.Value.IsInStore ? self.LengthOf(input.Value.KeyInStore!.Value.Value) : 3 * input.Value.Length);
        var text = new ArrayBufferWriter<byte>(length + InputText.Overhead(inputs) + (3 * prefix.Length) + 1);
        Encoding.UTF8.GetBytes(prefix, text);
        InputText.Write(inputs, text, value =>
        {
            if (!value.TryWrite(text))
                self.Append(value.KeyInStore!.Value.Value, text);
        });
        if (label is not null)
            text.Write("}"u8);
        return text.WrittenMemory;
    }

    /// <summary>A value, piece by piece.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Pieces(EncodedValue value) =>
        value.IsInStore ? Pieces(value.KeyInStore!.Value.Value) : [Encoding.UTF8.GetBytes(value.Json!)];

    /// <summary>Inputs as one JSON object, piece by piece.</summary>
    /// <param name="inputs">The inputs, in their order.</param>
    public IEnumerable<ReadOnlyMemory<byte>> Pieces(IReadOnlyList<NodeInput> inputs)
    {
        var self = this;
        return Inputs();

        IEnumerable<ReadOnlyMemory<byte>> Inputs()
        {
            for (var index = 0; index < inputs.Count; index++)
            {
                yield return Encoding.UTF8.GetBytes(InputText.Before(inputs, index));
                foreach (var piece in self.Pieces(inputs[index].Value))
                    yield return piece;
                yield return Encoding.UTF8.GetBytes(InputText.After(inputs, index));
            }
        }
    }

    private IEnumerable<ReadOnlyMemory<byte>> Pieces(long payload)
    {
        var self = reader;
        return reader.Read(LengthSql, row => row.GetInt32(0), payload) switch
        {
            [0] => self.Stream(PartsSql, Copied, payload),
            [_] => self.Stream(TextSql, Copied, payload),
            _ => throw reader.Gone(payload),
        };
    }

    private static ReadOnlyMemory<byte> Copied(SqliteDataReader row) => raw.sqlite3_column_blob(row.Handle!, 0).ToArray();

    private int LengthOf(long payload) => reader.Read(LengthSql, row => row.GetInt32(0), payload) switch
    {
        [0] => reader.Read(LengthOfPartsSql, row => row.GetInt32(0), payload)[0],
        [var length] => length,
        _ => throw reader.Gone(payload),
    };

    private void Append(long payload, ArrayBufferWriter<byte> text)
    {
        int Copy(SqliteDataReader row)
        {
            var bytes = raw.sqlite3_column_blob(row.Handle!, 0);
            text.Write(bytes);
            return bytes.Length;
        }

        if (reader.Read(TextSql, Copy, payload) is [0])
            reader.Read(PartsSql, Copy, payload);
    }
}
