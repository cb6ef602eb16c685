using System.Management.Automation;
using System.Management.Automation.Language;

namespace Lythonic.Dag.Binding;

/// <summary>Makes completion results.</summary>
internal static class Completions
{
    /// <summary>
    /// The candidates that begin with a word. If there are none, those that contain it or match it as a wildcard pattern. They keep their
    /// order, are quoted if needed, and none is listed twice.
    /// </summary>
    /// <param name="word">What was typed, or <see langword="null"/>.</param>
    /// <param name="all">The candidates, each with its tooltip; an empty tooltip shows the candidate itself.</param>
    public static IReadOnlyList<CompletionResult> Match(string? word, IEnumerable<(string Text, string Tip)> all)
    {
        var begin = Bare(word);
        var each = all.DistinctBy(item => item.Text, StringComparer.OrdinalIgnoreCase).ToList();
        var fitting = each.FindAll(item => item.Text.StartsWith(begin, StringComparison.OrdinalIgnoreCase));
        if (fitting.Count == 0)
        {
            var pattern = new WildcardPattern(
                WildcardPattern.ContainsWildcardCharacters(begin) ? begin : $"*{WildcardPattern.Escape(begin)}*",
                WildcardOptions.IgnoreCase);
            fitting = each.FindAll(item => pattern.IsMatch(item.Text));
        }

        return [.. fitting.Select(item =>
            new CompletionResult(
                Quoted(item.Text), item.Text, CompletionResultType.ParameterValue, item.Tip.Length == 0 ? item.Text : item.Tip))];
    }

    /// <summary>A word without the quotes around it; the closing one may not have been typed yet.</summary>
    public static string Bare(string? word) => (word ?? "").Trim('\'', '"');

    /// <summary>A text as an argument on the command line: in single quotes if it needs them.</summary>
    public static string Quoted(string text) =>
        text.Length > 0 && text.All(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.') && !text.StartsWith('-')
            ? text
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";
}
