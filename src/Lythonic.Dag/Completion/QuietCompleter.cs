using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Lythonic.Dag.Binding;

/// <summary>
/// The base of the completers. It never throws: an error does not help while the user is typing, and the command will report it anyway.
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

    /// <summary>The candidates that match what was typed, as completion results.</summary>
    private protected virtual IReadOnlyList<CompletionResult> Results(CompletionContext context, string? word) =>
        Completions.Match(word, Candidates(context));

    /// <summary>All candidates with their tooltips, best first.</summary>
    private protected abstract IEnumerable<(string Text, string Tip)> Candidates(CompletionContext context);
}
