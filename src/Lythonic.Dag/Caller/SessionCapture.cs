using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// Captures what nodes need from the caller's session: the location, preferences, what <c>New-Dag</c> named, the functions that the code of
/// nodes calls by name, the functions that those call, and the modules of the commands. Call it on the pipeline's thread.
/// </summary>
internal sealed class SessionCapture
{
    // Pester makes a function with this prefix for each mock, and an alias from the mocked name to it.
    private const string MockPrefix = "PesterMock_";

    private const string LoadedModules = "Microsoft.PowerShell.Core\\Get-Module -All";

    private readonly PSCmdlet _cmdlet;
    private HashSet<string>? _loaded;
    private readonly Dictionary<string, ScriptBlock> _functions = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _aliases = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ScriptBlock> _local = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<SessionModule> _modules = [];
    private readonly HashSet<string> _moduleNames = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, PSModuleInfo> _homes = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<Type> _warned = [];
    private readonly HashSet<string> _seen = new(StringComparer.OrdinalIgnoreCase);

    private SessionCapture(PSCmdlet cmdlet) => _cmdlet = cmdlet;

    /// <summary>Captures a session for a run.</summary>
    /// <param name="cmdlet">The cmdlet that runs.</param>
    /// <param name="request">What <c>New-Dag</c> named.</param>
    /// <param name="scripts">The code of all nodes, at any depth.</param>
    public static SessionSnapshot Capture(PSCmdlet cmdlet, DagSessionRequest request, IEnumerable<ScriptBlockCode> scripts)
    {
        var capture = new SessionCapture(cmdlet);
        foreach (var module in request.Modules)
            capture.AddModule(module);
        capture.WarnOfClasses(request.Variables);
        foreach (var function in request.Functions)
            capture.AddFunction(function, required: true);
        foreach (var script in scripts)
        {
            foreach (var (name, function) in script.Functions)
                capture._local[name] = function;
            if (FileOfHome(script.Script) is { } home && capture.IsLoaded(script.Script.Module) && capture.Add(home, script.Script.Module))
                cmdlet.WriteVerbose($"The module '{script.Script.Module.Name}', which has the code of a node, is loaded in the workers.");
            capture.AddCommandsOf(script.Body);
            capture.WarnOfClasses(script.Body);
        }

        return new(
            CallerLocation.Capture(cmdlet),
            CultureInfo.CurrentCulture,
            CultureInfo.CurrentUICulture,
            capture.Variables(request),
            capture._functions,
            capture._aliases,
            capture._modules)
        {
            Named = request.Variables,
            Homes = capture._homes,
            Asked = CommonParameters.Read(cmdlet),
            StrictMode = StrictMode.Read(cmdlet),
            Types = TypeExtensions.Capture(),
            Host = CallerHost.Capture(cmdlet.Host),
        };
    }

    /// <summary>
    /// The file of the module that a script belongs to; <see langword="null"/> for a script of no module, or of one that was made in
    /// memory.
    /// </summary>
    public static string? FileOfHome(ScriptBlock script) =>
        script.Module is { Path.Length: > 0 } module && File.Exists(module.Path) ? ModuleFile(module, module.Path) : null;

    private Dictionary<string, object?> Variables(DagSessionRequest request)
    {
        var variables = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in CommonParameters.Preferences)
        {
            if (_cmdlet.SessionState.PSVariable.Get(name) is { } variable)
                variables[name] = CommonParameters.ForNodes(name, variable.Value);
        }

