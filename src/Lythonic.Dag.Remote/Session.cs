using System.Collections;
using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using static Lythonic.Dag.Remote.RemotingWrapper;

namespace Lythonic.Dag.Remote;

/// <summary>
/// What the far end of a connection keeps between calls. Public members are for the script that makes a call; they have no arguments, and
/// leave what the script needs in its variables. Every member that a script calls with arguments, reads or sets is compiled at the far end,
/// which takes longer than a call.
/// </summary>
public sealed class Session
{
    private readonly EngineIntrinsics _engine;
    private readonly string _hostName;
    private readonly PSVariableIntrinsics _variables;
    private readonly Leftovers _leftovers;
    private readonly Dictionary<int, CallHead> _heads = [];
    private readonly RemoteValues _values = new();
    private readonly Belongings _belongings;
    private Frame? _latest;
    private Turns? _turns;
    private Parcel? _image;

    /// <summary>Begins a session.</summary>
    /// <param name="engine">The session's <c>$ExecutionContext</c>.</param>
    /// <param name="hostName">The name of the host.</param>
    public Session(EngineIntrinsics engine, string hostName)
    {
        ArgumentNullException.ThrowIfNull(engine);
        (_engine, _hostName) = (engine, hostName);
        _variables = engine.SessionState.PSVariable;
        _leftovers = new Leftovers(engine);
        _belongings = new Belongings(engine);
        ClientLoss.Watch(Runspace.DefaultRunspace);
        engine.Events.SubscribeEvent(null, null, HostEvent.Over, null, (ScriptBlock?)null, supportEvent: true, forwardEvent: true);
    }

    /// <summary>
    /// Begins several calls that came together, as the group with the number <c>$__group</c>. <c>$__limit</c> says how long calls may wait
    /// here behind others.
    /// </summary>
    public void BeginTogether()
    {
        _latest = null;
        var group = (int)Unwrap(_variables.GetValue("__group"))!;
        _turns = new Turns(
            ((IList)Unwrap(_variables.GetValue("__parcel"))!).Count,
            TimeSpan.FromMilliseconds((double)Unwrap(_variables.GetValue("__limit"))!),
            begun => _engine.Events.GenerateEvent(HostEvent.Over, null, [group, begun], null));
    }

    /// <summary>
    /// Whether the next of several calls begins. After a failure or a pause the run may start no other call, and a call that would wait for
    /// a long one can run elsewhere.
    /// </summary>
    public bool GoesOn
    {
        get
        {
            var goesOn = _latest is null or { IsFollowed: true };
            if (!goesOn)
                _turns?.End();
            return goesOn;
        }
    }

    /// <summary>Takes the call that is in <c>$__parcel</c>, and says in variables what runs, and how.</summary>
    public void Begin()
    {
        var parcel = (IList)Unwrap(_variables.GetValue("__parcel"))!;
        var brought = Unwrap(parcel[CallPart.Brought]) is IDictionary table ? new Parcel(table) : null;
        var key = (int)Unwrap(parcel[CallPart.Key])!;
        var head = brought?.Inner("Head") is { } sent ? new CallHead(sent) : _heads[key];
        _leftovers.Clear();
        if (brought?.Inner("Image") is { } image)
        {
            _belongings.Replace(image);
            _image = image;
        }

        if (head.TouchesGlobals)
            _leftovers.Note();
        if (_image is not null)
        {
            foreach (var (name, json) in _image.Texts("Variables"))
                _variables.Set(name, _values.Read(json, _image.List("Secrets")));
        }

        // A text that cannot be read as a script is not kept.
        var script = head.Script;
        _heads[key] = head;
        _latest = new Frame(head, parcel, brought?.List("Secrets") ?? Array.Empty<object>(), _hostName, _values);
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
            // The script that calls this would get it wrapped in the exception of a method call.
            _latest!.Failure = new ErrorRecord(error.ErrorRecord, error);
            return [];
        }
    }

    /// <summary>
    /// The answer to the call in the form in which it is sent. The output is in <c>$__output</c>. The error, if there is one, is in
    /// <c>$__error</c>, which is set to the error that the caller is told of.
    /// </summary>
    public object Answer()
    {
        var answer = _latest!.Answer(
            _variables.GetValue("__output"),
            _latest.Failure ?? _variables.GetValue("__error") as ErrorRecord,
            () => _turns?.TryBeginNext() == true);
        _variables.Set("__error", _latest.Error);
        return answer;
    }
}
