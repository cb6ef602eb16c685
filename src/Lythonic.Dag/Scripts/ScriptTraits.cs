using System.Management.Automation.Language;

namespace Lythonic.Dag.Hosting;

/// <summary>What a script might leave behind in its session, judged by its text.</summary>
/// <param name="TouchesGlobals">
/// Whether it may change global variables, functions or aliases. If so, the runspace is not used again.
/// </param>
/// <param name="TouchesEnvironment">Whether it may change environment variables. If so, they are restored.</param>
internal sealed record ScriptTraits(bool TouchesGlobals, bool TouchesEnvironment)
{
    private static readonly HashSet<string> GlobalCommands = new(
        [
            "Set-Variable", "sv", "New-Variable", "nv", "Remove-Variable", "rv", "Clear-Variable", "clv", "Set-Alias", "sal", "New-Alias",
            "nal", "Set-Item", "si", "New-Item", "ni", "Import-Module", "ipmo", "Remove-Module", "rmo", "Set-PSDebug", "Update-TypeData",
            "Update-FormatData", "Register-ArgumentCompleter", "Invoke-Expression", "iex",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the traits of a script.</summary>
    public static ScriptTraits Analyze(ScriptBlockAst body)
    {
        var (globals, environment) = (false, false);
        foreach (var ast in body.FindAll(_ => true, searchNestedScriptBlocks: true))
        {
            globals |= ast switch
            {
                VariableExpressionAst variable =>
                    (variable.VariablePath.IsGlobal || variable.VariablePath.IsScript || IsFunction(variable) || IsShared(variable))
                        && IsTarget(variable),
                FunctionDefinitionAst function =>
                    function.Name.StartsWith("global:", StringComparison.OrdinalIgnoreCase)
                        || function.Name.StartsWith("script:", StringComparison.OrdinalIgnoreCase),
                CommandAst command =>
                    command.InvocationOperator == TokenKind.Dot || (command.GetCommandName() is { } name && GlobalCommands.Contains(name)),
                _ => false,
            };
            environment |= ast switch
            {
                VariableExpressionAst variable =>
                    variable.VariablePath.DriveName?.Equals("env", StringComparison.OrdinalIgnoreCase) == true && IsTarget(variable),
                MemberExpressionAst member =>
                    member.Member.Extent.Text.Equals("SetEnvironmentVariable", StringComparison.OrdinalIgnoreCase),
                CommandAst command =>
                    command.CommandElements.Skip(1)
                        .Any(element => element.Extent.Text.Contains("env:", StringComparison.OrdinalIgnoreCase)),
                _ => false,
            };
        }

        return new(globals, environment);
    }

    // All nodes of a worker share this table.
    private static bool IsShared(VariableExpressionAst variable) =>
        variable.VariablePath.UserPath.Equals("PSDefaultParameterValues", StringComparison.OrdinalIgnoreCase);

    private static bool IsFunction(VariableExpressionAst variable) =>
        variable.VariablePath.DriveName is { } drive
            && (drive.Equals("function", StringComparison.OrdinalIgnoreCase)
                || drive.Equals("alias", StringComparison.OrdinalIgnoreCase)
                || drive.Equals("variable", StringComparison.OrdinalIgnoreCase));

    // Reading a variable changes nothing, unless the value is then changed through a member or an index.
    private static bool IsTarget(VariableExpressionAst variable)
    {
        for (Ast at = variable; at.Parent is { } parent; at = parent)
        {
            if (parent is AssignmentStatementAst assignment)
                return ReferenceEquals(assignment.Left, at);
            if (parent is UnaryExpressionAst
                {
                    TokenKind: TokenKind.PlusPlus or TokenKind.MinusMinus or TokenKind.PostfixPlusPlus or TokenKind.PostfixMinusMinus,
                }
                or InvokeMemberExpressionAst
                or ConvertExpressionAst { Type.TypeName.Name: "ref" })
                return true;
            if (parent is StatementAst)
                return false;
        }

        return false;
    }
}
