using System.Globalization;
using Lythonic.Dag.Values;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Lythonic.Dag.Terminal;

/// <summary>A line of the screen, which is never wider than the screen.</summary>
/// <param name="width">How many columns the screen has.</param>
internal sealed class Line(int width)
{
    private const int LeastKey = 8;

    private readonly List<Segment> _parts = [];

    /// <summary>How many columns it takes.</summary>
    public int Length { get; private set; }

    /// <summary>How many more columns there is room for.</summary>
    public int Room => width - Length;

    /// <summary>Whether the end of a text that was added has no room.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Its parts.</summary>
    public IReadOnlyList<Segment> Parts => _parts;

    /// <summary>The line as text, without spaces at its end.</summary>
    public override string ToString() => string.Concat(_parts.Select(part => part.Text)).TrimEnd();

    /// <summary>Adds a text. If there is not enough room, it is cut, with a mark.</summary>
    public Line Add(string? text, Style? style = null)
    {
        var clean = Clean(text);
        var length = Columns(clean);
        IsCut |= length > Room;
        if (clean.Length == 0 || Room <= 0)
            return this;
        if (length > Room)
            clean = Cut(clean, Room);
        _parts.Add(new Segment(clean, style ?? Look.Plain));
        Length += Math.Min(Room, Columns(clean));
        return this;
    }

    /// <summary>Adds a text in a column of its own.</summary>
    public Line Column(string? text, int columns, Style? style = null)
    {
        var clean = Clean(text);
        // Cut labels in the middle, because many labels begin with the same words.
        clean = columns > 3 ? Middle(clean, columns) : Columns(clean) > columns ? Cut(clean, columns) : clean;
        return Add(clean, style).Space(Math.Max(0, columns - Columns(clean)));
    }

    /// <summary>Adds a text at the right of a column.</summary>
    public Line Right(string text, int columns, Style? style = null) =>
        Space(Math.Max(0, columns - Columns(Clean(text)))).Add(text, style);

    /// <summary>Adds spaces.</summary>
    public Line Space(int columns) => columns <= 0 ? this : Add(new string(' ', columns));

    /// <summary>How many columns a text has.</summary>
    public static int Columns(string text) => text.Length == 0 ? 0 : new Segment(text).CellCount();

    /// <summary>A text without characters that would move the cursor or change colours.</summary>
    public static string Clean(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        var bare = PlainText.Of(text);
        return bare.Any(char.IsControl) ? string.Concat(bare.Select(letter => char.IsControl(letter) ? ' ' : letter)) : bare;
    }

    /// <summary>The beginning and the end of a text, with a mark between them if something is left out.</summary>
    /// <param name="text">The text.</param>
    /// <param name="columns">How many columns there are, the mark included; from 3.</param>
    public static string Middle(string text, int columns)
    {
        if (Columns(text) <= columns)
            return text;
        var head = Head(text, (columns - 1) / 2);
        var end = text.Length;
        foreach (var begin in Enumerable.Reverse(StringInfo.ParseCombiningCharacters(text)))
        {
            if (begin < head.Length || Columns(head) + 1 + Columns(text[begin..]) > columns)
                break;
            end = begin;
        }

        return $"{head}…{text[end..]}";
    }

    /// <summary>The name of an element. If there is not enough room, its map is cut, and not its key.</summary>
    /// <param name="map">The label of the map.</param>
    /// <param name="key">The key of the element in brackets, and what is inside the element.</param>
    /// <param name="columns">How many columns there are.</param>
    public static string OfElement(string map, string key, int columns) =>
        Columns(map) + Columns(key) <= columns ? map + key
            : Columns(key) + 1 <= columns ? $"{Head(map, columns - Columns(key) - 1)}…{key}"
            : Place(key, columns);

    /// <summary>The path of a node or an element. If there is not enough room, first the keys of its elements are cut.</summary>
    /// <param name="path">The path.</param>
    /// <param name="columns">How many columns there are; from 3.</param>
    public static string Place(string path, int columns)
    {
        for (var room = columns - 2; Columns(path) > columns && room >= LeastKey; room--)
            path = TextCut.Keys(path, room);
        return Middle(path, columns);
    }

    private static string Cut(string text, int columns) => columns <= 0 ? "" : Head(text, columns - 1) + "…";

    // The beginning that has room. What people read as one sign is not cut.
    private static string Head(string text, int columns)
    {
        var end = 0;
        while (end < text.Length)
        {
            var next = StringInfo.GetNextTextElementLength(text, end);
            columns -= Columns(text.Substring(end, next));
            if (columns < 0)
                break;
            end += next;
        }

        return text[..end];
    }
}
