using System.Management.Automation.Language;
using Lythonic.Dag.Hosting;

namespace Lythonic.Dag.Binding;

/// <summary>Finds what nodes on hosts use that does not travel there, and nodes that do not run there. For <c>Test-Dag</c>.</summary>
internal static class HostProblems
{
    /// <summary>The warnings, in the order of the nodes.</summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="withEnvironment">
    /// Whether to warn of environment variables that a node reads. On a host they are the host's own, which may be intended.
    /// </param>
    /// <param name="replaced">Replacements (<c>-Override</c>) by label. They run in this process, so their nodes are not checked.</param>
    public static IEnumerable<DagProblem> Find(
        Dag dag, bool withEnvironment, IReadOnlyDictionary<string, NodeCode>? replaced = null) =>
        Find(dag, "", null, [], replaced).Where(problem => withEnvironment || !problem.IsEnvironment).Select(problem => problem.Problem);

    private static IEnumerable<(DagProblem Problem, bool IsEnvironment)> Find(
        Dag dag, string path, NodeHosts? around, HashSet<(Dag, bool)> seen, IReadOnlyDictionary<string, NodeCode>? replaced)
    {
        if (!seen.Add((dag, around is not null)))
            yield break;
        foreach (var node in dag.Nodes.Where(node => replaced?.ContainsKey(node.Label) != true))
        {
            var hosts = node.Settings.Hosts ?? around;
            if (hosts is not null)
            {
                foreach (var problem in Find(node, $"{path}{node.Label}", hosts))
                    yield return problem;
            }

            foreach (var problem in (node.SubDags?.All() ?? []).SelectMany(
                sub => Find(sub.Dag, $"{path}{node.Label}/", hosts, seen, null)))
                yield return problem;
        }
    }

    private static IEnumerable<(DagProblem Problem, bool IsEnvironment)> Find(DagNode node, string path, NodeHosts hosts)
    {
        if (node.Code is ScriptBlockCode && node.Settings.Inline)
            yield return (Here(path, node, "is inline"), false);
        else if (node.Code is MethodCode)
            yield return (Here(path, node, "calls a .NET method"), false);
        if (node.Code is not ScriptBlockCode code || node.Settings.Inline)
            yield break;
        foreach (var name in SessionTypesOf(code.Body))
            yield return (Warning(
                path,
                $"The node '{node.Label}' uses the type [{name}], which this session made: types do not travel to a host.",
                "Take the values by their properties without such a type, or define it in a module that the host has."), false);
        if (!hosts.Fixed.All(host => !host.IsElsewhere) || hosts.Chooser is not null)
        {
            foreach (var name in EnvironmentOf(code.Body))
                yield return (Warning(
                    path,
                    $"The node '{node.Label}' reads $env:{name}: on a host that is the host's own variable, not the one of this session.",
                    $"If you mean the one of this session, write $using:env:{name}."), true);
        }
    }

    private static DagProblem Here(string path, DagNode node, string what) => Warning(
        path,
        $"The node '{node.Label}' {what} and runs in this process, not on the host of the element that it belongs to.",
        "Write it as a scriptblock to run it there.");

    private static DagProblem Warning(string path, string message, string action) =>
        new(DagErrorId.DagNodeDoubtful, path, message, action) { Severity = DagProblemSeverity.Warning };

    // A class of a script and a type that Add-Type compiled are in no file that the host could have. What the code itself defines is in it.
    private static IEnumerable<string> SessionTypesOf(Ast body)
    {
        var own = body.FindAll(ast => ast is TypeDefinitionAst, searchNestedScriptBlocks: true)
            .Select(ast => ((TypeDefinitionAst)ast).Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return TypeNamesOf(body)
            .Where(name => name.GetReflectionType() is { } type && IsOfSession(type, own))
            .Select(name => name.FullName)
            .Distinct(StringComparer.OrdinalIgnoreCase);
    }

    private static IEnumerable<ITypeName> TypeNamesOf(Ast body) => body
        .FindAll(ast => ast is TypeExpressionAst or TypeConstraintAst, searchNestedScriptBlocks: true)
        .Select(ast => ast is TypeExpressionAst expression ? expression.TypeName : ((TypeConstraintAst)ast).TypeName);

    private static bool IsOfSession(Type type, HashSet<string> own)
    {
        while (type.GetElementType() is { } element)
            type = element;
        return ((type.Assembly.IsDynamic || type.Assembly.Location.Length == 0) && !own.Contains(type.Name))
            || type.GenericTypeArguments.Any(argument => IsOfSession(argument, own));
    }

    private static IEnumerable<string> EnvironmentOf(Ast body)
    {
        var (read, set) = (new List<string>(), new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        foreach (var variable in body.FindAll(IsEnvironment, searchNestedScriptBlocks: true).Cast<VariableExpressionAst>())
        {
            var name = variable.VariablePath.UserPath[(variable.VariablePath.UserPath.IndexOf(':', StringComparison.Ordinal) + 1)..];
            if (variable.Parent is AssignmentStatementAst assignment && assignment.Left == variable)
                set.Add(name);
            else if (variable.Parent is not UsingExpressionAst)
                read.Add(name);
        }

        return read.Where(name => !set.Contains(name)).Distinct(StringComparer.OrdinalIgnoreCase);
    }

    private static bool IsEnvironment(Ast ast) =>
        ast is VariableExpressionAst { VariablePath: { IsDriveQualified: true, DriveName: var drive } }
            && drive.Equals("env", StringComparison.OrdinalIgnoreCase);
}
