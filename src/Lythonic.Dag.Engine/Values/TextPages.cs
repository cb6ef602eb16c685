using System.Text;

namespace Lythonic.Dag.Values;

/// <summary>
/// Very many short texts as UTF-8, one after the other in a few large arrays: a text costs its bytes and no object. It is not thread-safe
/// for those who add.
/// </summary>
internal sealed class TextPages
{
    // The first page is small, as most lists are. None is so large that the collector treats it apart.
    private const int FirstPage = 512;
    private const int LargestPage = 64 * 1024;

    private readonly List<byte[]> _pages = [];
    private int _used;

    /// <summary>Adds a text.</summary>
    /// <returns>Where it is.</returns>
    public TextPlace Add(ReadOnlySpan<byte> text)
    {
        if (_pages.Count == 0 || _pages[^1].Length - _used < text.Length)
            Grow(text.Length);
        text.CopyTo(_pages[^1].AsSpan(_used));
        var place = new TextPlace(_pages.Count - 1, _used, text.Length);
        _used += text.Length;
        return place;
    }

    /// <summary>Adds the text of a value, which is here and not large.</summary>
    public TextPlace Add(EncodedValue value) =>
        Add(value.Text is { IsWhole: true } text ? text.Bytes.FirstSpan : Encoding.UTF8.GetBytes(value.Json!));

    /// <summary>A text that was added.</summary>
    public ReadOnlyMemory<byte> At(TextPlace place) => _pages[place.Page].AsMemory(place.Start, place.Length);

    private void Grow(int least)
    {
        var next = _pages.Count == 0 ? FirstPage : Math.Min(LargestPage, 2 * _pages[^1].Length);
        _pages.Add(new byte[Math.Max(least, next)]);
        _used = 0;
    }
}
