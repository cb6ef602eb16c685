using System.Text;
using System.Text.RegularExpressions;
using Lythonic.Dag.Values;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Lythonic.Dag.Terminal;

/// <summary>A line of the screen, which is never wider than the screen.</summary>
/// <param name="width">How many columns the screen has.</param>
internal sealed partial class Line(int width)
{
    private readonly List<Segment> _parts = [];

    /// <summary>How many columns it takes.</summary>
    public int Length { get; private set; }

    /// <summary>How many more columns there is room for.</summary>
    public int Room => width - Length;

    /// <summary>Its parts.</summary>
    public IReadOnlyList<Segment> Parts => _parts;

    /// <summary>The line as text, without spaces at its end.</summary>
    public override string ToString() => string.Concat(_parts.Select(part => part.Text)).TrimEnd();

    /// <summary>Adds a text. If there is not enough room, it is cut, with a mark.</summary>
    public Line Add(string? text, Style? style = null)
    {
        var clean = Clean(text);
        if (clean.Length == 0 || Room <= 0)
            return this;
        var length = Columns(clean);
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
        if (Columns(clean) > columns && columns > 3)
            clean = TextCut.Middle(clean, columns);
        clean = Columns(clean) > columns ? Cut(clean, columns) : clean;
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
        var bare = text.Contains('\e') ? Sequences().Replace(text, "") : text;
        return bare.Any(char.IsControl) ? string.Concat(bare.Select(letter => char.IsControl(letter) ? ' ' : letter)) : bare;
    }

    private static string Cut(string text, int columns)
    {
        if (columns <= 0)
            return "";
        var (kept, length) = (new StringBuilder(), 0);
        foreach (var rune in text.EnumerateRunes())
        {
            var next = Columns(rune.ToString());
            if (length + next > columns - 1)
                break;
            kept.Append(rune.ToString());
            length += next;
        }

        return kept.Append('…').ToString();
    }

    [GeneratedRegex(@"\e(\[[0-9;?]*[ -/]*[@-~]|\][^\a\e]*(\a|\e\\)?|.)")]
    private static partial Regex Sequences();
}
