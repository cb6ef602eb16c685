using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Lythonic.Dag.Hosting;

/// <summary>The session of one worker runspace: what it was set up with, and what nodes leave behind. Used on the worker's pipeline thread alone.</summary>
internal sealed class WorkerSession(EngineIntrinsics engine)
{
    private readonly Dictionary<ScriptBlockAst, (ScriptBlock Script, ScriptBlock? Around)> _scripts = [];
    private readonly Dictionary<string, PSModuleInfo> _modules = new(StringComparer.OrdinalIgnoreCase);
    private SessionImage? _image;

    /// <summary>
    /// The scriptblock of a node, made for this runspace once; and for code of a module, which runs in that module's scope, what calls it there.
    /// </summary>
    public (ScriptBlock Script, ScriptBlock? Around) ScriptsOf(ScriptBlockCode code)
    {
        if (!_scripts.TryGetValue(code.Body, out var scripts))
            _scripts[code.Body] = scripts = HomeOf(code) is { } home
                ? (home.NewBoundScriptBlock(Clone(code.Script)), home.NewBoundScriptBlock(ScriptBlock.Create(CallFrame.ModuleScript)))
                : (Clone(code.Script), null);
        return scripts;
    }

    /// <summary>Whether it is as a run wants it; not where making it so failed half-way, after which nobody knows what is here.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>Whether nothing of other runs' modules is here.</summary>
    public bool Suits(SessionImage image) => _image is not { ModuleKey.Length: > 0 } before || before.ModuleKey == image.ModuleKey;

    /// <summary>Makes the caller's session known here, where it is not yet.</summary>
    public void Apply(SessionImage image)
    {
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (image.Culture, image.UICulture);
        if (ReferenceEquals(_image, image))
            return;
        IsWhole = false;
        if (_image is { } before)
            Forget(before, image);
        // Modules first: what the caller has of its own wins over them.
        foreach (var module in image.Modules)
            Load(module);
        foreach (var (name, script) in image.Functions)
            engine.InvokeProvider.Item.Set($"function:global:{name}", FunctionOf(name, script));
        foreach (var (name, command) in image.Aliases)
            engine.InvokeProvider.Item.Set($"alias:{name}", command);
        foreach (var (name, value) in image.Variables)
            engine.SessionState.PSVariable.Set($"global:{name}", value is DefaultParameterDictionary defaults ? new DefaultParameterDictionary(defaults) : value);
        Go(image.Location);
        (_image, IsWhole) = (image, true);
    }

    // The module that a node's code belongs to, as it is loaded here.
    private PSModuleInfo? HomeOf(ScriptBlockCode code) =>
        SessionCapture.FileOfHome(code.Script) is { } file ? _modules.GetValueOrDefault(file) : null;

    private void Load(string module)
    {
        var loaded = engine.InvokeCommand.InvokeScript(false, ScriptBlock.Create("param($module) Import-Module -Name $module -Global -PassThru -ErrorAction Stop"), null, module);
        if (loaded.Select(item => item.BaseObject).OfType<PSModuleInfo>().FirstOrDefault() is { } found)
            _modules[module] = found;
    }

    // What an earlier run made known and this one does not. Its modules are this one's too, or it would have another worker.
    private void Forget(SessionImage before, SessionImage image)
    {
        foreach (var name in before.Variables.Keys.Where(name => !image.Variables.ContainsKey(name)))
            engine.SessionState.PSVariable.Remove($"global:{name}");
        foreach (var name in before.Functions.Keys.Where(name => !image.Functions.ContainsKey(name)))
            engine.InvokeProvider.Item.Remove($"function:global:{name}", recurse: false);
        foreach (var name in before.Aliases.Keys.Where(name => !image.Aliases.ContainsKey(name)))
            engine.InvokeProvider.Item.Remove($"alias:{name}", recurse: false);
    }

    /// <summary>Undoes what a node left behind that its own scope does not.</summary>
    public void Reset()
    {
        for (var left = engine.SessionState.Path.LocationStack(null).Count; left > 0; left--)
            engine.SessionState.Path.PopLocation(null);
        if (_image is { } image && !engine.SessionState.Path.CurrentLocation.Path.Equals(image.Location, StringComparison.Ordinal))
            Go(image.Location);
        if (engine.SessionState.PSVariable.Get("global:LASTEXITCODE") is not null)
            engine.SessionState.PSVariable.Remove("global:LASTEXITCODE");
        if (engine.SessionState.PSVariable.GetValue("global:Error") is ArrayList { Count: > 0 } errors)
            errors.Clear();
    }

    private void Go(string location)
    {
        try
        {
            engine.SessionState.Path.SetLocation(location);
        }
        catch (Exception error) when (error is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or ProviderInvocationException)
        {
            // A drive of the caller's session alone: nodes stay where the worker is.
        }
    }

    private static ScriptBlock Clone(ScriptBlock script) => script.Ast switch
    {
        FunctionDefinitionAst function => function.Body.GetScriptBlock(),
        ScriptBlockAst body => body.GetScriptBlock(),
        _ => script,
    };

    // A function that declares its parameters before its body has them in no part of the body's tree: its whole definition is run here.
    private ScriptBlock FunctionOf(string name, ScriptBlock script)
    {
        if (script.Ast is not FunctionDefinitionAst { Parameters: not null } function)
            return Clone(script);
        var definition = new ScriptBlockAst(function.Extent, null, new StatementBlockAst(function.Extent, [(StatementAst)function.Copy()], null), false);
        engine.InvokeCommand.InvokeScript(false, definition.GetScriptBlock(), null);
        var defined = ((FunctionInfo)engine.InvokeCommand.GetCommand(function.Name, CommandTypes.Function)).ScriptBlock;
        engine.InvokeProvider.Item.Remove($"function:{name}", recurse: false);
        return defined;
    }
}
