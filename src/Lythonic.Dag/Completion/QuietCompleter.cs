using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Lythonic.Dag.Binding;

/// <summary>
/// A completer that never throws. An error while the user is typing does not help, and the command itself will report what is wrong.
/// </summary>
public abstract class QuietCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            return Results(
                new CompletionContext(commandName, parameterName, Completions.Bare(wordToComplete), commandAst, fakeBoundParameters),
                wordToComplete);
        }
        catch (Exception)
        {
            return [];
        }
    }

    /// <summary>The results: the candidates that fit what was typed.</summary>
    private protected virtual IReadOnlyList<CompletionResult> Results(CompletionContext context, string? word) =>
        Completions.Match(word, Candidates(context));

    /// <summary>The candidates, best first.</summary>
    private protected abstract IEnumerable<(string Text, string Tip)> Candidates(CompletionContext context);
}
