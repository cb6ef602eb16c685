using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Lythonic.Dag.Comparing;

/// <summary>
/// Reads through the JSON text of a stored value, which comes piece by piece and is never in memory as a whole. The text must be well
/// formed, as the codec wrote it.
/// </summary>
internal sealed class StoredTextCursor(IEnumerable<ReadOnlyMemory<byte>> pieces) : IDisposable
{
    private static readonly SearchValues<byte> WordEnds = SearchValues.Create(",:]} \n\r\t"u8);

    private readonly IEnumerator<ReadOnlyMemory<byte>> _pieces = pieces.GetEnumerator();
    private ReadOnlyMemory<byte> _piece;

    // Where the current piece begins in the whole text.
    private long _start;
    private int _at;
    private StoredPart? _part;
    private StoredPart? _whole;
    private StoredTextCursor? _behind;

    /// <summary>The next byte that is not white space, without reading it; 0 at the end.</summary>
    public byte Peek()
    {
        while (Ensure())
        {
            var next = _piece.Span[_at];
            if (next is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
                return next;
            _at++;
        }

        return 0;
    }

    /// <summary>Reads a bracket, a brace, a comma or a colon if it comes next.</summary>
    /// <returns>Whether it did.</returns>
    public bool TryTake(byte token)
    {
        if (Peek() != token)
            return false;
        Advance(1);
        return true;
    }

    /// <summary>Whether a list or an object goes on. A comma before the next item is read, the end is not.</summary>
    /// <param name="end">What ends it.</param>
    public bool HasNext(byte end)
    {
        if (Peek() == end || Peek() == 0)
            return false;
        TryTake((byte)',');
        return true;
    }

    /// <summary>Reads the name of a member, with the colon.</summary>
    public string ReadName()
    {
        var name = TextOf(ReadValue());
        TryTake((byte)':');
        return name;
    }

    /// <summary>From now on, keeps what is read of the next object.</summary>
    public void BeginWhole()
    {
        Peek();
        _whole = new StoredPart(_start + _at);
    }

    /// <summary>Reads the rest of the object with which <see cref="BeginWhole"/> began, after some of its members have been read.</summary>
    public StoredPart EndWhole()
    {
        var whole = _whole!;
        while (Peek() is not ((byte)'}' or 0))
        {
            if (!TryTake((byte)',') && !TryTake((byte)':'))
                SkipValue();
        }

        TryTake((byte)'}');
        _whole = null;
        whole.End();
        return whole;
    }

    /// <summary>Drops what was kept since <see cref="BeginWhole"/>.</summary>
    public void DropWhole()
    {
        _whole?.End();
        _whole = null;
    }

    /// <summary>Reads the next value.</summary>
    public StoredPart ReadValue()
    {
        Peek();
        var part = new StoredPart(_start + _at);
        _part = part;
        SkipValue();
        _part = null;
        part.End();
        return part;
    }

    /// <summary>A cursor that follows this one through the same text and reads again what was too long to keep.</summary>
    /// <param name="position">Where it reads next; not before any place that it was at already.</param>
    public StoredTextCursor Behind(long position)
    {
        _behind ??= new StoredTextCursor(pieces);
        _behind.GoTo(position);
        return _behind;
    }

    /// <summary>The text of a JSON string.</summary>
    public static string TextOf(StoredPart part) =>
        part.IsWhole && part.Length > 0 && part.Text.Span[0] == '"'
            ? JsonSerializer.Deserialize<string>(part.Text.Span)!
            : Encoding.UTF8.GetString(part.Text.Span);

    /// <inheritdoc/>
    public void Dispose()
    {
        _behind?.Dispose();
        _pieces.Dispose();
    }

    private void GoTo(long position)
    {
        while (_start + _piece.Length <= position)
        {
            _at = _piece.Length;
            if (!Ensure())
                return;
        }

        _at = (int)(position - _start);
    }

    private void SkipValue()
    {
        var depth = 0;
        do
        {
            switch (Peek())
            {
                case (byte)'{' or (byte)'[':
                    depth++;
                    Advance(1);
                    break;
                case (byte)'}' or (byte)']':
                    depth--;
                    Advance(1);
                    break;
                case (byte)',' or (byte)':':
                    Advance(1);
                    break;
                case (byte)'"':
                    SkipString();
                    break;
                case 0:
                    return;
                default:
                    SkipWord();
                    break;
            }
        }
        while (depth > 0);
    }

    private void SkipString()
    {
        Advance(1);
        while (Ensure())
        {
            var end = _piece.Span[_at..].IndexOfAny((byte)'"', (byte)'\\');
            if (end < 0)
            {
                Advance(_piece.Length - _at);
                continue;
            }

            var isEscape = _piece.Span[_at + end] == '\\';
            Advance(end + 1);
            if (!isEscape)
                return;
            if (Ensure())
                Advance(1);
        }
    }

    // A number, true, false or null.
    private void SkipWord()
    {
        while (Ensure())
        {
            var end = _piece.Span[_at..].IndexOfAny(WordEnds);
            Advance(end < 0 ? _piece.Length - _at : end);
            if (end >= 0)
                return;
        }
    }

    private void Advance(int count)
    {
        _part?.Add(_piece.Span.Slice(_at, count));
        _whole?.Add(_piece.Span.Slice(_at, count));
        _at += count;
    }

    private bool Ensure()
    {
        while (_at >= _piece.Length)
        {
            _start += _piece.Length;
            (_piece, _at) = (default, 0);
            if (!_pieces.MoveNext())
                return false;
            _piece = _pieces.Current;
        }

        return true;
    }
}
