using System.Management.Automation.Language;

namespace Lythonic.Dag.Hosting;

/// <summary>What the text of code shows of the files that it reads, of the script files that it names, and of where it runs.</summary>
internal static class PathsInCode
{
    private static readonly HashSet<string> Readers = new(
        [
            "Get-ChildItem", "gci", "dir", "ls", "Get-Content", "gc", "cat", "type", "Get-Item", "gi", "Get-FileHash", "Import-Csv",
            "ipcsv", "Import-Clixml", "Import-PowerShellDataFile", "Resolve-Path", "rvpa", "Convert-Path", "cvpa", "Test-Path",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> OfLocation = new(["Get-Location", "gl", "pwd"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> MembersOfLocation = new(
        ["Environment.CurrentDirectory", "Directory.GetCurrentDirectory"], StringComparer.OrdinalIgnoreCase);

    private static readonly string[] Switches =
    [
        "Raw", "Recurse", "Force", "File", "Directory", "Name", "Hidden", "ReadOnly", "System", "AsByteStream", "FollowSymlink", "Relative",
    ];

    private static readonly string[] PathParameters = ["Path", "LiteralPath", "FilePath"];
    private static readonly string[] ScriptExtensions = [".ps1", ".psm1", ".psd1"];
    private const string PlaceOfScript = "$PSScriptRoot";

    /// <summary>The paths that commands which read files are given as constants.</summary>
    public static IEnumerable<string> Read(Ast code) => CommandsOf(code, Readers).SelectMany(PathsOf);

    /// <summary>
    /// Whether the code asks where it runs, or reads files by relative paths. A path that it gets as a value may be relative too, which
    /// the text does not show.
    /// </summary>
    public static bool AsksForLocation(Ast code) =>
        code.Find(IsOfLocation, searchNestedScriptBlocks: true) is not null
        || CommandsOf(code, OfLocation).Any()
        || CommandsOf(code, Readers).Any(command => ReadsHere(command) || PathsOf(command).Any(IsRelative));

    /// <summary>The files of scripts and modules that the code names and that are there, as full paths.</summary>
    /// <param name="code">The code.</param>
    /// <param name="location">The folder in which it runs, or another place.</param>
    public static IEnumerable<string> Scripts(Ast code, string location) => code
        .FindAll(ast => ast is StringConstantExpressionAst or ExpandableStringExpressionAst, searchNestedScriptBlocks: true)
        .SelectMany(text => FilesOf(text, location))
        .Distinct(StringComparer.Ordinal);

    private static IEnumerable<CommandAst> CommandsOf(Ast code, HashSet<string> names) => code
        .FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true)
        .Cast<CommandAst>()
        .Where(command => command.GetCommandName() is { } name && names.Contains(name));

    private static IEnumerable<string> PathsOf(CommandAst command)
    {
        CommandParameterAst? before = null;
        foreach (var element in command.CommandElements.Skip(1))
        {
            if (before is null || Array.Exists(PathParameters, name => Names(before, name)))
            {
                var items = element is ArrayLiteralAst list ? list.Elements : (IEnumerable<Ast>)[element];
                foreach (var text in items.Select(TextOf).OfType<string>())
                    yield return text;
            }

            before = element is CommandParameterAst { Argument: null } parameter && !Switches.Contains(
                parameter.ParameterName, StringComparer.OrdinalIgnoreCase) ? parameter : null;
        }
    }

    private static bool Names(CommandParameterAst parameter, string name) =>
        name.StartsWith(parameter.ParameterName, StringComparison.OrdinalIgnoreCase);

    // The first command of a pipeline that lists files and is given no folder.
    private static bool ReadsHere(CommandAst command) =>
        command.Parent is PipelineAst pipeline && ReferenceEquals(pipeline.PipelineElements[0], command)
        && command.CommandElements.Skip(1).All(element => element is CommandParameterAst { Argument: null });

    private static string? TextOf(Ast argument) => argument switch
    {
        StringConstantExpressionAst text => text.Value,
        ExpandableStringExpressionAst text => text.Value,
        _ => null,
    };

    // A path that begins with a variable, a drive, the home folder or the root does not depend on where the code runs.
    private static bool IsRelative(string path) =>
        path.Length > 0 && !"$~/\\".Contains(path[0], StringComparison.Ordinal) && !path.Contains(':', StringComparison.Ordinal);

    private static bool IsOfLocation(Ast ast) => ast switch
    {
        VariableExpressionAst variable => variable.VariablePath.UserPath.Equals("PWD", StringComparison.OrdinalIgnoreCase),
        MemberExpressionAst { Static: true, Expression: TypeExpressionAst type, Member: StringConstantExpressionAst member } =>
            MembersOfLocation.Contains($"{type.TypeName.Name.Split('.')[^1]}.{member.Value}"),
        StringConstantExpressionAst text => IsFromHere(text.Value),
        ExpandableStringExpressionAst text => IsFromHere(text.Value),
        _ => false,
    };

    private static bool IsFromHere(string text) =>
        text.StartsWith("./", StringComparison.Ordinal) || text.StartsWith(".\\", StringComparison.Ordinal)
        || text.StartsWith("../", StringComparison.Ordinal) || text.StartsWith("..\\", StringComparison.Ordinal);

    private static IEnumerable<string> FilesOf(Ast ast, string location)
    {
        if (TextOf(ast) is not { Length: > 0 } text || text.AsSpan().IndexOfAny(Path.GetInvalidPathChars()) >= 0)
            return [];
        var isCommand = ast.Parent is CommandAst command && ReferenceEquals(command.CommandElements[0], ast);
        if (!Array.Exists(ScriptExtensions, end => text.EndsWith(end, StringComparison.OrdinalIgnoreCase)))
        {
            // PowerShell finds the script of a command without its extension.
            if (!isCommand)
                return [];
            text += ScriptExtensions[0];
        }

        var folderOfCode = ast.Extent.File is { Length: > 0 } file ? Path.GetDirectoryName(file) : null;
        if (ast is ExpandableStringExpressionAst expandable)
        {
            if (expandable.NestedExpressions.Count != 1 || folderOfCode is null
                || !text.StartsWith(PlaceOfScript, StringComparison.OrdinalIgnoreCase))
                return [];
            text = $"{folderOfCode}{text[PlaceOfScript.Length..]}";
        }

        if (text.StartsWith("~/", StringComparison.Ordinal))
            text = Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), text[2..]);
        text = text.Replace('\\', Path.DirectorySeparatorChar);
        if (Path.IsPathFullyQualified(text))
            return File.Exists(text) ? [Path.GetFullPath(text)] : [];
        if (isCommand && text.AsSpan().IndexOfAny('/', Path.DirectorySeparatorChar) < 0)
            return FilesIn((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), text).Take(1);
        // Code that joins the place of its file and a name has the name as a text of its own.
        return FilesIn(isCommand || folderOfCode is null ? [location] : [location, folderOfCode], text);
    }

    private static IEnumerable<string> FilesIn(IEnumerable<string> folders, string name) =>
        folders.Where(Path.IsPathFullyQualified).Select(folder => Path.GetFullPath(name, folder)).Where(File.Exists);
}
