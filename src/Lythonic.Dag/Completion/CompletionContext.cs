using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Lythonic.Dag.Loading;
using Lythonic.Dag.Runs;
using Lythonic.Dag.Sessions;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Binding;

/// <summary>What is being completed, and the rest of the command line around it.</summary>
/// <param name="Cmdlet">The name of the cmdlet.</param>
/// <param name="Parameter">The name of the parameter.</param>
/// <param name="Word">What was typed, without quotes.</param>
/// <param name="Command">The command as it is written so far, or <see langword="null"/>.</param>
/// <param name="Bound">The arguments that are bound so far, by parameter name; or <see langword="null"/>.</param>
internal sealed record CompletionContext(string Cmdlet, string Parameter, string Word, CommandAst? Command, IDictionary? Bound)
{
    /// <summary>The DAG that the command line gives, or <see langword="null"/>.</summary>
    public Dag? Dag() => Given<Dag>("Dag") ?? DagSession.Implied;

    /// <summary>The id of the run that the command line gives, or <see langword="null"/>.</summary>
    public string? RunId() => Given<DagRun>("RunId")?.RunId ?? Bare("RunId")?.ToString() ?? Piped("RunId") as string;

    /// <summary>Opens the store that the command would use. No file is created.</summary>
    public DagProvenance Store()
    {
        var given = Bare("DatabasePath") as string ?? Given<DagRun>("RunId")?.DatabasePath;
        return StoreLoader.Open(string.IsNullOrEmpty(given) ? DatabaseFile.Default(null) : Resolved(given), false);
    }

    /// <summary>The argument of a parameter without its <see cref="PSObject"/> wrapper, or <see langword="null"/>.</summary>
    public object? Bare(string name) => PSWrapper.Unwrap(Bound?[name]);

    // The value may be bound by name or position, piped in, or in any variable on the line.
    private T? Given<T>(string name)
        where T : class =>
            Bare(name) as T
                ?? Piped(null) as T
                ?? Command?.CommandElements.OfType<VariableExpressionAst>().Select(Value).OfType<T>().FirstOrDefault();

    private object? Piped(string? member)
    {
        if (Command?.Parent is not PipelineAst { PipelineElements: [CommandExpressionAst { Expression: var expression }, ..] }
            || expression is not VariableExpressionAst variable)
            return null;
        var value = Value(variable);
        return member is null || value is null ? value : PSWrapper.Unwrap(PSObject.AsPSObject(value).Properties[member]?.Value);
    }

    private static object? Value(VariableExpressionAst variable) =>
        PSWrapper.Unwrap(Session().PSVariable.GetValue(variable.VariablePath.UserPath));

    private static string Resolved(string path) => Session().Path.GetUnresolvedProviderPathFromPSPath(path);

    // A completer gets no session state, but a script can return its own. The calls that may fail are made in C# and not in the script, so
    // that they leave nothing in $Error.
    private static SessionState Session() =>
        (SessionState)PSWrapper.Unwrap(ScriptBlock.Create("$ExecutionContext.SessionState").InvokeReturnAsIs())!;
}
