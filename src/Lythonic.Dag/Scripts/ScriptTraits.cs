using System.Management.Automation.Language;

namespace Lythonic.Dag.Hosting;

/// <summary>What a script might leave behind in its session, judged by its text.</summary>
/// <param name="TouchesGlobals">
/// Whether it may change global variables, functions or aliases in other ways than by assigning. If so, the runspace is not used again.
/// </param>
/// <param name="TouchesEnvironment">
/// Whether it may change environment variables or the current directory of the process. If so, they are restored.
/// </param>
/// <param name="Assigned">
/// The global and script-scoped variables that it only assigns to, with their scopes. Their values are put back.
/// </param>
internal sealed record ScriptTraits(bool TouchesGlobals, bool TouchesEnvironment, IReadOnlyCollection<string> Assigned)
{
    private static readonly HashSet<string> GlobalCommands = new(
        [
            "Set-Variable", "sv", "New-Variable", "nv", "Remove-Variable", "rv", "Clear-Variable", "clv", "Set-Alias", "sal", "New-Alias",
            "nal", "Set-Item", "si", "New-Item", "ni", "Import-Module", "ipmo", "Remove-Module", "rmo", "Set-PSDebug", "Update-TypeData",
            "Update-FormatData", "Register-ArgumentCompleter", "Invoke-Expression", "iex", "Remove-Alias", "Import-Alias", "ipal",
            "Remove-TypeData", "New-Module", "nmo", "New-PSDrive", "ndr", "mount", "Remove-PSDrive", "rdr", "Start-Job", "sajb",
            "Start-ThreadJob", "Register-EngineEvent", "Register-ObjectEvent", "Unregister-Event", "New-Event", "Set-PSBreakpoint", "sbp",
            "Add-History", "Import-PSSession", "ipsn",
        ],
        StringComparer.OrdinalIgnoreCase);

    // Names of variables, functions and aliases as arguments, as in `-OutVariable global:x` or `Set-Content function:f`.
    private static readonly string[] ScopedNames = ["global:", "script:"];
    private static readonly string[] GlobalNames = [.. ScopedNames, "variable:", "function:", "alias:"];

    // These only read the items of a drive.
    private static readonly HashSet<string> ReadingCommands = new(
        ["Get-Item", "gi", "Get-ChildItem", "gci", "dir", "ls", "Get-Content", "gc", "cat", "type", "Test-Path"],
        StringComparer.OrdinalIgnoreCase);

    // Members of [Environment] and [IO.Directory].
    private static readonly HashSet<string> ProcessMembers = new(
        ["SetEnvironmentVariable", "CurrentDirectory", "SetCurrentDirectory"], StringComparer.OrdinalIgnoreCase);

