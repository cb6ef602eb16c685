using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// Compares the names of DAGs with what people ask for: without case, and with the wildcards of PowerShell, <c>*</c>, <c>?</c>,
/// <c>[a-z]</c>, and a backtick before a character that is none. A name that has such a character is found by itself too.
/// </summary>
internal static class NameMatch
{
    /// <summary>The function in SQL: whether a path has a name; with 1, also whether it is below such a path.</summary>
    public const string Function = "is_named";

    private const char Escape = '`';

    /// <summary>Whether a name has wildcards.</summary>
    public static bool IsPattern(string name) => name.AsSpan().IndexOfAny("*?[]`") >= 0;

    /// <summary>Makes the function known to a connection.</summary>
    public static void Register(SqliteConnection connection)
    {
        var (last, match) = ("", (Regex?)null);
        connection.CreateFunction(
            Function,
            (string path, string name, long withBelow) =>
            {
                if (name != last)
                {
                    last = name;
                    match = PatternOf(name);
                }

                return Matches(path, name, match!, withBelow != 0);
            },
            isDeterministic: true);
    }

    private static bool Matches(string path, string name, Regex pattern, bool withBelow)
    {
        for (var end = path.Length; end > 0; end = withBelow ? path.LastIndexOf('/', end - 1) : 0)
        {
            var above = path.AsSpan(0, end);
            if (above.Equals(name, StringComparison.OrdinalIgnoreCase) || pattern.IsMatch(above))
                return true;
        }

        return false;
    }

    private static Regex PatternOf(string name)
    {
        var text = new StringBuilder("^");
        for (var index = 0; index < name.Length; index++)
        {
            var close = name[index] == '[' ? name.IndexOf(']', Math.Min(index + 2, name.Length)) : -1;
            if (name[index] == Escape && index + 1 < name.Length)
                text.Append(Regex.Escape(name[++index].ToString()));
            else if (close > 0)
                text.Append('[').Append(SetOf(name.AsSpan(index + 1, close - index - 1))).Append(']');
            else
                text.Append(name[index] switch { '*' => ".*", '?' => ".", var letter => Regex.Escape(letter.ToString()) });
            index = Math.Max(index, close);
        }

        return new(text.Append('$').ToString(),
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking);
    }

    // Between brackets, only a hyphen keeps its meaning.
    private static string SetOf(ReadOnlySpan<char> letters)
    {
        var set = new StringBuilder();
        foreach (var letter in letters)
            set.Append(letter is '\\' or '^' or '[' or ']' or '&' or '~' ? @"\" : "").Append(letter);
        return set.ToString();
    }
}
