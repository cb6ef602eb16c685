using System.Collections;
using System.ComponentModel;
using System.Management.Automation;
using System.Management.Automation.Internal;
using Lythonic.Dag.Errors;
using Lythonic.Dag.Hosting;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Internal;

/// <summary>
/// One call of a scriptblock, as seen by the script that makes the call. The public members are for that script, which is the same in a
/// worker and in the caller's session.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ScriptCall
{
    private const int Many = 1_000;

    private readonly NodeCall _call;
    private readonly IValueConverter _converter;
    private readonly object _saying = new();
    private readonly HostRecords? _hosted;
    private NodeOutcome? _ended;
    private object?[]? _plain;
    private IDictionary? _arguments;
    private ErrorRecord? _written;
    private InformationRecord? _held;
    private DateTimeOffset _heldSince;
    private IReadOnlyDictionary<string, object?> _variables = ScriptBlockCode.NoVariables;

    internal ScriptCall(NodeCall call, IValueConverter converter)
    {
        _call = call;
        _converter = converter;
        Code = (ScriptBlockCode)call.Code;
        _hosted = call.Host is { } host ? new HostRecords(host.Name) : null;
    }

    /// <summary>The scriptblock to call.</summary>
    public ScriptBlock? Script { get; private set; }

    /// <summary>The script that calls the scriptblock in its module's scope; <see langword="null"/> if it belongs to no module.</summary>
    public ScriptBlock? Around { get; private set; }

    /// <summary>Named arguments, for splatting.</summary>
    public IDictionary Arguments => _arguments ??= Named();

    /// <summary>
    /// The <c>$using:</c> values, for splatting to a block that makes a plain call: the scriptblock finds them in the scopes around it.
    /// <see langword="null"/> if there are none, or no plain call is possible.
    /// </summary>
    public IDictionary? Values => _plain is null || Code.Using is null ? null : new Hashtable { [UsingValues.Parameter] = Code.Using };

    /// <summary>The arguments by name.</summary>
    internal IReadOnlyList<KeyValuePair<string, object?>> Given { get; private set; } = [];

    /// <summary>The value of <c>$_</c>.</summary>
    public object? PipelineValue { get; private set; }

    /// <summary>Whether the value comes through the pipeline as one object: a <c>process</c> block sees no other <c>$_</c>.</summary>
    public bool IsPiped => Code.Body is { ParamBlock: null, ProcessBlock: not null } || Code.Filter(_call.Inline) is not null;

    /// <summary>The value of <c>$DagContext</c>.</summary>
    public DagContext Context => _call.Context;

    /// <summary>
    /// The output of the scriptblock: nothing, one object, or an array. It is a <see cref="PSObject"/> because PowerShell takes the object
    /// from its wrapper when it sets any other property, and a text loses its notes.
    /// </summary>
    public PSObject? Output { get; set; }

    internal ScriptBlockCode Code { get; }

    // A plain call wraps each object of the output, and each wrapper is asked what it stands for: 250 bytes and half a microsecond an
    // object. A command costs some 15 microseconds once, but $_ may change in it. Where no type is declared, code without inputs is the
    // likely one to read or make very many objects.
    private bool MayGiveMany =>
        !Code.GaveFew && PipelineValue is null
        && (_call.OutputType is { } type ? TypeShape.ListElementType(type) is not null : Given.Count == 0);

    internal NodeCall NodeCall => _call;

    /// <summary>The strict mode to set around the node but not around this script; empty for none.</summary>
    public string StrictMode { get; private set; } = Hosting.StrictMode.Off;

    /// <summary>Whether the node sees variables of its own.</summary>
    public bool HasVariables => _variables.Count > 0;

    /// <summary>Sets the node's own variables in the scope around it.</summary>
    /// <param name="engine">The session's <c>$ExecutionContext</c>.</param>
    public void Enter(EngineIntrinsics engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        foreach (var (name, value) in _variables)
            engine.SessionState.PSVariable.Set(name, value);
    }

    /// <summary>Removes the node's own variables.</summary>
    /// <param name="engine">The session's <c>$ExecutionContext</c>.</param>
    public void Leave(EngineIntrinsics engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        foreach (var name in _variables.Keys)
            engine.SessionState.PSVariable.Remove(name);
    }

    /// <summary>Receives a record that an inline node writes.</summary>
    /// <param name="record">A record of a stream.</param>
    public void Receive(object? record)
    {
        Say(PSWrapper.Unwrap(record));
        Received?.Invoke();
    }

    /// <summary>Called after an inline node has written something. If it throws because the pipeline is stopping, the node stops.</summary>
    internal Action? Received { get; set; }

    /// <summary>Calls the scriptblock as a plain function, if that is possible.</summary>
    /// <returns>Whether it was called; if not, call it as a command.</returns>
    public bool CallPlain()
    {
        if (_plain is not { } arguments)
            return false;
        try
        {
            // In the scriptblock's own scope $_ has its value again after a switch, or a try that caught something, has set it.
            var output = Script!.InvokeWithContext(null, [new PSVariable("_", PipelineValue)], arguments);
            Output = output.Count switch { 0 => null, 1 => output[0], _ => new PSObject(output.ToArray<object?>()) };
        }
        // Types that are structs, such as a guid or an enum, give the second one.
        catch (Exception error) when (error is PSInvalidCastException or ArgumentTransformationMetadataException
            && !PlainCall.Converts(Code.Body, arguments))
        {
            // The script has not begun. Calling it as a command gives an error that names the parameter and its position.
            return false;
        }
        catch (RuntimeException error) when (error is not PipelineStoppedException)
        {
            // The calling script would see this as the exception of a method. A record that holds only a stand-in for its exception gets
            // the real one, as in a catch block.
            Fail(new ErrorRecord(error.ErrorRecord, error));
        }

        return true;
    }

    /// <summary>The node failed.</summary>
    /// <param name="error">Its error.</param>
    public void Fail(ErrorRecord error)
    {
        ArgumentNullException.ThrowIfNull(error);
        ScriptTrace.LeaveOutCaller(error, _call.Inline);
        var refusedBy = ErrorPosition.RefusedBy(error);
        var placed = ErrorPosition.ReplaceModuleLine(error, Code.Body.ParamBlock?.Extent ?? Code.Body.Extent);
        _ended = ScriptFailure.Outcome(placed, refusedBy, _call.CancellationToken);
    }

    /// <summary>The call could not be made.</summary>
    internal void Fail(Exception error) => _ended = NodeOutcome.From(error, _call.CancellationToken);

    /// <summary>Passes a record of a stream to the call.</summary>
    /// <returns>Whether it is a record of a stream.</returns>
    internal bool Say(object? record)
    {
        var (stream, text) = record switch
        {
            ErrorRecord error => (NativeLine.Is(error) ? "stderr" : "error", ErrorMessage.Compose(Placed(error))),
            WarningRecord warning => ("warning", warning.Message),
            VerboseRecord verbose => ("verbose", verbose.Message),
            DebugRecord debug => ("debug", debug.Message),
            InformationRecord information => ("information", information.MessageData?.ToString() ?? ""),
            ProgressRecord progress => ("progress", progress.StatusDescription),
            _ => ("", ""),
        };
        if (stream.Length == 0)
            return false;
        var isError = stream == "error";
        if (isError && _call.IsStrict)
            _written ??= (ErrorRecord)record!;
        // A node can open runspaces of its own, and those write to its host on their own threads.
        lock (_saying)
        {
            SayHeld(isShown: false);
            var message = new NodeMessage(stream, text, DateTimeOffset.UtcNow);
            _call.Say(message, Shown(record!), keep: record is not ProgressRecord, counts: isError);
        }

        return true;
    }

    private ErrorRecord Placed(ErrorRecord error)
    {
        ScriptTrace.LeaveOutCallers(error);
        return ErrorPosition.ReplaceModuleLine(error, Code.Body.Extent);
    }

    /// <summary>
    /// Holds an information record until it is known whether its writer shows it. If so, PowerShell passes it to the host right after the
    /// stream.
    /// </summary>
    internal void Hold(InformationRecord record)
    {
        lock (_saying)
        {
            SayHeld(isShown: false);
            (_held, _heldSince) = (record, DateTimeOffset.UtcNow);
        }
    }

    /// <summary>Passes on the record that is held, because it was shown on the host.</summary>
    internal void ShowHeld()
    {
        lock (_saying)
            SayHeld(isShown: true);
    }

    /// <summary>Passes on the record that is held, if there still is one.</summary>
    internal void Settle(InformationRecord record)
    {
        lock (_saying)
        {
            if (ReferenceEquals(_held, record))
                SayHeld(isShown: false);
        }
    }

    /// <summary>
    /// Whether a text that is written to the host came as a record before, and is passed on as such; <see langword="null"/> if the
    /// session itself knows.
    /// </summary>
    internal Func<string, bool>? IsEcho { get; set; }

    /// <summary>Passes on the record that is still held.</summary>
    internal void Settle()
    {
        lock (_saying)
            SayHeld(isShown: false);
    }

    private void SayHeld(bool isShown)
    {
        if (_held is not { } record)
            return;
        _held = null;
        _call.Say(
            new NodeMessage("information", record.MessageData?.ToString() ?? "", _heldSince),
            isShown ? new ShownInformation((InformationRecord)Shown(record)) : Shown(record));
    }

    private object Shown(object record) => _hosted?.Named(record) ?? record;

    /// <summary>Passes a line that was written to the host to the call.</summary>
    internal void SayToHost(HostInformationMessage message)
    {
        var record = new InformationRecord(message, "Host");
        record.Tags.Add("PSHOST");
        Say(record);
    }

    /// <summary>Binds the arguments.</summary>
    /// <param name="script">The scriptblock, for the runspace that runs it.</param>
    /// <param name="variables">Variables that the session lacks. Those that the code took along take precedence.</param>
    /// <param name="around">
    /// The script that calls the scriptblock in its module's scope; <see langword="null"/> if it belongs to no module.
    /// </param>
    /// <param name="strictMode">A strict mode to set around the scriptblock, if the session does not have it.</param>
    /// <returns>Whether it can be called. If not, the call has failed.</returns>
    internal bool Begin(
        ScriptBlock script, IReadOnlyDictionary<string, object?>? variables = null, ScriptBlock? around = null, string strictMode = "")
    {
        Script = script;
        Around = around;
        StrictMode = strictMode;
        _variables = variables is { Count: > 0 }
            ? new Dictionary<string, object?>(
                Code.Inherited.Concat(variables).DistinctBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase),
                StringComparer.OrdinalIgnoreCase)
            : Code.Inherited;
        try
        {
            var arguments = _call.Begin();
            var named = CollectionArguments.Convert(Code, arguments.Named);
            Given = Code.ContextParameters.Count == 0 ? named : WithContext(named);
            PipelineValue = arguments.PipelineValue;
            _plain = Code.PlainParameters is { } parameters && !MayGiveMany ? PlainCall.Arguments(parameters, Given) : null;
            return true;
        }
        catch (Exception error) when (error is not PipelineStoppedException)
        {
            _ended = NodeOutcome.From(error, _call.CancellationToken);
            return false;
        }
    }

    /// <summary>How the call ended, its output converted to the declared type.</summary>
    internal NodeOutcome End()
    {
        if (_ended is { } ended)
            return ended;
        if (_written is { } error)
            return ScriptFailure.Outcome(error, null, _call.CancellationToken);
        var many = Output?.ImmediateBaseObject as object?[];
        Code.GaveFew = many is not { Length: > Many };
        if (_call.OutputType is not { } type)
            return Completed(Whole(_converter.Unwrap(Output)));
        // If a list is declared, no output is an empty list.
        object? output = Output is null && TypeShape.ListElementType(type) is not null ? Array.Empty<object>() : many ?? (object?)Output;
        return _converter.TryConvert(output, type, out var converted, out var problem)
            ? Completed(Whole(converted))
            : NodeOutcome.Failed(
                new NodeFailure($"The output of node '{Context.NodeLabel}' cannot be converted to {type}: {problem}")
                {
                    ErrorId = DagErrorId.DagTypeMismatch,
                });
    }

    private object? Whole(object? output) => LazySequence.Read(output, _call.OutputType, _call.CancellationToken);

    private List<KeyValuePair<string, object?>> WithContext(IEnumerable<KeyValuePair<string, object?>> named)
    {
        var all = named.ToList();
        foreach (var (name, type) in Code.ContextParameters)
            all.Add(new(name, _call.ContextOf(type)));
        return all;
    }

    private Hashtable Named()
    {
        var named = new Hashtable(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in Given)
            named[name] = value;
        if (Code.Using is { } values)
            named[UsingValues.Parameter] = values;
        return named;
    }

    private NodeOutcome Completed(object? output)
    {
        _call.TakeOutput(output);
        return NodeOutcome.Completed(output);
    }
}
