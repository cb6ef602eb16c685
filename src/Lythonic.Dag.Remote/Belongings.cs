using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Lythonic.Dag.Remote;

/// <summary>
/// The functions, aliases and modules that came along with calls. They stay until others come; then the session has again what it had
/// before under their names, except for modules, which stay until their files change.
/// </summary>
/// <param name="engine">The session's <c>$ExecutionContext</c>.</param>
internal sealed class Belongings(EngineIntrinsics engine)
{
    // The alias provider has no scopes. An alias with the option AllScope, which many of PowerShell's own have, must keep it, and each
    // scope has a copy of such an alias. The function that makes the call, around this script, got its copy before.
    private const string AliasScript = """
        param($name, $command, $options)
        if ($command) {
            Set-Alias -Name $name -Value $command -Option $options -Scope Global -Force
            if ("$options" -match 'AllScope') { Set-Alias -Name $name -Value $command -Option $options -Scope 1 -Force }
        }
        else { Remove-Alias -Name $name -Scope Global -Force -ErrorAction Ignore }
        """;

    private const string ImportScript =
        "param($name, $again) Import-Module -Name $name -Global -DisableNameChecking -Force:$again -ErrorAction Stop";

    private readonly Dictionary<string, ScriptBlock?> _functions = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, (string? Command, ScopedItemOptions Options)> _aliases = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _modules = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Replaces what came along with earlier calls.</summary>
    public void Replace(Parcel image)
    {
        Undo();
        foreach (var (module, state) in image.Names("Modules").Zip(image.Names("ModuleStates")))
        {
            Run(ImportScript, module, _modules.TryGetValue(module, out var before) && before != state);
            _modules[module] = state;
        }

        foreach (var (name, script) in image.Inners("Functions"))
        {
            _functions.Add(name, (Find(name, CommandTypes.Function | CommandTypes.Filter) as FunctionInfo)?.ScriptBlock);
            SetFunction(name, CallHead.Parse(script));
        }

        foreach (var (name, command) in image.Texts("Aliases"))
        {
            var before = Find(name, CommandTypes.Alias) as AliasInfo;
            if (before?.Definition == command)
                continue;
            // When an alias is set again, PowerShell changes the same object.
            var options = before?.Options ?? ScopedItemOptions.None;
            _aliases.Add(name, (before?.Definition, options));
            SetAlias(name, command, options);
        }
    }

    private void Undo()
    {
        foreach (var (name, before) in _functions)
        {
            if (before is null)
                engine.InvokeProvider.Item.Remove([$"function:{name}"], recurse: false, force: true, literalPath: true);
            else
                SetFunction(name, before);
        }

        foreach (var (name, before) in _aliases)
            SetAlias(name, before.Command, before.Options);
        _functions.Clear();
        _aliases.Clear();
    }

    private CommandInfo? Find(string name, CommandTypes types) =>
        engine.SessionState.InvokeCommand.GetCommand(WildcardPattern.Escape(name), types);

    private void SetFunction(string name, ScriptBlock script) =>
        engine.InvokeProvider.Item.Set([$"function:global:{name}"], script, force: true, literalPath: true);

    private void SetAlias(string name, string? command, ScopedItemOptions options) => Run(AliasScript, name, command, options);

    private void Run(string script, params object?[] arguments) =>
        engine.InvokeCommand.InvokeScript(script, useNewScope: true, PipelineResultTypes.None, null, arguments);
}
