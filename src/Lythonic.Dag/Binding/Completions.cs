using System.Management.Automation;
using System.Management.Automation.Language;

namespace Lythonic.Dag.Binding;

/// <summary>Makes completion results.</summary>
internal static class Completions
{
    /// <summary>The texts that begin with a word, quoted where they need it; each once.</summary>
    public static IEnumerable<CompletionResult> Of(string? word, IEnumerable<(string Text, string Tip)> all)
    {
        var begin = (word ?? "").Trim('\'', '"');
        return all
            .Where(item => item.Text.StartsWith(begin, StringComparison.OrdinalIgnoreCase))
            .DistinctBy(item => item.Text, StringComparer.OrdinalIgnoreCase)
            .Select(item => new CompletionResult(Quoted(item.Text), item.Text, CompletionResultType.ParameterValue, item.Tip));
    }

    private static string Quoted(string text) =>
        text.Length > 0 && text.All(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.') ? text : $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";
}
