using System.Management.Automation.Language;

namespace Lythonic.Dag.Hosting;

/// <summary>Whether a script gives an output for sure, as far as its text shows.</summary>
internal static class EvidentOutput
{
    private static readonly string[] Giving =
        ["Get-", "ConvertFrom-", "ConvertTo-", "Import-Csv", "Measure-Object", "Sort-Object", "Select-Object", "Group-Object"];

    /// <summary>
    /// Whether its last statement is a value, or a command that is called for what it gives. A constant at the end of other statements
    /// may only report that these are done, so it does not count.
    /// </summary>
    /// <param name="body">The script.</param>
    public static bool Has(ScriptBlockAst body)
    {
        if (body.EndBlock is not { Statements: [.., var last] statements } || body.ProcessBlock is not null || body.BeginBlock is not null)
            return false;
        var pipeline = last is ReturnStatementAst { Pipeline: { } returned } ? returned : last as PipelineBaseAst;
        return pipeline is PipelineAst { PipelineElements: [.., var end] elements } && end.Redirections.Count == 0
            && end switch
            {
                CommandAst command => command.GetCommandName() is { } name
                    && Array.Exists(Giving, start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase)),
                CommandExpressionAst { Expression: var value } => elements.Count == 1 && IsValue(value, statements.Count == 1),
                _ => false,
            };
    }

    private static bool IsValue(ExpressionAst expression, bool isAlone) => expression switch
    {
        VariableExpressionAst { VariablePath.UserPath: var name } => name.ToUpperInvariant() switch
        {
            "NULL" => false,
            "TRUE" or "FALSE" => isAlone,
            _ => true,
        },
        ConstantExpressionAst or ExpandableStringExpressionAst => isAlone,
        ConvertExpressionAst convert => convert.Type.TypeName.GetReflectionType() != typeof(void) && IsValue(convert.Child, isAlone),
        ArrayLiteralAst or HashtableAst or BinaryExpressionAst or IndexExpressionAst => true,
        InvokeMemberExpressionAst => false,
        MemberExpressionAst => true,
        _ => false,
    };
}
