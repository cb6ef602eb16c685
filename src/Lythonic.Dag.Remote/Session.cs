using System.Collections;
using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using static Lythonic.Dag.Remote.RemotingWrapper;

namespace Lythonic.Dag.Remote;

/// <summary>
/// What the far end of a connection keeps between calls. Public members are for the script that makes a call; they have no arguments and
/// leave what it needs in its variables: what a script passes, asks or sets is compiled over there, which takes longer than a call.
/// </summary>
/// <param name="engine">The session's <c>$ExecutionContext</c>.</param>
/// <param name="hostName">The name of the host.</param>
public sealed class Session(EngineIntrinsics engine, string hostName)
{
    // The alias provider has no scopes.
    private const string AliasScript = "param($name, $command) Set-Alias -Name $name -Value $command -Scope Global -Force";
    private const string NoAliasScript = "param($name) Remove-Alias -Name $name -Scope Global -Force -ErrorAction Ignore";
    private const string ImportScript = "param($name) Import-Module -Name $name -Global -ErrorAction Stop";

    private readonly PSVariableIntrinsics _variables = engine.SessionState.PSVariable;
    private readonly Leftovers _leftovers = new(engine);
    private readonly Dictionary<int, CallHead> _heads = [];
    private readonly RemoteValues _values = new();
    private readonly List<string> _functions = [];
    private readonly List<string> _aliases = [];
    private Frame? _latest;
    private long _began;
    private TimeSpan _limit;
    private Parcel? _image;

    /// <summary>Several calls begin that came together. <c>$__limit</c> says how long others wait behind them here.</summary>
    public void BeginTogether()
    {
        _latest = null;
        _limit = TimeSpan.FromMilliseconds((double)Unwrap(_variables.GetValue("__limit"))!);
        _began = Stopwatch.GetTimestamp();
    }

    /// <summary>
    /// Whether the next of several calls begins. After a failure or a pause the run may start no other call, and a call that would wait for
    /// a long one can run elsewhere.
    /// </summary>
    public bool GoesOn => _latest is null or { IsFollowed: true };

    /// <summary>Takes the call that is in <c>$__parcel</c>, and says in variables what runs, and how.</summary>
    public void Begin()
    {
        var parcel = (IList)Unwrap(_variables.GetValue("__parcel"))!;
        var brought = Unwrap(parcel[CallPart.Brought]) is IDictionary table ? new Parcel(table) : null;
        var key = (int)Unwrap(parcel[CallPart.Key])!;
        var head = brought?.Inner("Head") is { } sent ? new CallHead(sent) : _heads[key];
        _leftovers.Clear(head.TouchesGlobals);
        if (brought?.Inner("Image") is { } image)
            Apply(image);
        if (_image is not null)
        {
            foreach (var (name, json) in _image.Texts("Variables"))
                _variables.Set(name, _values.Read(json, _image.List("Secrets")));
        }

        // What cannot be read as a script is not kept.
        var script = head.Script;
        _heads[key] = head;
        _latest = new Frame(head, parcel, brought?.List("Secrets") ?? Array.Empty<object>(), hostName, _values);
        _variables.Set("DagContext", _latest.Context);
        _variables.Set("_", _latest.PipelineValue);
        _variables.Set("__script", script);
        _variables.Set("__arguments", _latest.Arguments);
        _variables.Set("__isPiped", head.IsPiped);
        _variables.Set("__isPlain", head.IsPlain);
        _variables.Set("__strictMode", head.StrictMode);
        _variables.Set("__output", null);
        _variables.Set("__error", null);
    }

    /// <summary>
    /// Calls the script as a function without parameters. In its own scope, <c>$_</c> has its value again after a <c>switch</c>, or a
    /// <c>try</c> that caught something, has set it. The values of <c>$using:</c> are found in the scopes around it.
    /// </summary>
    /// <returns>What it gave.</returns>
    public Collection<PSObject> Call()
    {
        try
        {
            return ((ScriptBlock)_variables.GetValue("__script")).InvokeWithContext(null, [new PSVariable("_", _latest!.PipelineValue)]);
        }
        catch (RuntimeException error) when (error is not PipelineStoppedException)
        {
            // The script that calls this would see it as the exception of a method.
            _latest!.Failure = new ErrorRecord(error.ErrorRecord, error);
            return [];
        }
    }

    /// <summary>
    /// How the call ended, as it is sent: what it gave is in <c>$__output</c>, and what it failed with in <c>$__error</c>, which is then
    /// what the caller is told of.
    /// </summary>
    public object Answer()
    {
        var answer = _latest!.Answer(
            _variables.GetValue("__output"),
            _latest.Failure ?? _variables.GetValue("__error") as ErrorRecord,
            () => Stopwatch.GetElapsedTime(_began) < _limit);
        _variables.Set("__error", _latest.Error);
        return answer;
    }

    // Functions by their text and its place, aliases, modules by name. They stay until another image comes.
    private void Apply(Parcel image)
    {
        foreach (var name in _functions)
            engine.InvokeProvider.Item.Remove([$"function:{name}"], recurse: false, force: true, literalPath: true);
        foreach (var name in _aliases)
            engine.InvokeCommand.InvokeScript(NoAliasScript, useNewScope: true, PipelineResultTypes.None, null, name);
        _functions.Clear();
        _aliases.Clear();
        foreach (var module in image.Names("Modules"))
            engine.InvokeCommand.InvokeScript(ImportScript, useNewScope: true, PipelineResultTypes.None, null, module);
        foreach (var (name, script) in image.Inners("Functions"))
        {
            engine.InvokeProvider.Item.Set([$"function:global:{name}"], CallHead.Parse(script), force: true, literalPath: true);
            _functions.Add(name);
        }

        foreach (var (name, command) in image.Texts("Aliases"))
        {
            engine.InvokeCommand.InvokeScript(AliasScript, useNewScope: true, PipelineResultTypes.None, null, name, command);
            _aliases.Add(name);
        }

        _image = image;
    }
}
