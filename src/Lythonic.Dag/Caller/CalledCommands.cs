using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// The commands that some code calls by their names, as far as its text shows. If in doubt whether the code calls one, or whether it or the
/// code that it calls makes that command first, it leaves it out.
/// </summary>
internal sealed partial class CalledCommands
{
    // They may bring commands whose names the text does not show.
    private static readonly HashSet<string> Bringing = new(
        [
            "Invoke-Expression", "iex", "ipmo", "New-Module", "nmo", "ipsn", "Import-PSSession", "Import-Module", "Import-Alias", "ipal",
            "Set-Alias", "sal", "New-Alias", "nal",
        ],
        StringComparer.OrdinalIgnoreCase);

    // So may commands with these verbs: Connect-ExchangeOnline, Initialize-Tools.
    private static readonly string[] BringingVerbs =
        ["Add-PSSnapin", "Connect-", "Enable-", "Enter-", "Initialize-", "Install-", "Load-", "Register-", "Setup-", "Update-", "Use-"];

    // Their blocks run where the command is, at once.
    private static readonly HashSet<string> Running = new(
        [
            "ForEach-Object", "foreach", "%", "Where-Object", "where", "?", "Sort-Object", "sort", "Group-Object", "group", "Select-Object",
            "select", "Measure-Command", "Measure-Object", "measure", "Tee-Object", "Compare-Object", "Format-Table", "ft", "Format-List",
            "fl",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> RunningMembers = new(["ForEach", "Where"], StringComparer.OrdinalIgnoreCase);

    // Who asks for these has code for several systems, or for programs that lie elsewhere.
    private static readonly HashSet<string> PlatformVariables = new(
        ["IsWindows", "IsLinux", "IsMacOS", "IsCoreCLR", "PSEdition", "PSVersionTable", "env:OS", "env:OSTYPE", "env:PATH"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly string[] PlatformTypes = ["OperatingSystem", "RuntimeInformation", "Environment"];

    private static readonly string[] CommandDrives = ["function", "alias"];

    private CalledCommands()
    {
    }

    /// <summary>The names that it calls, each of letters, digits, hyphens and underscores.</summary>
    public HashSet<string> Called { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The functions that it defines, and other texts that may be the names of commands that it makes or asks for.</summary>
    public HashSet<string> Named { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it may bring commands whose names its text does not show.</summary>
    public bool BringsOthers { get; private set; }

    /// <summary>Whether it asks on what system it runs, or changes where programs are looked for.</summary>
    public bool AsksForSystem { get; private set; }

    /// <summary>Reads code.</summary>
    /// <param name="code">The code.</param>
    public static CalledCommands Of(ScriptBlockCode code)
    {
        var read = new CalledCommands();
        foreach (var ast in code.Body.FindAll(_ => true, searchNestedScriptBlocks: true))
        {
            read.Note(ast);
            if (ast is CommandAst command && command.GetCommandName() is { } name && PlainName().IsMatch(name)
                && IsSure(command, code.Body))
                read.Called.Add(name);
        }

        foreach (var (name, function) in code.Functions)
        {
            read.Named.Add(name);
            foreach (var ast in function.Ast.FindAll(_ => true, searchNestedScriptBlocks: true))
                read.Note(ast);
        }

        return read;
    }

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{Nd}_-]*$")]
    private static partial Regex PlainName();

    private void Note(Ast ast)
    {
        switch (ast)
        {
            case FunctionDefinitionAst function:
                Named.Add(function.Name[(function.Name.LastIndexOf(':') + 1)..]);
                break;
            case StringConstantExpressionAst text when !IsCommandName(text):
                Named.Add(text.Value);
                BringsOthers |= IsOnCommandDrive(text.Value);
                break;
            case ExpandableStringExpressionAst text:
                BringsOthers |= IsOnCommandDrive(text.Value);
                break;
            case VariableExpressionAst variable:
                Note(variable.VariablePath);
                break;
            case CommandAst command:
                BringsOthers |= MayBring(command);
                break;
            case TypeExpressionAst type:
                AsksForSystem |= PlatformTypes.Contains(type.TypeName.Name.Split('.')[^1], StringComparer.OrdinalIgnoreCase);
                break;
            case MemberExpressionAst { Member: StringConstantExpressionAst member }:
                BringsOthers |= member.Value is "InvokeScript" or "NewScriptBlock" or "ImportPSModule";
                break;
            case TrapStatementAst or ConfigurationDefinitionAst or UsingStatementAst:
                BringsOthers = true;
                break;
        }
    }

    private static bool IsOnCommandDrive(string text) =>
        Array.Exists(CommandDrives, drive => text.StartsWith($"{drive}:", StringComparison.OrdinalIgnoreCase));

    private void Note(VariablePath path)
    {
        AsksForSystem |= PlatformVariables.Contains(path.UserPath);
        BringsOthers |= path.IsDriveQualified && CommandDrives.Contains(path.DriveName, StringComparer.OrdinalIgnoreCase);
    }

    private static bool MayBring(CommandAst command)
    {
        if (command.InvocationOperator == TokenKind.Dot)
            return command.CommandElements[0] is not ScriptBlockExpressionAst;
        var name = command.GetCommandName() is { } whole ? whole[(whole.LastIndexOf('\\') + 1)..] : "";
        return Bringing.Contains(name) || Array.Exists(BringingVerbs, verb => name.StartsWith(verb, StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsCommandName(StringConstantExpressionAst text) =>
        text.Parent is CommandAst command && ReferenceEquals(command.CommandElements[0], text);

    // Whether the code runs the command, in its own session, and an unknown name would end it.
    private static bool IsSure(CommandAst command, ScriptBlockAst body)
    {
        if (command.Redirections.Any(to => to.FromStream is RedirectionStream.Error or RedirectionStream.All)
            || UsingValues.IsForOtherSession(command, body))
            return false;
        for (Ast at = command; at.Parent is { } parent && !ReferenceEquals(at, body); at = parent)
        {
            if (parent is TryStatementAst { CatchClauses.Count: > 0 } attempt && ReferenceEquals(attempt.Body, at)
                || parent is DataStatementAst or ConfigurationDefinitionAst
                || at is ScriptBlockExpressionAst block && !IsRun(block))
                return false;
        }

        return true;
    }

    private static bool IsRun(ScriptBlockExpressionAst block)
    {
        for (Ast at = block; at.Parent is { } parent; at = parent)
        {
            switch (parent)
            {
                case CommandAst command:
                    return ReferenceEquals(command.CommandElements[0], at)
                        || (command.GetCommandName() is { } name && Running.Contains(name));
                case InvokeMemberExpressionAst { Member: StringConstantExpressionAst member } call
                    when !ReferenceEquals(call.Expression, at):
                    return RunningMembers.Contains(member.Value);
                case AssignmentStatementAst or NamedBlockAst or StatementBlockAst or InvokeMemberExpressionAst:
                    return false;
            }
        }

        return false;
    }
}
