namespace Lythonic.Dag.Export;

/// <summary>
/// Breaks texts into the lines of a column. PowerShell breaks them too, but in some cultures inside words, and with a colour only on the
/// first line.
/// </summary>
internal static class TextFold
{
    private const int MostLines = 3;
    private const string WordEnds = "-_./\\: ";
    private const string PathEnds = "/\\";

    /// <summary>Breaks a text into lines of as many words as there is room for.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">How many columns there is room for on a line.</param>
    public static IReadOnlyList<string> AtWords(string text, int width)
    {
        if (TextCells.Count(text) <= width)
            return [text];
        var lines = new List<string>();
        foreach (var word in text.Split(' '))
        {
            var room = lines.Count == 0 ? 0 : width - TextCells.Count(lines[^1]) - 1;
            if (lines.Count > 0 && TextCells.Count(word) <= room)
                lines[^1] += " " + word;
            else if (TextCells.Count(word) <= width)
                lines.Add(word);
            else
                AddLong(word, width, lines);
        }

        return lines;
    }

    // A word that needs several lines, such as a path, is broken where its parts end. It begins on the line before if much of that is free.
    private static void AddLong(string word, int width, List<string> lines)
    {
        var isJoined = false;
        foreach (var part in Words(word, PathEnds).SelectMany(part => TextCells.Count(part) <= width ? [part] : Lines(Words(part), width)))
        {
            var before = lines.Count == 0 ? 0 : TextCells.Count(lines[^1]);
            var length = TextCells.Count(part);
            if (isJoined ? before + length <= width
                : lines.Count > 0 && before + 1 + length <= width && part.Length > 1 && before < width / 2)
                lines[^1] += (isJoined ? "" : " ") + part;
            else
                lines.Add(part);
            isJoined = true;
        }
    }

    /// <summary>
    /// Breaks a name into lines, at best between its words. If it is too long for a few lines, its middle is left out.
    /// </summary>
    /// <param name="name">The name, on one line.</param>
    /// <param name="width">How many columns there is room for on a line.</param>
    public static string Name(string name, int width)
    {
        if (TextCells.Count(name) <= width)
            return name;
        var lines = Lines(Words(name), width);
        // Lines that end with a word have less room in all, and so have wide letters that leave the last column of a line free.
        for (var room = MostLines * width; lines.Count > MostLines; room--)
            lines = Lines(Words(TextCells.Middle(name, room)), width);
        return string.Join('\n', lines);
    }

    private static List<string> Lines(IEnumerable<string> words, int width)
    {
        var lines = new List<string> { "" };
        foreach (var part in words.SelectMany(word => Parts(word, width)))
        {
            if (TextCells.Count(lines[^1]) + TextCells.Count(part) <= width)
                lines[^1] += part;
            else
                lines.Add(part);
        }

        return lines;
    }

    private static IEnumerable<string> Parts(string word, int width)
    {
        for (var rest = word; rest.Length > 0;)
        {
            var part = TextCells.Head(rest, width);
            yield return part;
            rest = rest[part.Length..];
        }
    }

    // A word ends with the sign behind it, and a key begins with its bracket.
    private static IEnumerable<string> Words(string name, string ends = WordEnds)
    {
        var begin = 0;
        for (var index = 1; index < name.Length; index++)
        {
            if (name[index] != '[' && !ends.Contains(name[index - 1], StringComparison.Ordinal))
                continue;
            yield return name[begin..index];
            begin = index;
        }

        yield return name[begin..];
    }

    /// <summary>
    /// Breaks a status into lines. A word for which there is no room, such as <c>upstream_failed</c>, is broken between its parts. The end
    /// of a line stands for a comma for which there is no room.
    /// </summary>
    /// <param name="text">The status.</param>
    /// <param name="width">How many columns there is room for on a line.</param>
    public static IReadOnlyList<string> Status(string text, int width)
    {
        if (text.Length <= width)
            return [text];
        if (text.IndexOf(", ", StringComparison.Ordinal) == width)
            return [text[..width], .. AtWords(text[(width + 2)..], width)];
        return AtWords(text.Replace("_", "_ ", StringComparison.Ordinal), width);
    }

    /// <summary>Breaks a duration into lines, so that each number stays with its unit, such as <c>12 min</c> above <c>34 s</c>.</summary>
    /// <param name="text">The duration.</param>
    /// <param name="width">How many columns there is room for on a line.</param>
    public static string Duration(string text, int width) =>
        text.Length > width && text.Split(' ') is [.. var more, var less, var lesser] && more.Length > 1
            ? $"{string.Join(' ', more)}\n{less} {lesser}"
            : text;
}
