using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Lythonic.Dag.Commands;
using Lythonic.Dag.Loading;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Binding;

/// <summary>What is being completed, and what the rest of the line tells about it.</summary>
/// <param name="Cmdlet">The name of the cmdlet.</param>
/// <param name="Parameter">The parameter.</param>
/// <param name="Word">What was typed, without quotes.</param>
/// <param name="Command">The command as it is written so far, or <see langword="null"/>.</param>
/// <param name="Bound">The parameters that are bound so far, or <see langword="null"/>.</param>
internal sealed record CompletionContext(string Cmdlet, string Parameter, string Word, CommandAst? Command, IDictionary? Bound)
{
    /// <summary>The DAG that the command is given, or <see langword="null"/>.</summary>
    public Dag? Dag() => Given<Dag>("Dag") ?? DagSession.Implied;

    /// <summary>The id of the run that the command is given, or <see langword="null"/>.</summary>
    public string? RunId() => Given<DagRun>("RunId")?.RunId ?? Bare("RunId")?.ToString() ?? Piped("RunId") as string;

    /// <summary>The store that the command would use. Reading creates no file.</summary>
    public DagProvenance Store()
    {
        var given = Bare("DatabasePath") as string ?? Given<DagRun>("RunId")?.DatabasePath;
        return StoreLoader.Open(string.IsNullOrEmpty(given) ? DatabaseFile.Default(null) : Resolved(given), false);
    }

    /// <summary>The value of a parameter without its wrapper, or <see langword="null"/>.</summary>
    public object? Bare(string name) => PSWrapper.Unwrap(Bound?[name]);

    // The argument may be bound by name or position, piped in, or in a variable on the line.
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

    // A completer gets no session, but a script knows its own. Failing calls are made from here, so that they leave nothing in $Error.
    private static SessionState Session() =>
        (SessionState)PSWrapper.Unwrap(ScriptBlock.Create("$ExecutionContext.SessionState").InvokeReturnAsIs())!;
}
