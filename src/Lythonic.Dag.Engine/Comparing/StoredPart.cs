using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lythonic.Dag.Comparing;

/// <summary>
/// A part of a stored value: its text if it is short enough to keep, otherwise the beginning, the length and a hash of the text.
/// </summary>
internal sealed class StoredPart
{
    /// <summary>The length in bytes up to which a text is kept in full.</summary>
    public const int MostKept = 64 * 1024;

    private const int Beginning = 200;

    private readonly ArrayBufferWriter<byte> _text = new(64);
    private IncrementalHash? _hash;
    private byte[]? _digest;

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
        {
            _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            _hash.AppendData(_text.WrittenSpan);
            if (_text.WrittenCount < Beginning)
                _text.Write(bytes[..Math.Min(bytes.Length, Beginning)]);
        }

        _hash.AppendData(bytes);
    }

    /// <summary>Whether another part has the same text.</summary>
    public bool Equals(StoredPart other) =>
        Length == other.Length && (IsWhole ? Text.Span.SequenceEqual(other.Text.Span) : Digest().AsSpan().SequenceEqual(other.Digest()));

    /// <summary>A key that two parts share if and only if they are equal.</summary>
    public string Identity() => IsWhole ? Encoding.UTF8.GetString(Text.Span) : $"{Length}:{Convert.ToHexString(Digest())}";

    /// <summary>The beginning of a text that was not kept, for people.</summary>
    public string Shown()
    {
        var beginning = Encoding.UTF8.GetString(Text.Span[..Math.Min(Beginning, Text.Length)]);
        return string.Create(CultureInfo.InvariantCulture, $"{Length:N0} bytes: {beginning.TrimEnd('\uFFFD')}…");
    }

    private byte[] Digest()
    {
        if (_digest is null)
        {
            _digest = _hash!.GetHashAndReset();
            _hash.Dispose();
        }

        return _digest;
    }
}
