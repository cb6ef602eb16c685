using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Lythonic.Dag.Values;

/// <summary>Tells whether two JSON texts of this process are equal, after the first one has been released.</summary>
/// <param name="Length">The length in bytes.</param>
/// <param name="Hash">A hash of the text.</param>
internal readonly record struct TextFingerprint(int Length, ulong Hash)
{
    // The fractional part of the golden ratio: an odd number whose bits are well mixed.
    private const ulong Factor = 0x9E37_79B9_7F4A_7C15;

    /// <summary>The fingerprint of a text that the codec wrote; <see langword="null"/> if the text has been released.</summary>
    public static TextFingerprint? Compute(EncodedValue value)
    {
        if (value.Text is not { } text)
            return value.Json is { } json ? Compute(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json))) : null;
        return Compute(text.Bytes);
    }

    // The hash must not depend on how the text is cut into pieces.
    private static TextFingerprint Compute(ReadOnlySequence<byte> text)
    {
        var (hash, rest, restLength) = (0UL, 0UL, 0);
        foreach (var piece in text)
        {
            var bytes = piece.Span;
            for (; restLength > 0 && bytes.Length > 0; bytes = bytes[1..])
                Add(bytes[0], ref hash, ref rest, ref restLength);
            var words = MemoryMarshal.Cast<byte, ulong>(bytes);
            foreach (var word in words)
                hash = Mixed(hash, word);
            foreach (var last in bytes[(words.Length * sizeof(ulong))..])
                Add(last, ref hash, ref rest, ref restLength);
        }

        return new((int)text.Length, Mixed(hash, rest));
    }

    private static void Add(byte value, ref ulong hash, ref ulong rest, ref int length)
    {
        rest |= (ulong)value << (8 * length);
        if (++length < sizeof(ulong))
            return;
        hash = Mixed(hash, rest);
        rest = 0;
        length = 0;
    }

    private static ulong Mixed(ulong hash, ulong word)
    {
        hash = (BitOperations.RotateLeft(hash, 23) ^ word) * Factor;
        return hash ^ (hash >> 32);
    }
}
