using System.Buffers;
using System.Globalization;
using System.Text.Unicode;

namespace Lythonic.Dag.Values;

/// <summary>Writes JSON as UTF-8. A long text is kept in pieces, so that no buffer larger than one piece is ever copied to grow.</summary>
internal sealed class JsonTextWriter(int maximumLength)
{
    private const int KeptLength = 64 * 1024;
    private const int LeastLength = 1024;
    private const int LeastRoom = 64;
    private const int PieceLength = 1024 * 1024;

    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        "\"\\\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000a\u000b\u000c\u000d\u000e\u000f"
        + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f");

    private readonly List<ReadOnlyMemory<byte>> _full = [];
    private byte[] _piece = new byte[LeastLength];
    private int _used;
    private int _before;

    /// <summary>The length of the written text in bytes.</summary>
    public int Length => _before + _used;

    /// <summary>Whether a text needs no escapes between quotes.</summary>
    public static bool IsClean(ReadOnlySpan<char> text) =>
        text.IndexOfAny(Escaped) < 0 && text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0;

    /// <summary>Whether each surrogate has its other half. Otherwise the text cannot be written as UTF-8.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        var start = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        if (start < 0)
            return true;
        for (var i = start; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                return false;
            i++;
        }

        return true;
    }

    public void Clear()
    {
        _used = 0;
        _before = 0;
        _full.Clear();
        if (_piece.Length > KeptLength)
            _piece = new byte[LeastLength];
    }

    /// <summary>The written text. After this, nothing may be written before a <see cref="Clear"/>.</summary>
    public Utf8Text ToText()
    {
        if (Length > maximumLength)
            throw TooLong();
        if (_full.Count == 0)
            return new Utf8Text(new ReadOnlySequence<byte>(_piece.AsSpan(0, _used).ToArray()));
        _full.Add(_piece.AsMemory(0, _used));
        var text = Utf8Text.Join(_full);
        _piece = new byte[LeastLength];
        return text;
    }

    public void Raw(char value)
    {
        if (value >= 0x80)
        {
            Raw([value]);
            return;
        }

        if (_used == _piece.Length)
            Grow(1);
        _piece[_used++] = (byte)value;
    }

    public void Raw(ReadOnlySpan<char> value)
    {
        while (true)
        {
            var status = Utf8.FromUtf16(value, _piece.AsSpan(_used), out var read, out var written);
            _used += written;
            if (status != OperationStatus.DestinationTooSmall)
                return;
            value = value[read..];
            Grow(value.Length);
        }
    }

    /// <summary>Writes the text of a value, which is not large.</summary>
    public void Raw(EncodedValue value)
    {
        if (value.Text is not { } text)
        {
            Raw(value.Json);
            return;
        }

        foreach (var piece in text.Bytes)
            Raw(piece.Span);
    }

    /// <summary>Writes a text of UTF-8, which is not large.</summary>
    public void Raw(ReadOnlySpan<byte> text)
    {
        if (_piece.Length - _used < text.Length)
            Grow(text.Length);
        text.CopyTo(_piece.AsSpan(_used));
        _used += text.Length;
    }

    public void Number<T>(T value, string? format = null)
        where T : IUtf8SpanFormattable
    {
        int written;
        while (!value.TryFormat(_piece.AsSpan(_used), out written, format, CultureInfo.InvariantCulture))
            Grow(64);
        _used += written;
    }

    /// <summary>Writes a finite double so that it reads back as one: with a point or an exponent.</summary>
    public void Double(double value)
    {
        Span<byte> digits = stackalloc byte[64];
        value.TryFormat(digits, out var written, default, CultureInfo.InvariantCulture);
        digits = digits[..written];
        if (_piece.Length - _used < written)
            Grow(written);
        digits.CopyTo(_piece.AsSpan(_used));
        _used += written;
        if (digits.IndexOfAny((byte)'.', (byte)'E') < 0)
            Raw(".0");
    }

    /// <summary>Writes a text between quotes; its surrogates must be paired.</summary>
    public void Quoted(ReadOnlySpan<char> value)
    {
        Raw('"');
        while (true)
        {
            var special = value.IndexOfAny(Escaped);
            if (special < 0)
                break;
            Raw(value[..special]);
            Escape(value[special]);
            value = value[(special + 1)..];
        }

        Raw(value);
        Raw('"');
    }

    private void Escape(char value)
    {
        Raw('\\');
        switch (value)
        {
            case '"' or '\\': Raw(value); break;
            case '\n': Raw('n'); break;
            case '\r': Raw('r'); break;
            case '\t': Raw('t'); break;
            default:
                Raw('u');
                Number((int)value, "x4");
                break;
        }
    }

    // Makes room for some more bytes, at least for the longest character or number: in the piece, while it is small, and else in a new one.
    private void Grow(int more)
    {
        if ((long)Length + more > maximumLength)
            throw TooLong();
        more = Math.Max(more, LeastRoom);
        if (_piece.Length < PieceLength)
        {
            Array.Resize(ref _piece, (int)Math.Clamp(Math.Max((long)_used + more, 2L * _piece.Length), 0, PieceLength));
            if (_piece.Length - _used >= LeastRoom)
                return;
        }

        _full.Add(_piece.AsMemory(0, _used));
        _before += _used;
        _piece = new byte[PieceLength];
        _used = 0;
    }

    private ValueNotStorableException TooLong() => new($"its text is longer than {maximumLength} bytes.");
}
