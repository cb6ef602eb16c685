using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Lythonic.Dag.Values;

/// <summary>Reads a JSON string of any length without a second copy of it.</summary>
internal static class Utf8String
{
    private static readonly SearchValues<byte> Special = SearchValues.Create(
        "\"\\\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000a\u000b\u000c\u000d\u000e\u000f"u8
        + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f"u8);

    /// <summary>The text of a JSON string; <see langword="null"/> if the JSON is anything else, or malformed.</summary>
    public static string? TryRead(ReadOnlyMemory<byte> json)
    {
        if (json.Length < 2 || json.Span[0] != '"' || json.Span[^1] != '"')
            return null;
        var inner = json[1..^1];
        return Scan(inner.Span, []) is int length ? string.Create(length, inner, static (text, inner) => Scan(inner.Span, text)) : null;
    }

    // Reads the content of the string, into a text if there is one, and says how long it is.
    private static int? Scan(ReadOnlySpan<byte> json, Span<char> text)
    {
        var (length, writes) = (0, !text.IsEmpty);
        while (true)
        {
            var special = json.IndexOfAny(Special);
            var plain = special < 0 ? json : json[..special];
            length += writes ? Encoding.UTF8.GetChars(plain, text[length..]) : Encoding.UTF8.GetCharCount(plain);
            if (special < 0)
                return length;
            json = json[special..];
            if (json.Length < 2 || json[0] != '\\' || Unescaped(json) is not (var value, var used))
                return null;
            if (writes)
                text[length] = value;
            length++;
            json = json[used..];
        }
    }

    private static (char Value, int Used)? Unescaped(ReadOnlySpan<byte> json) => (char)json[1] switch
    {
        var same and ('"' or '\\' or '/') => (same, 2),
        'n' => ('\n', 2),
        'r' => ('\r', 2),
        't' => ('\t', 2),
        'b' => ('\b', 2),
        'f' => ('\f', 2),
        'u' when json.Length >= 6 && Utf8Parser.TryParse(json[2..6], out ushort unit, out var read, 'x') && read == 4 => ((char)unit, 6),
        _ => null,
    };
}
