using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// The session of one worker runspace: what it was set up with, and what nodes leave behind. Only the worker's pipeline thread uses it.
/// </summary>
internal sealed class WorkerSession(EngineIntrinsics engine)
{
    // The caller's own import warned of unusual names of commands; each worker would do so again. The preferences are still those of an
    // earlier run.
    private const string ImportScript = """
        param($module)
        Import-Module -Name $module -Global -DisableNameChecking -PassThru -ErrorAction Stop -Verbose:$false -Debug:$false
        """;

    private readonly Dictionary<ScriptBlockAst, (ScriptBlock Script, ScriptBlock? Around)> _scripts = [];
    private readonly Dictionary<string, PSModuleInfo> _modules = new(StringComparer.OrdinalIgnoreCase);
    private readonly KeptVariables _kept = new(engine.SessionState.PSVariable);
    private SessionSnapshot? _snapshot;
    private bool _isStrict;
    private PSDriveInfo? _drive;
    private string? _place;
    private PSVariable? _errors;

    /// <summary>
    /// The scriptblock of a node, cloned once for this runspace. Code of a module runs in that module's scope; <c>Around</c> is the script
    /// that calls it there.
    /// </summary>
    public (ScriptBlock Script, ScriptBlock? Around) ScriptsOf(ScriptBlockCode code)
    {
        if (!_scripts.TryGetValue(code.Body, out var scripts))
            _scripts[code.Body] = scripts = HomeOf(code) is { } home
                ? (home.NewBoundScriptBlock(CloneOf(code)), home.NewBoundScriptBlock(ScriptBlock.Create(CallScripts.Module)))
                : (CloneOf(code), null);
        return scripts;
    }

    /// <summary>
    /// Whether the session is set up as the run needs it; false if setting it up failed half-way, after which its state is unknown.
    /// </summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>The strict mode of the scope around each call. Code of a module does not run in that scope.</summary>
    public string StrictMode { get; private set; } = Hosting.StrictMode.Off;

    /// <summary>Whether the session holds no modules or types that belong to other runs only.</summary>
    public bool Suits(SessionSnapshot snapshot) => _snapshot is not { } before
        || ReferenceEquals(before, snapshot)
        || ((before.ModuleKey.Length == 0 || before.ModuleKey == snapshot.ModuleKey)
            && (before.Types.Count == 0 || before.Types.SequenceEqual(snapshot.Types)));

    /// <summary>Sets up this session like the caller's, unless it already is.</summary>
    /// <param name="snapshot">The caller's session.</param>
    /// <param name="isStrict">Whether the call is one of a strict DAG.</param>
    /// <param name="cancellationToken">Stops waiting for other workers that import modules.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagInputMissing"/>: the caller's location is not there.</exception>
    public void Apply(SessionSnapshot snapshot, bool isStrict, CancellationToken cancellationToken)
    {
        CultureInfo.CurrentCulture = snapshot.Culture;
        CultureInfo.CurrentUICulture = snapshot.UICulture;
        if (!ReferenceEquals(_snapshot, snapshot))
            Become(snapshot, cancellationToken);
        if (_isStrict != isStrict)
            Prefer(snapshot, isStrict);
        var mode = isStrict ? Hosting.StrictMode.Latest : snapshot.StrictMode;
        if (mode == StrictMode)
            return;
        // Sets it in the scope of the worker's loop, which is around every call.
        engine.InvokeCommand.InvokeScript(false, ScriptBlock.Create(Hosting.StrictMode.Set), null, mode);
        StrictMode = mode;
    }

    /// <summary>Takes note of variables that the next call may assign to; <see cref="Reset"/> puts them back.</summary>
    /// <param name="variables">Their names with their scopes.</param>
    public void Keep(IReadOnlyCollection<string> variables) => _kept.Keep(variables);

    private void Become(SessionSnapshot snapshot, CancellationToken cancellationToken)
    {
        IsWhole = false;
        if (_snapshot is { } before)
            Forget(before, snapshot);
        // Modules come first, because the caller's own functions and variables override them.
        LoadAll(snapshot, cancellationToken);
        if (_snapshot?.Types.Count is null or 0)
            AddTypes(snapshot.Types);
        foreach (var (name, script) in snapshot.Functions)
            engine.InvokeProvider.Item.Set($"function:global:{name}", FunctionOf(name, script));
        foreach (var (name, command) in snapshot.Aliases)
            engine.InvokeProvider.Item.Set($"alias:{name}", command);
        foreach (var (name, value) in snapshot.Variables)
            engine.SessionState.PSVariable.Set(
                $"global:{name}", value is DefaultParameterDictionary defaults ? new DefaultParameterDictionary(defaults) : value);
        if (_snapshot?.Location != snapshot.Location || !snapshot.Location.IsThere || !IsAtPlace)
            snapshot.Location.Enter(engine);
        _drive = engine.SessionState.Drive.Current;
        _place = _drive.CurrentLocation;
        _snapshot = snapshot;
        _isStrict = false;
        IsWhole = true;
    }

