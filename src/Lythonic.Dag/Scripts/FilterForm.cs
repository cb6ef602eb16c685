using System.Management.Automation.Language;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// A script as a filter, whose code is a <c>process</c> block. In the scope of such a block, <c>$_</c> has its value again after a
/// <c>switch</c>, or a <c>try</c> that caught something, has set it. In any other script that is called as a command it is then empty.
/// </summary>
internal static class FilterForm
{
    /// <summary>The script as a filter; <see langword="null"/> if it keeps <c>$_</c> as it is, or cannot be a filter.</summary>
    /// <param name="body">The script.</param>
    public static ScriptBlockAst? Of(ScriptBlockAst body)
    {
        // Without parameters, a parameter block has attributes alone, which were read from the script as it was given.
        if (body is not { ParamBlock: null or { Parameters.Count: 0 }, ProcessBlock: null, DynamicParamBlock: null, EndBlock: { } end }
            || (body.Parent as FunctionDefinitionAst)?.Parameters is not null
            || body.Find(SetsPipelineValue, searchNestedScriptBlocks: true) is null
            // In a filter, $input has the value, and without [CmdletBinding()] $PSCmdlet is empty.
            || body.Find(IsInputOrCmdlet, searchNestedScriptBlocks: true) is not null
            // Newer versions of PowerShell have blocks that cannot be given to the constructor.
            || body.FindAll(ast => ast is NamedBlockAst, searchNestedScriptBlocks: false)
                .Any(block => block != end && block != body.BeginBlock))
            return null;
        var code = new StatementBlockAst(end.Extent, Copies(end.Statements), Copies(end.Traps));
        return new ScriptBlockAst(
            body.Extent,
            NamespacesOf(body),
            attributes: null,
            paramBlock: null,
            beginBlock: (NamedBlockAst?)body.BeginBlock?.Copy(),
            processBlock: new NamedBlockAst(end.Extent, TokenKind.Process, code, end.Unnamed),
            endBlock: null,
            dynamicParamBlock: null);
    }

    private static T[] Copies<T>(IEnumerable<T>? parts)
        where T : Ast => [.. (parts ?? []).Select(part => (T)part.Copy())];

    // What the names of types in the script mean. A copy that PowerShell makes of such a statement shares its name, which is an error.
    private static UsingStatementAst[] NamespacesOf(Ast ast)
    {
        while (ast.Parent is { } parent)
            ast = parent;
        return [.. ((ast as ScriptBlockAst)?.UsingStatements ?? Enumerable.Empty<UsingStatementAst>())
            .Where(statement => statement.UsingStatementKind == UsingStatementKind.Namespace)
            .Select(statement => new UsingStatementAst(
                statement.Extent, UsingStatementKind.Namespace, (StringConstantExpressionAst)statement.Name.Copy()))];
    }

    private static bool SetsPipelineValue(Ast ast) => ast is SwitchStatementAst or CatchClauseAst;

    private static bool IsInputOrCmdlet(Ast ast) => ast is VariableExpressionAst { VariablePath.UserPath: var name }
        && (name.Equals("input", StringComparison.OrdinalIgnoreCase) || name.Equals("PSCmdlet", StringComparison.OrdinalIgnoreCase));
}
