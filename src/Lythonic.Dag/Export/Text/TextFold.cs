using Lythonic.Dag.Values;

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
    /// <param name="width">How many letters there is room for on a line.</param>
    public static IReadOnlyList<string> AtWords(string text, int width)
    {
        if (text.Length <= width)
            return [text];
        var lines = new List<string>();
        foreach (var word in text.Split(' '))
        {
            var room = lines.Count == 0 ? 0 : width - lines[^1].Length - 1;
            if (lines.Count > 0 && word.Length <= room)
                lines[^1] += " " + word;
            else if (word.Length <= width)
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
        foreach (var part in Words(word, PathEnds).SelectMany(part => part.Length <= width ? [part] : Lines(Words(part), width)))
        {
            if (isJoined ? lines[^1].Length + part.Length <= width : lines.Count > 0 && lines[^1].Length + 1 + part.Length <= width
                && part.Length > 1 && lines[^1].Length < width / 2)
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
    /// <param name="width">How many letters there is room for on a line.</param>
    public static string Name(string name, int width)
    {
        if (name.Length <= width)
            return name;
        var lines = Lines(Words(name), width);
        return string.Join('\n', lines.Count <= MostLines ? lines : Lines([TextCut.Middle(name, MostLines * width)], width));
    }

    private static List<string> Lines(IEnumerable<string> words, int width)
    {
        var lines = new List<string> { "" };
        foreach (var part in words.SelectMany(word => Parts(word, width)))
        {
            if (lines[^1].Length + part.Length <= width)
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
            var part = rest.Length <= width ? rest : TextCut.Head(rest, width);
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
    /// <param name="width">How many letters there is room for on a line.</param>
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
    /// <param name="width">How many letters there is room for on a line.</param>
    public static string Duration(string text, int width) =>
        text.Length > width && text.Split(' ') is [var more, var unit, var less, var lesser] ? $"{more} {unit}\n{less} {lesser}" : text;
}
