using System.Management.Automation;
using Lythonic.Dag.Hosting;

namespace Lythonic.Dag.Binding;

/// <summary>
/// Warnings for <c>Test-Dag</c>: commands that the code of nodes calls and that the session does not find, such as a misspelled name.
/// </summary>
internal static class CommandProblems
{
    /// <summary>
    /// The warnings, in the order of the nodes; none of code that runs elsewhere, where other commands may be, and none if modules that the
    /// DAG asks for are not loaded or if its code asks for the system that it runs on.
    /// </summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="session">The commands of the session that asks.</param>
    public static IEnumerable<DagProblem> Find(Dag dag, CommandInvocationIntrinsics session)
    {
        var scripts = NodeScripts.Collect(dag).Distinct().ToDictionary(code => code, CalledCommands.Of);
        if (scripts.Values.All(read => read.Called.Count == 0) || scripts.Values.Any(read => read.AsksForSystem))
            return [];
        var commands = new SessionCommands(session);
        if (KnownNames(DagSessionRequest.Of(dag), commands, scripts.Values) is not { } known)
            return [];
        // What an inline node brings stays in the caller's session, for the inline nodes after it.
        var nodes = Walk(dag, null, "", []).ToList();
        var inlineBrings = nodes.Exists(
            found => found.Node.Settings.Inline && found.Scripts.Any(code => scripts[code].BringsOthers));
        var checkedNodes = nodes
            .SelectMany(found => found.Scripts.Select(code => (found.Node, found.Path, Code: code)))
            .Where(found => !scripts[found.Code].BringsOthers && !(inlineBrings && found.Node.Settings.Inline))
            .Select(found => (found.Node, found.Path, found.Code, Names: scripts[found.Code].Called.Where(name => !known.Contains(name))))
            .ToList();
        var missing = checkedNodes.GroupBy(found => found.Code.Script.Module)
            .SelectMany(module => commands.Missing(module.SelectMany(found => found.Names), module.Key)
                .Select(name => (module.Key, Name: name.ToUpperInvariant())))
            .ToHashSet();
        return checkedNodes.SelectMany(found => found.Names
                .Where(name => missing.Contains((found.Code.Script.Module, name.ToUpperInvariant())))
                .Select(name => (found.Node, found.Path, Name: name)))
            .DistinctBy(found => (found.Path, found.Name.ToUpperInvariant()))
            .Select(found => Warning(found.Node, found.Path, found.Name, commands));
    }

    // The names that need no search; null if modules that are not loaded have further ones.
    private static HashSet<string>? KnownNames(
        DagSessionRequest request, SessionCommands commands, IEnumerable<CalledCommands> scripts)
    {
        var known = new HashSet<string>(request.Functions.Concat(scripts.SelectMany(read => read.Named)), StringComparer.OrdinalIgnoreCase);
        foreach (var module in request.Modules)
        {
            if (commands.ExportsOf(module) is not { } exports)
                return null;
            known.UnionWith(exports);
        }

        return known;
    }

    // Nodes with the code of them that runs on this machine.
    private static IEnumerable<(DagNode Node, string Path, IEnumerable<ScriptBlockCode> Scripts)> Walk(
        Dag dag, NodeHosts? around, string path, HashSet<(Dag, bool)> seen)
    {
        if (!seen.Add((dag, IsElsewhere(around))))
            yield break;
        foreach (var node in dag.Nodes)
        {
            var hosts = node.Settings.Hosts ?? around;
            var choosing = NodeScripts.Choosing(node);
            yield return (
                node, $"{path}{node.Label}",
                (IsElsewhere(hosts) && !node.Settings.Inline ? choosing : choosing.Prepend(node.Code)).OfType<ScriptBlockCode>());
            foreach (var found in (node.SubDags?.All() ?? []).SelectMany(sub => Walk(sub.Dag, hosts, $"{path}{node.Label}/", seen)))
                yield return found;
        }
    }

    private static bool IsElsewhere(NodeHosts? hosts) =>
        hosts is not null && (hosts.Chooser is not null || hosts.Fixed.Any(host => host.IsElsewhere));

    private static DagProblem Warning(DagNode node, string path, string name, SessionCommands commands)
    {
        var near = commands.Near(name) is { } other ? $" Did you mean '{other}'?" : "";
        return new(
            DagErrorId.DagNodeDoubtful,
            path,
            $"The node '{node.Label}' calls '{name}', and this session finds no command of that name.{near}",
            "Correct the name. If the command comes from a function or a module that is not here yet, "
                + "name it with New-Dag -Function or -Module.")
        {
            Severity = DagProblemSeverity.Warning,
        };
    }
}
