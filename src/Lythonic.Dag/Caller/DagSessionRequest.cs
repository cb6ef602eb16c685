using System.Runtime.CompilerServices;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// What the parameters of <c>New-Dag</c> ask of the session of nodes. A run has the variables of its own DAG in its sessions; those of a
/// sub-DAG go with the code of its nodes.
/// </summary>
/// <param name="variables">Variables, by name.</param>
/// <param name="functions">Names of functions.</param>
/// <param name="modules">Modules, by name or path.</param>
internal sealed class DagSessionRequest(
    IReadOnlyDictionary<string, object?> variables, IReadOnlyList<string> functions, IReadOnlyList<string> modules) : ICodeScope
{
    // PowerShell or this module sets these wherever a script runs, and some cannot be set: a variable of that name is never seen.
    private static readonly HashSet<string> Reserved = new(
        [
            "_", "PSItem", "args", "input", "this", "switch", "foreach", "MyInvocation", "PSBoundParameters", "PSCmdlet", "PSScriptRoot",
            "PSCommandPath", "null", "true", "false", "?", "^", "$", "ExecutionContext", "Host", "HOME", "PID", "PSHOME", "ShellId",
            "PSVersionTable", "PSEdition", "PSCulture", "PSUICulture", "IsCoreCLR", "IsLinux", "IsMacOS", "IsWindows",
            "EnabledExperimentalFeatures", "DagContext",
        ],
        StringComparer.OrdinalIgnoreCase);

    private readonly ConditionalWeakTable<ICodeScope, DagSessionRequest> _within = new();
    private readonly ConditionalWeakTable<NodeCode, NodeCode> _adapted = new();
    private readonly Lazy<Dictionary<string, object?>> _visible = new(() => variables
        .Where(variable => !Reserved.Contains(variable.Key) && !variable.Key.Contains(':', StringComparison.Ordinal))
        .ToDictionary(StringComparer.OrdinalIgnoreCase));

    private static DagSessionRequest Empty { get; } = new(ScriptBlockCode.NoVariables, [], []);

    /// <summary>Variables, by name.</summary>
    public IReadOnlyDictionary<string, object?> Variables => variables;

    /// <summary>Names of functions.</summary>
    public IReadOnlyList<string> Functions => functions;

    /// <summary>Modules, by name or path.</summary>
    public IReadOnlyList<string> Modules => modules;

    /// <summary>What a run of a DAG asks: the variables of the DAG, and the functions and modules of its sub-DAGs too.</summary>
    /// <param name="dag">The DAG.</param>
    public static DagSessionRequest Of(Dag dag)
    {
        var own = dag.Host as DagSessionRequest ?? Empty;
        var all = new List<DagSessionRequest>();
        Collect(dag, [], all);
        return all.TrueForAll(request => request == own) ? own : new(
            own.Variables,
            [.. all.SelectMany(request => request.Functions).Distinct(StringComparer.OrdinalIgnoreCase)],
            [.. all.SelectMany(request => request.Modules).Distinct(StringComparer.OrdinalIgnoreCase)]);
    }

    /// <inheritdoc/>
    public ICodeScope? Within(ICodeScope? outer) =>
        Variables.Count == 0 ? outer
        : outer is DagSessionRequest around ? _within.GetValue(outer, _ => new(Merged(around.Variables), [], []))
        : this;

    /// <inheritdoc/>
    public NodeCode Adapt(NodeCode code) =>
        code is ScriptBlockCode script ? _adapted.GetValue(code, _ => script.With(_visible.Value)) : code;

    private static void Collect(Dag dag, HashSet<Dag> seen, List<DagSessionRequest> all)
    {
        if (!seen.Add(dag))
            return;
        if (dag.Host is DagSessionRequest own && own.Functions.Count + own.Modules.Count > 0)
            all.Add(own);
        foreach (var (_, sub) in dag.Nodes.SelectMany(node => node.SubDags?.All() ?? []))
            Collect(sub, seen, all);
    }

    private Dictionary<string, object?> Merged(IReadOnlyDictionary<string, object?> outer) =>
        Variables.Concat(outer).DistinctBy(variable => variable.Key, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(StringComparer.OrdinalIgnoreCase);
}
