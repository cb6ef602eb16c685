using System.Text.RegularExpressions;

namespace Lythonic.Dag.Values;

/// <summary>Texts that were written for a terminal, without the sequences that give them colours or move the cursor.</summary>
internal static partial class PlainText
{
    /// <summary>The text without these sequences.</summary>
    public static string Of(string text) => text.Contains('\e') ? Sequences().Replace(text, "") : text;

    [GeneratedRegex(@"\e(\[[0-9;?]*[ -/]*[@-~]|\][^\a\e]*(\a|\e\\)?|.)")]
    private static partial Regex Sequences();
}
