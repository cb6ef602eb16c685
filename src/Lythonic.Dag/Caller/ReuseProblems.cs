using System.Management.Automation;
using System.Management.Automation.Language;
using Lythonic.Dag.Hosting;

namespace Lythonic.Dag.Binding;

/// <summary>Warnings for <c>Test-Dag</c>: things that the code of reused nodes reads beside its inputs, as far as its text shows.</summary>
internal static class ReuseProblems
{
    private static readonly HashSet<string> Commands = new(
        [
            "Get-Date", "Get-Random", "Get-SecureRandom", "New-Guid", "New-TemporaryFile", "Get-Uptime", "Invoke-WebRequest", "iwr",
            "Invoke-RestMethod", "irm", "Get-Process", "gps", "ps", "Get-Service", "gsv", "Get-CimInstance", "gcim", "Get-WinEvent",
            "Get-Clipboard", "gcb", "Test-Connection", "Read-Host",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Members = new(
        [
            "DateTime.Now", "DateTime.UtcNow", "DateTime.Today", "DateTimeOffset.Now", "DateTimeOffset.UtcNow", "Guid.NewGuid",
            "Random.Shared", "Random.new", "Environment.TickCount", "Environment.TickCount64", "Environment.GetEnvironmentVariable",
            "Environment.GetEnvironmentVariables", "Path.GetRandomFileName", "Path.GetTempFileName", "Stopwatch.GetTimestamp",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The warnings, in the order of the nodes.</summary>
    public static IEnumerable<DagProblem> Find(Dag dag) => Find(dag, "", isReused: false, []);

    private static IEnumerable<DagProblem> Find(Dag dag, string path, bool isReused, HashSet<(Dag, bool)> seen) =>
        seen.Add((dag, isReused)) ? dag.Nodes.SelectMany(node => Find(node, path, isReused || node.Settings.Reuse, seen)) : [];

    private static IEnumerable<DagProblem> Find(DagNode node, string path, bool isReused, HashSet<(Dag, bool)> seen)
    {
        var inside = (node.SubDags?.All() ?? []).SelectMany(sub => Find(sub.Dag, $"{path}{node.Label}/", isReused, seen));
        ScriptBlockCode[] scripts = isReused ? [.. new[] { node.Code, node.SubDags?.By?.Code }.OfType<ScriptBlockCode>()] : [];
        return scripts.SelectMany(AsksFor).Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(what => new DagProblem(
                DagErrorId.DagNodeDoubtful,
                $"{path}{node.Label}",
                $"The node '{node.Label}' is reused if its code and inputs are the same, but it asks for {what}, which is neither.",
                $"Give the node what it needs as an input, such as a value of -SourceInput or $using:, or leave -Reuse out.")
            {
                Severity = DagProblemSeverity.Warning,
            })
            .Concat(inside);
    }

    private static IEnumerable<string> AsksFor(ScriptBlockCode code) =>
        code.Functions.Values.Select(function => function.Ast).Prepend(code.Body).SelectMany(ast => ast
            .FindAll(_ => true, searchNestedScriptBlocks: true).Select(AsksFor).OfType<string>()
            .Concat(PathsInCode.Read(ast).Select(path => $"what is at the path '{path}'")));

    private static string? AsksFor(Ast ast) => ast switch
    {
        VariableExpressionAst { VariablePath: { IsDriveQualified: true, DriveName: var drive } variable }
            when drive.Equals("env", StringComparison.OrdinalIgnoreCase) && !IsTarget(ast) => $"${variable.UserPath}",
        CommandAst command when command.GetCommandName() is { } name && Commands.Contains(name) => name,
        MemberExpressionAst { Static: true, Expression: TypeExpressionAst type, Member: StringConstantExpressionAst member }
            when Members.Contains($"{NameOf(type)}.{member.Value}") => $"[{type.TypeName.Name}]::{member.Value}",
        _ => null,
    };

    private static bool IsTarget(Ast variable) =>
        variable.Parent is AssignmentStatementAst { Operator: TokenKind.Equals } assignment && ReferenceEquals(assignment.Left, variable);

    private static string NameOf(TypeExpressionAst type) => type.TypeName.GetReflectionType()?.Name ?? type.TypeName.Name.Split('.')[^1];
}
