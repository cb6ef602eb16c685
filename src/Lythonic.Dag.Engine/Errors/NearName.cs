namespace Lythonic.Dag;

/// <summary>Finds the name that somebody may have meant who misspelled it.</summary>
internal static class NearName
{
    private const int ShortName = 3;

    /// <summary>
    /// The name that is most like the given one, if it differs by a letter or two: by one that was left out, added or replaced, or by two
    /// that were swapped. <see langword="null"/> if none does. Case does not count.
    /// </summary>
    /// <param name="name">What was written.</param>
    /// <param name="names">The names that there are.</param>
    public static string? Of(string name, IEnumerable<string> names)
    {
        // In a short name, one other letter makes another name.
        var most = name.Length < ShortName ? 0 : name.Length <= 2 * ShortName ? 1 : 2;
        return names.Where(other => !other.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(other => (Name: other, Steps: Steps(name.ToUpperInvariant(), other.ToUpperInvariant(), most)))
            .Where(found => found.Steps <= most)
            .OrderBy(found => found.Steps)
            .Select(found => found.Name)
            .FirstOrDefault();
    }

    /// <summary>The question as a sentence behind a message, or nothing.</summary>
    /// <param name="name">What was written.</param>
    /// <param name="names">The names that there are.</param>
    public static string Question(string name, IEnumerable<string> names) =>
        Of(name, names) is { } meant ? $" Did you mean '{meant}'?" : "";

    // The distance of Damerau and Levenshtein, of which only two rows before the current one are needed.
    private static int Steps(string from, string to, int most)
    {
        if (Math.Abs(from.Length - to.Length) > most)
            return int.MaxValue;
        int[] earlier = [], before = [.. Enumerable.Range(0, to.Length + 1)];
        for (var i = 1; i <= from.Length; i++)
        {
            var row = new int[to.Length + 1];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var step = from[i - 1] == to[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], before[j]) + 1, before[j - 1] + step);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    row[j] = Math.Min(row[j], earlier[j - 2] + 1);
            }

            (earlier, before) = (before, row);
        }

        return before[^1];
    }
}