        foreach (var (name, value) in CommonParameters.Read(_cmdlet).Concat(request.Variables))
            variables[name] = value;
        return variables;
    }

    private void AddCommandsOf(Ast body)
    {
        foreach (var command in body.FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>())
        {
            if (command.GetCommandName() is { } name && _seen.Add(name))
                AddFunction(name, required: false);
        }
    }

    private void WarnOfClasses(Ast body)
    {
        foreach (var call in ScriptClasses.StaticCallsOf(body).Where(_seen.Add))
            _cmdlet.WriteWarning(
                $"A node calls {call}: static methods of a script class run in the session that defined it, and a worker may wait for "
                    + $"that for ever. Mark the class with [NoRunspaceAffinity()], or run the node with -Inline.");
    }

    private void WarnOfClasses(IReadOnlyDictionary<string, object?> variables)
    {
        foreach (var (name, value) in variables)
        {
            if (ScriptClasses.BoundClassOf(value) is { } type && _warned.Add(type))
                _cmdlet.WriteWarning(
                    $"The variable '{name}' of New-Dag -Variable has an object of the script class [{type.Name}]: {ScriptClasses.Advice}");
        }
    }

    private void AddFunction(string name, bool required)
    {
        const CommandTypes Commands = CommandTypes.Function | CommandTypes.Filter | CommandTypes.Cmdlet;
        var found = _cmdlet.SessionState.InvokeCommand.GetCommand(name, Commands | CommandTypes.Alias);
        if (found is AliasInfo alias)
        {
            // A mock works only in the session that made it. A worker gets the command that it replaces.
            var isMock = alias.Definition.StartsWith(MockPrefix, StringComparison.Ordinal);
            if (!isMock)
                AddAliases(alias);
            found = isMock ? _cmdlet.SessionState.InvokeCommand.GetCommand(name, Commands) : alias.ResolvedCommand;
        }

        if (found is null)
        {
            if (_local.TryGetValue(name, out var local) && _functions.TryAdd(name, local))
                AddCommandsOf(local.Ast);
            else if (required)
                throw new DagException(
                    DagErrorId.DagInputMissing,
                    $"New-Dag names the function '{name}', which this session does not have.",
                    name,
                    "Define the function first, or correct its name.");
            return;
        }

        if (found.ModuleName is { Length: > 0 } module && AddModule(found, module))
        {
            NoteHome(name, found);
            return;
        }

        if (found is FunctionInfo function && !DefaultCommands.Has(function) && _functions.TryAdd(function.Name, function.ScriptBlock))
            AddFunctionBody(function);
    }

    // An alias may stand for another one, and two for each other.
    private void AddAliases(AliasInfo first)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var alias = first; alias is not null && seen.Add(alias.Name); alias = alias.ReferencedCommand as AliasInfo)
            AddAlias(alias);
    }

    private void AddAlias(AliasInfo alias)
    {
        if (alias.ModuleName is { Length: > 0 } module)
        {
            if (AddModule(alias, module))
                NoteHome(alias.Name, alias);
        }
        else if ((alias.Options & (ScopedItemOptions.ReadOnly | ScopedItemOptions.Constant)) == 0 && !DefaultCommands.Has(alias))
            _aliases[alias.Name] = alias.Definition;
    }

    private void NoteHome(string name, CommandInfo command)
    {
        if (command.Module is { Path.Length: > 0 } module && !IsShipped(module.Name))
            _homes.TryAdd(name, module);
    }

    private void AddFunctionBody(FunctionInfo function)
    {
        _cmdlet.WriteVerbose($"The function '{function.Name}' is made known to the workers.");
        AddCommandsOf(function.ScriptBlock.Ast);
    }

    private static bool IsShipped(string module) => module.StartsWith("Microsoft.PowerShell.", StringComparison.OrdinalIgnoreCase);

    // Whether the command comes with a module. A module that was made in memory cannot be loaded elsewhere.
    private bool AddModule(CommandInfo command, string module)
    {
        // Modules that ship with PowerShell load by themselves.
        if (IsShipped(module))
            return true;
        if (command.Module?.Path is not { Length: > 0 } path || !File.Exists(path) || !IsLoaded(command.Module))
            return false;
        if (Add(ModuleFile(command.Module, path), command.Module))
            _cmdlet.WriteVerbose($"The module '{module}', which has '{command.Name}', is loaded in the workers.");
        return true;
    }

    // A name means the module that the session has under it, and workers find only modules in the folders of modules by their names.
    private void AddModule(string name)
    {
        var loaded = _cmdlet.SessionState.InvokeCommand
            .InvokeScript(true, ScriptBlock.Create("Microsoft.PowerShell.Core\\Get-Module"), null)
            .Select(item => item.BaseObject as PSModuleInfo)
            .FirstOrDefault(module => module?.Name.Equals(name, StringComparison.OrdinalIgnoreCase) is true && File.Exists(module.Path));
        if (loaded is not null && !IsShipped(name))
            Add(ModuleFile(loaded, loaded.Path), loaded);
        else if (_moduleNames.Add(name))
            _modules.Add(SessionModule.Of(name));
    }

    private bool Add(string file, PSModuleInfo module)
    {
        if (!_moduleNames.Add(file))
            return false;
        _modules.Add(SessionModule.Of(file, module));
        return true;
    }

    // A module that runs a DAG while it loads is not loaded yet. A worker that imported it would run the DAG again, without end. Nodes get
    // the functions that they call instead.
    private bool IsLoaded(PSModuleInfo module)
    {
        _loaded ??= [.. _cmdlet.SessionState.InvokeCommand.InvokeScript(true, ScriptBlock.Create(LoadedModules), null)
            .Select(item => (item.BaseObject as PSModuleInfo)?.Path).OfType<string>()];
        return _loaded.Contains(module.Path);
    }

    // The manifest names the whole module; the file of a command may be a nested part of it.
    private static string ModuleFile(PSModuleInfo module, string path)
    {
        var manifest = Path.Combine(module.ModuleBase, $"{module.Name}.psd1");
        return File.Exists(manifest) ? manifest : path;
    }
}
