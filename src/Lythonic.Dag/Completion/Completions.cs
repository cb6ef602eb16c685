using System.Management.Automation;
using System.Management.Automation.Language;

namespace Lythonic.Dag.Binding;

/// <summary>Makes completion results.</summary>
internal static class Completions
{
    /// <summary>The candidates that begin with a word, in their order, quoted if needed; each once.</summary>
    /// <param name="word">What was typed; wildcards are allowed.</param>
    /// <param name="all">The texts, each with what to say of it.</param>
    public static IReadOnlyList<CompletionResult> Match(string? word, IEnumerable<(string Text, string Tip)> all)
    {
        var begin = Bare(word);
        var each = all.DistinctBy(item => item.Text, StringComparer.OrdinalIgnoreCase).ToList();
        var fitting = each.FindAll(item => item.Text.StartsWith(begin, StringComparison.OrdinalIgnoreCase));
        // No candidate begins with the word: match it anywhere, or as a wildcard pattern.
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

    /// <summary>A word without its quotes, closed or not.</summary>
    public static string Bare(string? word) => (word ?? "").Trim('\'', '"');

    /// <summary>A text as it is written on a line: quoted if needed.</summary>
    public static string Quoted(string text) =>
        text.Length > 0 && text.All(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.') && !text.StartsWith('-')
            ? text
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";
}
