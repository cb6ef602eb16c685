using System.Buffers;
using System.Text;

namespace Lythonic.Dag.Values;

/// <summary>A text as UTF-8. A long one is in pieces, each of which ends with a whole character.</summary>
/// <param name="bytes">The text.</param>
internal sealed class Utf8Text(ReadOnlySequence<byte> bytes)
{
    /// <summary>The text.</summary>
    public ReadOnlySequence<byte> Bytes { get; } = bytes;

    /// <summary>Its length in bytes.</summary>
    public int Length => (int)Bytes.Length;

    /// <summary>Whether it is in one piece.</summary>
    public bool IsWhole => Bytes.IsSingleSegment;

    /// <summary>Joins pieces, without copying them.</summary>
    public static Utf8Text Join(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        var first = new Segment(pieces[0], null);
        var last = first;
        for (var i = 1; i < pieces.Count; i++)
            last = new Segment(pieces[i], last);
        return new(new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length));
    }

    /// <summary>A part, without copying it.</summary>
    public Utf8Text Part(int start, int end) => new(Bytes.Slice(start, end - start));

    /// <inheritdoc/>
    public override string ToString() => Encoding.UTF8.GetString(Bytes);

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? before)
        {
            Memory = memory;
            if (before is null)
                return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}
