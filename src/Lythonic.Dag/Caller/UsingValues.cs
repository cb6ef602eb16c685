using System.Collections;
using System.Management.Automation.Language;
using System.Text;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// The values of <c>$using:</c> expressions. A scriptblock looks them up in a dictionary that is bound to the parameter <c>-%</c>. The key
/// is the base64 of the expression's UTF-16 text, in lower case for a plain variable, as PowerShell's remoting protocol (MS-PSRP) has it.
/// </summary>
internal static class UsingValues
{
    /// <summary>The parameter that carries the values.</summary>
    public const string Parameter = "-%";

    // The blocks of these commands read $using: variables where the command runs, which is in the node.
    private static readonly HashSet<string> OtherSessions = new(
        ["Start-ThreadJob", "Start-Job", "sajb", "Invoke-Command", "icm", "Invoke-DagMap", "Add-DagNode"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the values of all <c>$using:</c> expressions, at any depth.</summary>
    /// <returns>
    /// The values, or <see langword="null"/> if there are no such expressions; and the caller's variables that blocks for other sessions
    /// inside the script use, such as those of <c>ForEach-Object -Parallel</c>. If the caller lacks such a variable, it is the node's own.
    /// </returns>
    /// <exception cref="DagException"><see cref="DagErrorId.DagInputMissing"/>: a variable is not set.</exception>
    public static (Hashtable? Values, IReadOnlyDictionary<string, object?> Inherited) Read(
        ScriptBlockAst body, Func<string, object?> variable)
    {
        Hashtable? values = null;
        Dictionary<string, object?>? inherited = null;
        var taken = new TakenValues();
        foreach (UsingExpressionAst expression in body.FindAll(ast => ast is UsingExpressionAst, searchNestedScriptBlocks: true))
        {
            if (!IsForOtherSession(expression, body))
                (values ??= [])[Key(expression)] = taken.Take(Value(expression.SubExpression, variable));
            else if (TryGet(RootOf(expression.SubExpression), variable, out var value))
                (inherited ??= new(StringComparer.OrdinalIgnoreCase))[RootOf(expression.SubExpression)] = taken.Take(value);
        }

        return (values, inherited ?? ScriptBlockCode.NoVariables);
    }

    /// <summary>
    /// Whether an expression is in a block that runs in another session than the script, such as that of <c>ForEach-Object -Parallel</c>.
    /// </summary>
    /// <param name="expression">The expression.</param>
    /// <param name="body">The script.</param>
    public static bool IsForOtherSession(Ast expression, ScriptBlockAst body)
    {
        for (var at = expression.Parent; at is not null && !ReferenceEquals(at, body); at = at.Parent)
        {
            if (at is ScriptBlockExpressionAst { Parent: CommandAst command }
                && (command.GetCommandName() is { } name && OtherSessions.Contains(name) || IsParallel(command)))
                return true;
        }

        return false;
    }

    // ForEach-Object or one of its aliases, with -Parallel or an abbreviation of it.
    private static bool IsParallel(CommandAst command) =>
        command.CommandElements.OfType<CommandParameterAst>().Any(parameter =>
            parameter.ParameterName.Length > 1 && "Parallel".StartsWith(parameter.ParameterName, StringComparison.OrdinalIgnoreCase));

    private static string RootOf(ExpressionAst expression) =>
        expression.FindAll(ast => ast is VariableExpressionAst, false).OfType<VariableExpressionAst>().First().VariablePath.UserPath;

    private static bool TryGet(string name, Func<string, object?> variable, out object? value)
    {
        try
        {
            value = variable(name);
            return true;
        }
        catch (DagException)
        {
            value = null;
            return false;
        }
    }

    /// <summary>The key of an expression's value.</summary>
    public static string Key(UsingExpressionAst expression)
    {
        var text = expression.ToString();
        if (expression.SubExpression is VariableExpressionAst)
            text = text.ToLowerInvariant();
        return Convert.ToBase64String(Encoding.Unicode.GetBytes(text));
    }

    // PowerShell evaluates $using:a.b and $using:a[0] when it reads the values, and so do we.
    private static object? Value(ExpressionAst expression, Func<string, object?> variable)
    {
        if (expression is VariableExpressionAst plain)
            return variable(plain.VariablePath.UserPath);
        var root = expression.FindAll(ast => ast is VariableExpressionAst, false).OfType<VariableExpressionAst>().First();
        var name = root.VariablePath.UserPath;
        var before = root.Extent.StartOffset - expression.Extent.StartOffset;
        var after = root.Extent.EndOffset - expression.Extent.StartOffset;
        var text = expression.Extent.Text;
        var script = System.Management.Automation.ScriptBlock.Create($"param($__value) {text[..before]}$__value{text[after..]}");
        return script.InvokeReturnAsIs(variable(name));
    }
}
