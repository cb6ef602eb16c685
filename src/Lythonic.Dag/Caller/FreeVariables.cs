using System.Management.Automation;
using System.Management.Automation.Language;
using Lythonic.Dag.Hosting;

namespace Lythonic.Dag.Binding;

/// <summary>
/// Finds the variables that a node's code reads as if they were its own, and does not set: those of the caller, and those that nothing
/// sets. In a worker they are empty. If in doubt, it leaves a variable out.
/// </summary>
internal static class FreeVariables
{
    // Variables that PowerShell or this module sets wherever a script runs.
    private static readonly HashSet<string> Automatic = new(
        [
            "_", "PSItem", "args", "input", "this", "switch", "foreach", "Matches", "LASTEXITCODE", "Error", "StackTrace", "MyInvocation",
            "PSBoundParameters", "PSCmdlet", "PSScriptRoot", "PSCommandPath", "PSDebugContext", "PSSenderInfo", "Event", "EventArgs",
            "EventSubscriber", "Sender", "SourceEventArgs", "SourceArgs", "null", "true", "false", "?", "^", "$", "ExecutionContext",
            "Host", "HOME", "PID", "PWD", "PROFILE", "PSHOME", "ShellId", "NestedPromptLevel", "ConsoleFileName", "PSVersionTable",
            "PSEdition", "PSCulture", "PSUICulture", "PSStyle", "IsCoreCLR", "IsLinux", "IsMacOS", "IsWindows",
            "EnabledExperimentalFeatures", "OFS", "OutputEncoding", "ErrorView", "FormatEnumerationLimit", "MaximumHistoryCount",
            "PSEmailServer", "PSDefaultParameterValues", "PSNativeCommandArgumentPassing", "PSNativeCommandUseErrorActionPreference",
            "PSSessionApplicationName", "PSSessionConfigurationName", "PSSessionOption", "PSLogUserData", "psISE", "psEditor", "DagContext",
        ],
        StringComparer.OrdinalIgnoreCase);

