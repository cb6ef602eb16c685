using System.Management.Automation;
using System.Management.Automation.Language;
using Lythonic.Dag.Transport;

namespace Lythonic.Dag.Hosting;

/// <summary>Makes the form in which scripts travel: the text between their braces, and its place.</summary>
internal static class RemoteText
{
    /// <summary>The text of a scriptblock or a function, with its place.</summary>
    public static RemoteScript ScriptOf(ScriptBlock script)
    {
        var body = (script.Ast as FunctionDefinitionAst)?.Body ?? script.Ast;
        var (text, extent) = (TextOf(script), body.Extent);
        // Code in braces begins after the first brace.
        var column = extent.StartColumnNumber + (body.Parent is null ? 0 : 1);
        // The parameters of a function are outside of its body, so they are written in front of it.
        var inner = extent.Text.Length - (body.Parent is null ? 0 : 2);
        var front = text[..Math.Max(0, text.Length - inner)];
        var lines = front.Count(letter => letter == '\n');
        return new RemoteScript(
            text,
            string.IsNullOrEmpty(extent.File) ? null : extent.File,
            Math.Max(1, extent.StartLineNumber - lines),
            Math.Max(1, column - front.Length),
            UsingsOf(body));
    }

    private static string TextOf(ScriptBlock script) =>
        script.Ast is FunctionDefinitionAst { IsFilter: true, Body: { ParamBlock: null, ProcessBlock.Unnamed: true } }
            ? $"process {{{script}}}"
            : script.ToString();

    private static string? UsingsOf(Ast body)
    {
        var root = body;
        while (root.Parent is { } parent)
            root = parent;
        var usings = (root as ScriptBlockAst)?.UsingStatements
            .Where(statement => statement.UsingStatementKind == UsingStatementKind.Namespace);
        return usings?.Any() == true ? string.Concat(usings.Select(statement => $"{statement.Extent.Text.TrimEnd(';')};")) : null;
    }
}
