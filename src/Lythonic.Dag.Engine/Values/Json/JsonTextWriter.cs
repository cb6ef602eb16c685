using System.Buffers;
using System.Globalization;

namespace Lythonic.Dag.Values;

/// <summary>
/// Writes JSON straight into UTF-16. The result of encoding is a string, so a UTF-8 writer would pay for transcoding on every value.
/// </summary>
internal sealed class JsonTextWriter(int maximumLength)
{
    private const int KeptLength = 64 * 1024;
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        "\"\\\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000a\u000b\u000c\u000d\u000e\u000f"
        + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f");

    private char[] _chars = new char[1024];
    private int _length;

    /// <summary>The length of what is written.</summary>
    public int Length => _length;

    /// <summary>Whether a text can stand between quotes as it is.</summary>
    public static bool IsClean(ReadOnlySpan<char> text) =>
        text.IndexOfAny(Escaped) < 0 && text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0;

    /// <summary>Whether each surrogate has its other half: only then does the text survive as UTF-8.</summary>
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
        _length = 0;
        if (_chars.Length > KeptLength)
            _chars = new char[1024];
    }

    public override string ToString() => new(_chars, 0, _length);

    public void Raw(char value)
    {
        if (_length == _chars.Length)
            Grow(1);
        _chars[_length++] = value;
    }

    public void Raw(ReadOnlySpan<char> value)
    {
        if (value.Length > _chars.Length - _length)
            Grow(value.Length);
        value.CopyTo(_chars.AsSpan(_length));
        _length += value.Length;
    }

    public void Number<T>(T value, string? format = null)
        where T : ISpanFormattable
    {
        int written;
        while (!value.TryFormat(_chars.AsSpan(_length), out written, format, CultureInfo.InvariantCulture))
            Grow(64);
        _length += written;
    }

    /// <summary>Writes a finite double so that it reads back as one: with a point or an exponent.</summary>
    public void Double(double value)
    {
        var start = _length;
        Number(value);
        if (_chars.AsSpan(start, _length - start).IndexOfAny('.', 'E') < 0)
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

    private void Grow(int more)
    {
        var needed = (long)_length + more;
        if (needed > maximumLength)
            throw new ValueNotStorableException($"its text is longer than {maximumLength} characters.");
        Array.Resize(ref _chars, (int)Math.Min(Math.Max(needed, 2L * _chars.Length), Math.Max(maximumLength, needed)));
    }
}
