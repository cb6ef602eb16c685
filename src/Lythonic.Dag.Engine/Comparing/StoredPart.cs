using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lythonic.Dag.Comparing;

/// <summary>
/// A part of a stored value: its text if it is short enough to keep, otherwise the beginning, the length and a hash of the text.
/// </summary>
/// <param name="start">Where the text begins in the whole text.</param>
internal sealed class StoredPart(long start)
{
    /// <summary>The length in bytes up to which a text is kept in full.</summary>
    public const int MostKept = 64 * 1024;

    private const int Beginning = 200;

    private ArrayBufferWriter<byte> _text = new(64);
    private IncrementalHash? _hash;
    private byte[]? _digest;

    /// <summary>Where the text begins in the whole text, in bytes.</summary>
    public long Start => start;

    /// <summary>The length of the whole text, in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>The text, or its beginning.</summary>
    public ReadOnlyMemory<byte> Text => _text.WrittenMemory;

    /// <summary>Whether the full text is kept.</summary>
    public bool IsWhole => Length == _text.WrittenCount;

    /// <summary>Adds the next piece of the text.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Length += bytes.Length;
        if (_hash is null && Length <= MostKept)
        {
            _text.Write(bytes);
            return;
        }

        if (_hash is null)
            KeepBeginning(bytes);
        _hash!.AppendData(bytes);
    }

    /// <summary>Says that nothing is added any more.</summary>
    public void End()
    {
        if (_hash is null)
            return;
        _digest = _hash.GetHashAndReset();
        _hash.Dispose();
        _hash = null;
    }

    /// <summary>Whether another part has the same text.</summary>
    public bool Equals(StoredPart other) =>
        Length == other.Length && (IsWhole ? Text.Span.SequenceEqual(other.Text.Span) : _digest.AsSpan().SequenceEqual(other._digest));

    /// <summary>Whether another part begins as this one does: with the same bracket, or as a value of the same kind.</summary>
    public bool IsLike(StoredPart other) => KindOf(Text.Span) == KindOf(other.Text.Span);

    /// <summary>A key that two parts share if and only if they are equal.</summary>
    public string Identity() => IsWhole ? Encoding.UTF8.GetString(Text.Span) : $"{Length}:{Convert.ToHexString(_digest!)}";

    /// <summary>The beginning of a text that was not kept, for people.</summary>
    public string Shown()
    {
        var beginning = Encoding.UTF8.GetString(Text.Span[..Math.Min(Beginning, Text.Length)]);
        return string.Create(CultureInfo.InvariantCulture, $"{Length:N0} bytes: {beginning.TrimEnd('\uFFFD')}…");
    }

    private static byte KindOf(ReadOnlySpan<byte> text) => text switch
    {
        [] => 0,
        [(byte)'-' or (>= (byte)'0' and <= (byte)'9'), ..] => (byte)'0',
        [(byte)'t' or (byte)'f', ..] => (byte)'t',
        [var first, ..] => first,
    };

    private void KeepBeginning(ReadOnlySpan<byte> next)
    {
        _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _hash.AppendData(_text.WrittenSpan);
        var kept = _text.WrittenSpan[..Math.Min(_text.WrittenCount, Beginning)];
        var beginning = new ArrayBufferWriter<byte>(Beginning);
        beginning.Write(kept);
        beginning.Write(next[..Math.Min(next.Length, Beginning - kept.Length)]);
        _text = beginning;
    }
}
