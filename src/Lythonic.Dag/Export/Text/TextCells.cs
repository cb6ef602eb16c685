using System.Globalization;

namespace Lythonic.Dag.Export;

/// <summary>
/// The columns that a text takes on a screen, counted as PowerShell counts them when it pads and breaks the cells of a table: Chinese,
/// Japanese and Korean letters take two, and so do the two halves of an emoji together. What people read as one sign is never cut.
/// </summary>
internal static class TextCells
{
    private const string Mark = "…";

    /// <summary>How many columns a text takes.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var letter in text)
            count += Count(letter);
        return count;
    }

    /// <summary>The beginning of a text that has room in some columns; at least one sign.</summary>
    public static string Head(string text, int columns)
    {
        var end = 0;
        for (var room = columns; end < text.Length;)
        {
            var sign = StringInfo.GetNextTextElementLength(text, end);
            room -= Count(text.AsSpan(end, sign));
            if (room < 0 && end > 0)
                break;
            end += sign;
        }

        return text[..end];
    }

    /// <summary>The end of a text, with a mark before it if something is left out.</summary>
    /// <param name="text">The text.</param>
    /// <param name="columns">How many columns there are, the mark included; from 2.</param>
    public static string Before(string text, int columns) => Count(text) <= columns ? text : Mark + Tail(text, columns - 1);

    /// <summary>The beginning and the end of a text, with a mark between them if something is left out.</summary>
    /// <param name="text">The text.</param>
    /// <param name="columns">How many columns there are, the mark included; from 3.</param>
    public static string Middle(string text, int columns) =>
        text.Length <= columns / 2 || Count(text) <= columns ? text
            : $"{Head(text, (columns - 1) / 2)}{Mark}{Tail(text, columns / 2)}";

    private static string Tail(string text, int columns)
    {
        var signs = StringInfo.ParseCombiningCharacters(text);
        var (begin, room) = (text.Length, columns);
        for (var index = signs.Length - 1; index >= 0; index--)
        {
            room -= Count(text.AsSpan(signs[index], begin - signs[index]));
            if (room < 0)
                break;
            begin = signs[index];
        }

        return text[begin..];
    }

    // The letters that PowerShell's console host takes for wide.
    private static int Count(char letter) => letter < '\u1100' ? 1
        : letter is <= '\u115f' or '\u2329' or '\u232a' or (>= '\u2e80' and <= '\ua4cf' and not '\u303f') or (>= '\uac00' and <= '\ud7a3')
            or (>= '\uf900' and <= '\ufaff') or (>= '\ufe10' and <= '\ufe19') or (>= '\ufe30' and <= '\ufe6f')
            or (>= '\uff00' and <= '\uff60') or (>= '\uffe0' and <= '\uffe6') ? 2
        : 1;
}
