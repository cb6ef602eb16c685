using System.Collections;
using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace Lythonic.Dag.Remote;

/// <summary>What the far end of a connection keeps between calls. The script that makes a call uses the public members.</summary>
public sealed class Session
{
    // The alias provider has no scopes.
    private const string AliasScript = "param($name, $command) Set-Alias -Name $name -Value $command -Scope Global -Force";
    private const string NoAliasScript = "param($name) Remove-Alias -Name $name -Scope Global -Force -ErrorAction Ignore";
    private const string ImportScript = "param($name) Import-Module -Name $name -Global -ErrorAction Stop";

    private readonly Dictionary<int, ScriptBlock> _scripts = [];
    private readonly RemoteValues _values = new();
    private readonly List<string> _functions = [];
    private readonly List<string> _aliases = [];
    private Leftovers? _leftovers;
    private Frame? _latest;
    private long _began;
    private TimeSpan _limit;
    private Parcel? _image;

    /// <summary>Begins several calls that came together.</summary>
    /// <param name="milliseconds">How long, in ms, a call may wait here for those before it; after that it runs elsewhere.</param>
    public void BeginTogether(double milliseconds)
    {
        _latest = null;
        _limit = TimeSpan.FromMilliseconds(milliseconds);
        _began = Stopwatch.GetTimestamp();
    }

    /// <summary>
    /// Whether the next of several calls begins. After a failure or a pause the run may start no other call, and a call that would wait for
    /// a long one can run elsewhere.
    /// </summary>
    public bool GoesOn => _latest is null or { IsFollowed: true };

    /// <summary>Takes a call.</summary>
    /// <param name="sent">What was sent.</param>
    /// <param name="engine">The session's <c>$ExecutionContext</c>.</param>
    public Frame Begin(IDictionary sent, EngineIntrinsics engine)
    {
        ArgumentNullException.ThrowIfNull(sent);
        ArgumentNullException.ThrowIfNull(engine);
        var parcel = new Parcel(sent);
        (_leftovers ??= new Leftovers(engine)).Clear(parcel.Flag("TouchesGlobals"));
        if (parcel.Inner("Image") is { } image)
            Apply(image, engine);
        foreach (var (name, json) in _image?.Texts("Variables") ?? [])
            engine.SessionState.PSVariable.Set(name, _values.Read(json, _image!.List("Secrets")));
        return _latest = new Frame(ScriptOf(parcel), parcel, _values, () => Stopwatch.GetElapsedTime(_began) < _limit);
    }

    /// <summary>
    /// Makes a scriptblock of the text at a place in a file, so that positions and <c>$PSScriptRoot</c> are the same as on the machine of
    /// the run.
    /// </summary>
    internal static ScriptBlock Parse(string text, string? file, int line, int column, string? usings)
    {
        var above = usings is null ? "" : usings.Replace('\n', ' ');
        var padding = line > 1
            ? above + new string('\n', line - 1) + new string(' ', Math.Max(0, column - 1))
            : above.PadRight(Math.Max(0, column - 1));
        var ast = Parser.ParseInput(padding + text, file, out _, out var problems);
        return problems.Length == 0 ? ast.GetScriptBlock() : throw new ParseException(problems);
    }

    private ScriptBlock ScriptOf(Parcel parcel)
    {
        var key = parcel.Number("Key");
        if (parcel.Inner("Script") is not { } script)
            return _scripts[key];
        var made = Parse(script);
        _scripts[key] = made;
        return made;
    }

    private static ScriptBlock Parse(Parcel script) =>
        Parse(script.Text("Text") ?? "", script.Text("File"), script.Number("Line"), script.Number("Column"), script.Text("Usings"));

    // Defines functions from their text and its place, aliases, and modules by name. They stay until another image comes.
    private void Apply(Parcel image, EngineIntrinsics engine)
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
            engine.InvokeProvider.Item.Set([$"function:global:{name}"], Parse(script), force: true, literalPath: true);
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