    // Members of $ExecutionContext and its parts.
    private static readonly HashSet<string> SessionMembers = new(
        ["Set", "Remove", "InvokeScript", "New", "Copy", "Rename", "Clear", "Move"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it may change anything outside its own scope, but for what belongs to the process.</summary>
    public bool TouchesSession => TouchesGlobals || Assigned.Count > 0;

    /// <summary>The same for code of a module, whose script-scoped variables are those of the module.</summary>
    public ScriptTraits OfModule => this with
    {
        TouchesGlobals = TouchesGlobals || Assigned.Any(name => name.StartsWith("script:", StringComparison.OrdinalIgnoreCase)),
    };

    /// <summary>What one of two scripts might leave behind.</summary>
    /// <param name="other">The other script.</param>
    public ScriptTraits Or(ScriptTraits other) => new(
        TouchesGlobals || other.TouchesGlobals,
        TouchesEnvironment || other.TouchesEnvironment,
        [.. Assigned.Union(other.Assigned, StringComparer.OrdinalIgnoreCase)]);

    /// <summary>Reads the traits of a script.</summary>
    public static ScriptTraits Analyze(Ast body)
    {
        var (globals, environment, assigned) = (false, false, new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        foreach (var ast in body.FindAll(_ => true, searchNestedScriptBlocks: true))
        {
            if (ast is VariableExpressionAst { VariablePath: { IsGlobal: true } or { IsScript: true } } whole && IsAssigned(whole))
            {
                assigned.Add(whole.VariablePath.UserPath);
                continue;
            }

            globals |= ast switch
            {
                VariableExpressionAst variable =>
                    (variable.VariablePath.IsGlobal || variable.VariablePath.IsScript || IsFunction(variable) || IsShared(variable))
                        && IsTarget(variable),
                FunctionDefinitionAst function =>
                    function.Name.StartsWith("global:", StringComparison.OrdinalIgnoreCase)
                        || function.Name.StartsWith("script:", StringComparison.OrdinalIgnoreCase),
                CommandAst command => ChangesSession(command),
                InvokeMemberExpressionAst member => IsInvoker(member),
                _ => false,
            };
            environment |= ast switch
            {
                VariableExpressionAst variable =>
                    variable.VariablePath.DriveName?.Equals("env", StringComparison.OrdinalIgnoreCase) == true && IsTarget(variable),
                MemberExpressionAst member => ProcessMembers.Contains(member.Member.Extent.Text),
                CommandAst command =>
                    command.CommandElements.Skip(1)
                        .Any(element => element.Extent.Text.Contains("env:", StringComparison.OrdinalIgnoreCase)),
                _ => false,
            };
        }

        return new(globals, environment, assigned);
    }

    private static bool ChangesSession(CommandAst command)
    {
        if (command.InvocationOperator == TokenKind.Dot)
            return true;
        var name = command.GetCommandName();
        if (name is not null && GlobalCommands.Contains(name[(name.LastIndexOf('\\') + 1)..]))
            return true;
        var names = name is not null && ReadingCommands.Contains(name) ? ScopedNames : GlobalNames;
        return command.CommandElements.Skip(1).Any(element => element switch
        {
            StringConstantExpressionAst text => StartsWithAny(text.Value, names),
            ExpandableStringExpressionAst text => StartsWithAny(text.Value, names),
            CommandParameterAst { Argument: StringConstantExpressionAst given } => StartsWithAny(given.Value, names),
            CommandParameterAst parameter => parameter.ParameterName.StartsWith("Stack", StringComparison.OrdinalIgnoreCase),
            _ => false,
        });
    }

    private static bool StartsWithAny(string text, string[] names) =>
        !text.Contains(' ', StringComparison.Ordinal)
            && Array.Exists(names, name => text.StartsWith(name, StringComparison.OrdinalIgnoreCase));

    // A text that becomes a script may do anything.
    private static bool IsInvoker(InvokeMemberExpressionAst call) => (call.Expression, call.Member) switch
    {
        (TypeExpressionAst { TypeName.Name: var type }, StringConstantExpressionAst { Value: var member }) =>
            type.EndsWith("ScriptBlock", StringComparison.OrdinalIgnoreCase) && member.Equals("Create", StringComparison.OrdinalIgnoreCase),
        (_, StringConstantExpressionAst { Value: var member }) when IsOfSession(call.Expression) =>
            SessionMembers.Contains(member),
        _ => false,
    };

    private static bool IsOfSession(ExpressionAst expression) => expression switch
    {
        MemberExpressionAst member => IsOfSession(member.Expression),
        VariableExpressionAst variable => variable.VariablePath.UserPath.Equals("ExecutionContext", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    // All nodes of a worker share this table.
    private static bool IsShared(VariableExpressionAst variable) =>
        variable.VariablePath.UserPath.Equals("PSDefaultParameterValues", StringComparison.OrdinalIgnoreCase);

    private static bool IsFunction(VariableExpressionAst variable) =>
        variable.VariablePath.DriveName is { } drive
            && (drive.Equals("function", StringComparison.OrdinalIgnoreCase)
                || drive.Equals("alias", StringComparison.OrdinalIgnoreCase)
                || drive.Equals("variable", StringComparison.OrdinalIgnoreCase));

    // Whether the whole variable gets another value, and no type or attribute that would stay with it.
    private static bool IsAssigned(VariableExpressionAst variable) => variable.Parent switch
    {
        AssignmentStatementAst assignment => ReferenceEquals(assignment.Left, variable),
        UnaryExpressionAst unary => ReferenceEquals(unary.Child, variable) && IsTarget(variable),
        ArrayLiteralAst { Parent: AssignmentStatementAst assignment } several => ReferenceEquals(assignment.Left, several),
        _ => false,
    };

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
                return parent is ForEachStatementAst loop && ReferenceEquals(loop.Variable, at);
        }

        return false;
    }
}
