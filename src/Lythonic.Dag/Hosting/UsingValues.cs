using System.Collections;
using System.Management.Automation.Language;
using System.Text;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// The values of <c>$using:</c> expressions. A scriptblock finds them in a dictionary that is bound as a parameter of the name <c>-%</c>, under the
/// base64 of the expression's UTF-16 text, in lower case where it is a plain variable: the form in which PowerShell's remoting protocol
/// (MS-PSRP) carries them.
/// </summary>
internal static class UsingValues
{
    /// <summary>The parameter that carries the values.</summary>
    public const string Parameter = "-%";

    /// <summary>Takes the values of all <c>$using:</c> expressions, at any depth.</summary>
    /// <returns>The values; <see langword="null"/> where there are no such expressions.</returns>
    /// <exception cref="DagException"><see cref="DagErrorId.DagInputMissing"/>: a variable is not set.</exception>
    public static Hashtable? Take(ScriptBlockAst body, Func<string, object?> variable)
    {
        Hashtable? values = null;
        foreach (var expression in body.FindAll(ast => ast is UsingExpressionAst, searchNestedScriptBlocks: true).Cast<UsingExpressionAst>())
        {
            values ??= [];
            values[Key(expression)] = Value(expression.SubExpression, variable);
        }

        return values;
    }

    private static string Key(UsingExpressionAst expression)
    {
        var text = expression.ToString();
        if (expression.SubExpression is VariableExpressionAst)
            text = text.ToLowerInvariant();
        return Convert.ToBase64String(Encoding.Unicode.GetBytes(text));
    }

    // $using:a.b and $using:a[0] are read when the values are taken, as everywhere in PowerShell.
    private static object? Value(ExpressionAst expression, Func<string, object?> variable)
    {
        if (expression is VariableExpressionAst plain)
            return variable(plain.VariablePath.UserPath);
        var root = expression.FindAll(ast => ast is VariableExpressionAst, false).OfType<VariableExpressionAst>().First();
        var name = root.VariablePath.UserPath;
        var (before, after) = (root.Extent.StartOffset - expression.Extent.StartOffset, root.Extent.EndOffset - expression.Extent.StartOffset);
        var text = expression.Extent.Text;
        var script = System.Management.Automation.ScriptBlock.Create($"param($__value) {text[..before]}$__value{text[after..]}");
        return script.InvokeReturnAsIs(variable(name));
    }
}