    // A file or text that runs in the node's own scope may set any variable.
    private static readonly HashSet<string> Evaluating = new(["Invoke-Expression", "iex"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Setting = new(
        ["Set-Variable", "sv", "New-Variable", "nv", "set", "Get-Variable", "gv"], StringComparer.OrdinalIgnoreCase);

    // Their names may be shortened.
    private static readonly string[] Naming =
        ["Variable", "OutVariable", "ErrorVariable", "WarningVariable", "InformationVariable", "PipelineVariable"];

    private static readonly HashSet<string> ShortNames = new(["ov", "ev", "wv", "iv", "pv", "sv"], StringComparer.OrdinalIgnoreCase);

    private const string VariableDrive = "variable:";

    // A module may export variables.
    private static readonly HashSet<string> Importing = new(["Import-Module", "ipmo"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The variables, each once.</summary>
    /// <param name="cmdlet">The cmdlet that adds the node, in the caller's session.</param>
    /// <param name="body">The node's code.</param>
    public static IReadOnlyList<FreeVariable> Find(PSCmdlet cmdlet, ScriptBlockAst body)
    {
        var (read, set) = (new List<string>(), new HashSet<string>(Automatic, StringComparer.OrdinalIgnoreCase));
        foreach (var ast in body.FindAll(_ => true, searchNestedScriptBlocks: true))
        {
            if (!TryNote(ast, body, read, set))
                return [];
        }

        var free = read.Where(name => !set.Contains(name) && !name.EndsWith("Preference", StringComparison.OrdinalIgnoreCase))
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(name => (Name: name, Variable: cmdlet.SessionState.PSVariable.Get(name)))
            .ToList();
        var isSure = free.TrueForAll(one => one.Variable is not null) || !MayBeSetElsewhere(cmdlet, body);
        // A variable that a module exports comes with the module.
        return
        [
            .. free.Where(one => one.Variable is null ? isSure : one.Variable is { Value: not null, ModuleName: null or "" })
                .Select(one => one.Variable is null
                    ? new FreeVariable(one.Name, false, NearName.Of(one.Name, set.Except(Automatic, StringComparer.OrdinalIgnoreCase)))
                    : new FreeVariable(one.Name, true)),
        ];
    }

    // Whether a command that the code calls may set variables of the code: it imports a module, or is a function that sets variables of its
    // caller.
    private static bool MayBeSetElsewhere(PSCmdlet cmdlet, ScriptBlockAst body) =>
        body.FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true)
            .Select(ast => ((CommandAst)ast).GetCommandName())
            .OfType<string>()
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Any(name => Importing.Contains(name) || TextOf(cmdlet, name) is { } text && SetsForCaller(text));

    private static bool SetsForCaller(string text) =>
        text.Contains("PSVariable", StringComparison.OrdinalIgnoreCase)
        || (text.Contains("-Variable", StringComparison.OrdinalIgnoreCase) && text.Contains("-Scope", StringComparison.OrdinalIgnoreCase));

    // The text of a function of the session. It looks no further, because that might load a module.
    private static string? TextOf(PSCmdlet cmdlet, string name)
    {
        var path = $"function:{WildcardPattern.Escape(name)}";
        return !name.Contains('\\', StringComparison.Ordinal) && cmdlet.InvokeProvider.Item.Exists(path)
            ? cmdlet.InvokeProvider.Item.Get(path).Select(item => (item.BaseObject as FunctionInfo)?.Definition).FirstOrDefault()
            : null;
    }

    // Notes the variables that a part of the code reads and sets; false if it may set any variable.
    private static bool TryNote(Ast ast, ScriptBlockAst body, List<string> read, HashSet<string> set)
    {
        switch (ast)
        {
            case VariableExpressionAst variable:
                Note(variable, body, read, set);
                return true;
            case DataStatementAst { Variable: { } data }:
                set.Add(data);
                return true;
            case InvokeMemberExpressionAst
            {
                Member: StringConstantExpressionAst { Value: "Set" },
                Arguments: [StringConstantExpressionAst name, ..],
            }:
                set.Add(name.Value);
                return true;
            case HashtableAst table:
                NoteSplatted(table, set);
                return true;
            case StringConstantExpressionAst text when text.Value.StartsWith(VariableDrive, StringComparison.OrdinalIgnoreCase):
                // Without a name, as in New-Item -Path variable: -Name …, it may be any variable.
                var path = text.Value[VariableDrive.Length..].TrimStart('/', '\\');
                set.Add(path);
                return path.Length > 0;
            case CommandAst command:
                return TryNote(command, set);
            default:
                return true;
        }
    }

    private static void Note(VariableExpressionAst variable, ScriptBlockAst body, List<string> read, HashSet<string> set)
    {
        var path = variable.VariablePath;
        if (!path.IsVariable)
            return;
        if (IsTarget(variable))
            set.Add(path.UserPath[(path.UserPath.LastIndexOf(':') + 1)..]);
        else if (path.IsUnscopedVariable && !IsUsing(variable) && !UsingValues.IsForOtherSession(variable, body))
            read.Add(path.UserPath);
    }

    private static bool IsUsing(Ast variable)
    {
        for (var at = variable.Parent; at is ExpressionAst; at = at.Parent)
        {
            if (at is UsingExpressionAst)
                return true;
        }

        return false;
    }

    private static bool IsTarget(VariableExpressionAst variable)
    {
        for (Ast at = variable; at.Parent is { } parent; at = parent)
        {
            switch (parent)
            {
                case AssignmentStatementAst assignment:
                    return ReferenceEquals(assignment.Left, at);
                case ForEachStatementAst loop:
                    return ReferenceEquals(loop.Variable, at);
                case ParameterAst parameter:
                    return ReferenceEquals(parameter.Name, at);
                case ConvertExpressionAst { Type.TypeName.Name: "ref" }:
                case UnaryExpressionAst
                {
                    TokenKind: TokenKind.PlusPlus or TokenKind.MinusMinus or TokenKind.PostfixPlusPlus or TokenKind.PostfixMinusMinus,
                }:
                    return true;
                case AttributedExpressionAst or ArrayLiteralAst or ParenExpressionAst or PipelineAst or CommandExpressionAst:
                    continue;
                default:
                    return false;
            }
        }

        return false;
    }

    // Notes the variables that a command sets, for example by -OutVariable; false if it may set any variable.
    private static bool TryNote(CommandAst command, HashSet<string> set)
    {
        var name = command.GetCommandName() ?? "";
        if (Evaluating.Contains(name)
            || (command.InvocationOperator == TokenKind.Dot && command.CommandElements[0] is not ScriptBlockExpressionAst))
            return false;
        var (elements, sets) = (command.CommandElements, Setting.Contains(name));
        for (var index = 1; index < elements.Count; index++)
        {
            if (elements[index] is CommandParameterAst parameter
                && (NamesVariable(parameter.ParameterName)
                    || (sets && parameter.ParameterName.StartsWith("n", StringComparison.OrdinalIgnoreCase))))
                AddNames(parameter.Argument ?? elements.ElementAtOrDefault(index + 1), set);
            else if (sets && index == 1 && elements[index] is not CommandParameterAst)
                AddNames(elements[index], set);
        }

        return !sets || elements.Skip(1).Any(element => element is StringConstantExpressionAst);
    }

    private static bool NamesVariable(string parameter) =>
        ShortNames.Contains(parameter)
        || parameter.Contains("Var", StringComparison.OrdinalIgnoreCase)
        || (parameter.Length > 1 && parameter.Contains('v', StringComparison.OrdinalIgnoreCase)
            && Array.Exists(Naming, name => name.StartsWith(parameter, StringComparison.OrdinalIgnoreCase)));

    // A table that may be splatted: @{ OutVariable = 'items' }.
    private static void NoteSplatted(HashtableAst table, HashSet<string> set)
    {
        foreach (var (key, value) in table.KeyValuePairs)
        {
            if (key is StringConstantExpressionAst text && NamesVariable(text.Value))
                AddNames(value, set);
        }
    }

    private static void AddNames(Ast? argument, HashSet<string> set)
    {
        foreach (var name in argument?.FindAll(ast => ast is StringConstantExpressionAst, false).Cast<StringConstantExpressionAst>() ?? [])
            set.Add(name.Value.TrimStart('+'));
    }
}
