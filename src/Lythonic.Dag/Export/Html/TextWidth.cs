using System.Globalization;
using System.Text;

namespace Lythonic.Dag.Export;

/// <summary>Estimates the width of a text in a sans-serif font. The estimate is more often too wide than too narrow.</summary>
internal static class TextWidth
{
    private const string Narrow = "iljtfrI.,:;'|!()[]{} ";

    /// <summary>The width of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="size">The size of the font.</param>
    public static double Estimate(string text, double size)
    {
        var width = 0d;
        foreach (var rune in text.EnumerateRunes())
            width += Share(rune);
        return width * size;
    }

    /// <summary>A text that is cut in the middle so that it fits.</summary>
    /// <param name="text">The text.</param>
    /// <param name="size">The size of the font.</param>
    /// <param name="room">How much room there is.</param>
    public static string Fit(string text, double size, double room)
    {
        var shown = text;
        for (var length = text.Length - 1; length >= 3 && Estimate(shown, size) > room; length--)
            shown = Values.TextCut.Middle(text, length);
        return shown;
    }

    // Widths as fractions of the font size. East Asian characters and emoji are as wide as they are high.
    private static double Share(Rune rune) => rune.Value switch
    {
        < 0x80 when Narrow.Contains((char)rune.Value, StringComparison.Ordinal) => 0.36,
        < 0x80 when rune.Value is 'm' or 'w' or 'M' or 'W' or '@' or '%' => 0.95,
        < 0x80 when Rune.IsUpper(rune) => 0.7,
        < 0x1100 => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format ? 0 : 0.62,
        _ => 1.05,
    };
}
