namespace Lythonic.Dag.Export;

/// <summary>
/// Breaks texts into the lines of a column. PowerShell breaks them too, but in some cultures inside words, and with a colour only on the
/// first line.
/// </summary>
internal static class TextFold
{
    /// <summary>Breaks a text into lines of as many words as there is room for.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">How many letters there is room for on a line.</param>
    public static IReadOnlyList<string> AtWords(string text, int width)
    {
        if (text.Length <= width)
            return [text];
        var lines = new List<string>();
        foreach (var word in text.Split(' '))
        {
            if (lines.Count > 0 && lines[^1].Length + 1 + word.Length <= width)
                lines[^1] += " " + word;
            else
                lines.Add(word);
        }

        return lines;
    }

    /// <summary>
    /// Breaks a status into lines. A word for which there is no room, such as <c>upstream_failed</c>, is broken between its parts.
    /// </summary>
    /// <param name="text">The status.</param>
    /// <param name="width">How many letters there is room for on a line.</param>
    public static IReadOnlyList<string> Status(string text, int width) =>
        AtWords(text.Length > width ? text.Replace("_", "_ ", StringComparison.Ordinal) : text, width);

    /// <summary>Breaks a duration into lines, so that each number stays with its unit, such as <c>12 min</c> above <c>34 s</c>.</summary>
    /// <param name="text">The duration.</param>
    /// <param name="width">How many letters there is room for on a line.</param>
    public static string Duration(string text, int width) =>
        text.Length > width && text.Split(' ') is [var more, var unit, var less, var lesser] ? $"{more} {unit}\n{less} {lesser}" : text;
}
