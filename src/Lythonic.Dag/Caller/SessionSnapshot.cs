using System.Collections.Concurrent;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// What worker runspaces get of the caller's session for one run. A worker that already has this snapshot is left as it is.
/// </summary>
/// <param name="Location">The caller's location.</param>
/// <param name="Culture">The caller's culture.</param>
/// <param name="UICulture">The language of the caller's messages.</param>
/// <param name="Variables">Preference variables, and those of <c>New-Dag -Variable</c>.</param>
/// <param name="Functions">Functions by name, with their syntax trees.</param>
/// <param name="Aliases">Aliases by name, and the commands that they stand for.</param>
/// <param name="Modules">Modules to import.</param>
internal sealed record SessionSnapshot(
    CallerLocation Location,
    CultureInfo Culture,
    CultureInfo UICulture,
    IReadOnlyDictionary<string, object?> Variables,
    IReadOnlyDictionary<string, ScriptBlock> Functions,
    IReadOnlyDictionary<string, string> Aliases,
    IReadOnlyList<SessionModule> Modules)
{
    private readonly ConcurrentDictionary<Type, bool> _warned = new();
    private readonly ConcurrentDictionary<ScriptBlockCode, ScriptTraits> _traits = new();

    /// <summary>Captures only where the caller is and what shows what nodes write. Call this on the pipeline's thread.</summary>
    public static SessionSnapshot Bare(PSCmdlet cmdlet) => new(
        CallerLocation.Capture(cmdlet), CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture, ScriptBlockCode.NoVariables,
        new Dictionary<string, ScriptBlock>(0), new Dictionary<string, string>(0), [])
    {
        Host = CallerHost.Capture(cmdlet.Host),
    };

    /// <summary>The variables of <c>New-Dag -Variable</c> alone.</summary>
    public IReadOnlyDictionary<string, object?> Named { get; init; } = ScriptBlockCode.NoVariables;

    /// <summary>The modules that have commands which the code calls, by the commands' names; none of those that PowerShell ships.</summary>
    public IReadOnlyDictionary<string, PSModuleInfo> Homes { get; init; } = new Dictionary<string, PSModuleInfo>(0);

    /// <summary>
    /// The preference variables that the cmdlet's common parameters set. Nodes in workers also find them in <see cref="Variables"/>.
    /// </summary>
    public IReadOnlyDictionary<string, object?> Asked { get; init; } = ScriptBlockCode.NoVariables;

    /// <summary>The caller's strict mode, as <c>Set-StrictMode</c> takes it; empty for off.</summary>
    public string StrictMode { get; init; } = Hosting.StrictMode.Off;

    /// <summary>
    /// Members that the caller added to types with <c>Update-TypeData</c>. Those that a module adds come with the module.
    /// </summary>
    public IReadOnlyList<TypeData> Types { get; init; } = [];

    /// <summary>The gate through which modules are imported, one at a time.</summary>
    public ModuleGate Gate { get; } = ModuleGate.Current;

    /// <summary>
    /// The modules and their states. A worker that has loaded other modules, or older files, is not used for this run.
    /// </summary>
    public string ModuleKey { get; } = string.Join(
        '\n', Modules.Select(module => $"{module.Name}|{module.State}").Order(StringComparer.Ordinal));

    /// <summary>The caller's host.</summary>
    public CallerHost Host { get; init; } = CallerHost.None;

    /// <summary>What some code, with the functions of the session that it calls, might leave behind.</summary>
    /// <param name="code">The code.</param>
    public ScriptTraits TraitsOf(ScriptBlockCode code) => Functions.Count == 0
        ? code.Traits
        : _traits.GetOrAdd(code, static (code, session) => new CalledCode(session, code).Traits(), this);

    /// <summary>Whether to warn of a class; true only once in a run.</summary>
    public bool WarnsOf(Type type) => _warned.TryAdd(type, true);
}
