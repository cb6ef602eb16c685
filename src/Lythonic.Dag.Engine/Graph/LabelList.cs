namespace Lythonic.Dag;

/// <summary>Names for a message: all of a few, the first of many.</summary>
internal static class LabelList
{
    private const int Shown = 12;

    /// <summary>Joins names, quoted.</summary>
    public static string Join(IEnumerable<string> names) => JoinQuoted(names.Select(name => $"'{name}'"));

    /// <summary>Joins names that are quoted.</summary>
    public static string JoinQuoted(IEnumerable<string> names)
    {
        var all = names.ToList();
        var text = string.Join(", ", all.Take(Shown));
        return all.Count > Shown ? $"{text} and {all.Count - Shown} more" : text;
    }
}