    // These are global variables, so that functions of modules that a node calls see them too.
    private void Prefer(SessionSnapshot snapshot, bool isStrict)
    {
        foreach (var (name, value) in StrictRules.Variables)
        {
            if (isStrict || snapshot.Variables.ContainsKey(name))
                engine.SessionState.PSVariable.Set($"global:{name}", isStrict ? value : snapshot.Variables[name]);
            else
                engine.SessionState.PSVariable.Remove($"global:{name}");
        }

        _isStrict = isStrict;
    }

    private void AddTypes(IReadOnlyList<TypeData> types)
    {
        foreach (var type in types)
            engine.InvokeCommand.InvokeScript(false, ScriptBlock.Create(TypeExtensions.Add), null, TypeExtensions.ForSession(type));
    }

    // The module that a node's code belongs to, as loaded in this session.
    private PSModuleInfo? HomeOf(ScriptBlockCode code) =>
        SessionCapture.FileOfHome(code.Script) is { } file ? _modules.GetValueOrDefault(file) : null;

    private void LoadAll(SessionSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (snapshot.Modules.Count == 0)
            return;
        using var turn = snapshot.Gate.Enter(cancellationToken);
        foreach (var module in snapshot.Modules)
            Load(module.Name);
    }

    private void Load(string module)
    {
        var loaded = engine.InvokeCommand.InvokeScript(false, ScriptBlock.Create(ImportScript), null, module);
        if (loaded.Select(item => item.BaseObject).OfType<PSModuleInfo>().FirstOrDefault() is { } found)
            _modules[module] = found;
    }

    // Removes what an earlier run defined and this run does not. Modules need no check: a run with other modules gets another worker.
    private void Forget(SessionSnapshot before, SessionSnapshot snapshot)
    {
        foreach (var name in before.Variables.Keys.Where(name => !snapshot.Variables.ContainsKey(name)))
            engine.SessionState.PSVariable.Remove($"global:{name}");
        foreach (var name in before.Functions.Keys.Where(name => !snapshot.Functions.ContainsKey(name)))
            engine.InvokeProvider.Item.Remove($"function:{name}", recurse: false);
        foreach (var name in before.Aliases.Keys.Where(name => !snapshot.Aliases.ContainsKey(name)))
            engine.InvokeProvider.Item.Remove($"alias:{name}", recurse: false);
    }

    /// <summary>
    /// Undoes what a node left behind outside its own scope. If that fails, for example because the caller's location is gone, the session
    /// is not used again.
    /// </summary>
    public void Reset()
    {
        try
        {
            PutBack();
        }
        catch (Exception error) when (error is RuntimeException or DagException)
        {
            IsWhole = false;
        }
    }

    // The drive's own property, as the session would make the whole path anew for each call.
    private bool IsAtPlace => engine.SessionState.Drive.Current is var drive && ReferenceEquals(drive, _drive)
        && drive.CurrentLocation.Equals(_place, StringComparison.Ordinal);

    private void PutBack()
    {
        _kept.PutBack();
        for (var left = engine.SessionState.Path.LocationStack(null).Count; left > 0; left--)
            engine.SessionState.Path.PopLocation(null);
        if (_snapshot is { } snapshot && !IsAtPlace)
            snapshot.Location.Enter(engine);
        if (engine.SessionState.PSVariable.Get("global:LASTEXITCODE") is not null)
            engine.SessionState.PSVariable.Remove("global:LASTEXITCODE");
        // The variable is constant, so no node can replace its value.
        _errors ??= engine.SessionState.PSVariable.Get("global:Error");
        if (_errors?.Value is ArrayList { Count: > 0 } errors)
            errors.Clear();
    }

    private static ScriptBlock CloneOf(ScriptBlockCode code) => Clone(code.Filter(isInline: false) ?? code.Script);

    private static ScriptBlock Clone(ScriptBlock script) => script.Ast switch
    {
        FunctionDefinitionAst function => function.Body.GetScriptBlock(),
        ScriptBlockAst body => body.GetScriptBlock(),
        _ => script,
    };

    // If a function declares its parameters in parentheses after its name, they are no part of its body's tree: define the whole function
    // here instead.
    private ScriptBlock FunctionOf(string name, ScriptBlock script)
    {
        if (script.Ast is not FunctionDefinitionAst { Parameters: not null } function)
            return Clone(script);
        var definition = new ScriptBlockAst(
            function.Extent, null, new StatementBlockAst(function.Extent, [(StatementAst)function.Copy()], null), false);
        engine.InvokeCommand.InvokeScript(false, definition.GetScriptBlock(), null);
        var defined = ((FunctionInfo)engine.InvokeCommand.GetCommand(function.Name, CommandTypes.Function)).ScriptBlock;
        engine.InvokeProvider.Item.Remove($"function:{name}", recurse: false);
        return defined;
    }
}
