using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;
using Lythonic.Dag.Values;
using static Lythonic.Dag.Remote.RemotingWrapper;

namespace Lythonic.Dag.Transport;

/// <summary>Writes calls as they are sent over one connection, and reads what comes back.</summary>
/// <param name="hostName">The name of the host.</param>
/// <param name="adapter">What PowerShell adds to the codec of values.</param>
internal sealed class CallWriter(string hostName, IValueAdapter adapter)
{
    /// <summary>The function that makes calls over there: as a script of its own it would be sent and compiled again for each.</summary>
    public const string Function = "__lythonicDagCall";

    /// <summary>The function that makes several calls, one after the other.</summary>
    public const string Together = Function + "s";

    /// <summary>The parameter of the function.</summary>
    public const string Parcel = "__parcel";

    /// <summary>The parameter that says in milliseconds how long calls wait behind others.</summary>
    public const string Limit = "__limit";

    /// <summary>
    /// Makes a call over there. Inside <c>try</c>, any terminating error ends the code; the loop around it stops a stray break. What ends
    /// the runspace instead leaves no answer. The error comes after the answer, as an error that does not terminate: remoting leaves the
    /// position off one that does.
    /// </summary>
    private const string Script = """
        param($__parcel)
        try { $__call = $__lythonicDag.Begin($__parcel, $ExecutionContext) } catch { throw ($_.Exception.InnerException ?? $_) }
        if ($__call.StrictMode) { Set-StrictMode -Version $__call.StrictMode }
        do {
            try {
                $DagContext = $__call.Context
                $_ = $__call.PipelineValue
                $__arguments = $__call.Arguments
                $__call.Output = do {
                    if ($__call.IsPiped) { , $_ | & $__call.Script @__arguments } else { & $__call.Script @__arguments }
                } while ($false)
            } catch { $__call.Fail($_) }
        } while ($false)
        , $__call.Answer()
        if ($__call.Error) { $ErrorActionPreference = 'Continue'; & { trap { } throw $__call.Error } }
        """;

    private const string TogetherScript = $$"""
        param($__parcel, $__limit)
        $__lythonicDag.BeginTogether($__limit)
        foreach ($__one in $__parcel) { if ($__lythonicDag.GoesOn) { {{Function}} $__one } }
        , @('{{Mark}}', '{{Over}}')
        """;

    private const string Mark = "Lythonic.Dag.Answer";

    private const string Completed = "completed";

    private const string Over = "over";

    private const string PrepareScript = $$"""
        param([byte[]] $Code)
        if (-not ('Lythonic.Dag.Remote.Session' -as [type])) { $null = [Reflection.Assembly]::Load($Code) }
        $global:__lythonicDag = New-Object -TypeName Lythonic.Dag.Remote.Session
        function global:{{Function}} {
        {{Script}}
        }
        function global:{{Together}} {
        {{TogetherScript}}
        }
        """;

    private static readonly Lazy<byte[]> Code = new(ReadCode);

    private readonly ValueParcels _values = new(adapter);
    private readonly Dictionary<RemoteScript, int> _scripts = [];
    private readonly Dictionary<RemoteScript, int> _sent = [];
    private RemoteImage? _image;
    private int _lastKey;

    /// <summary>Sends what calls need over there.</summary>
    public static void Prepare(PowerShell shell) => shell.AddScript(PrepareScript, useLocalScope: true).AddParameter("Code", Code.Value);

    /// <summary>Writes a call.</summary>
    /// <exception cref="ValueNotStorableException">A value cannot travel.</exception>
    public Hashtable Write(RemoteCall call) => Write(call, null);

    /// <summary>Writes a call that is sent behind others.</summary>
    /// <param name="call">The call.</param>
    /// <param name="before">The one that is sent before it: what it brings along is there, and what those before it do.</param>
    /// <exception cref="ValueNotStorableException">A value cannot travel.</exception>
    public Hashtable Write(RemoteCall call, RemoteCall? before)
    {
        var secrets = new ArrayList();
        var known = _scripts.TryGetValue(call.Script, out var key);
        if (!known && before is not null && _sent.TryGetValue(call.Script, out var sent))
            (known, key) = (true, sent);
        var parcel = new Hashtable
        {
            ["Key"] = known ? key : _sent[call.Script] = ++_lastKey,
            ["Arguments"] = _values.Write(call.Arguments, secrets),
            ["Using"] = _values.Write(call.Using, secrets),
            ["Value"] = _values.Write(call.Value, secrets),
            ["IsPiped"] = call.IsPiped,
            ["StrictMode"] = call.StrictMode,
            ["TouchesGlobals"] = call.TouchesGlobals,
            ["ContextParameters"] = call.ContextParameters.ToArray(),
            ["Context"] = ContextOf(call.Context, secrets),
            ["Culture"] = call.Culture.Name,
            ["UICulture"] = call.UICulture.Name,
            ["Secrets"] = secrets,
        };
        if (!known)
            parcel["Script"] = TableOf(call.Script);
        if (!ReferenceEquals(call.Image, before is null ? _image : before.Image))
            parcel["Image"] = Write(call.Image);
        return parcel;
    }

    /// <summary>The call was answered: what it brought along is there.</summary>
    public void Sent(RemoteCall call)
    {
        if (_sent.Remove(call.Script, out var key))
            _scripts.TryAdd(call.Script, key);
        _image = call.Image;
    }

    /// <summary>
    /// Of calls that were not answered nobody knows what came of what they brought along, and their keys are never used again.
    /// </summary>
    public void Forget() => _sent.Clear();

    /// <summary>What came back of a call.</summary>
    public RemoteResult Read(PipelineEnd end)
    {
        foreach (var item in end.Output)
        {
            if (AnswerOf(item) is { } answer)
                return Read(answer, end) with { IsAnswered = true };
        }

        return end.State == PSInvocationState.Completed ? new RemoteResult(RemoteOutcomeKind.Ended) : Failed(end, null);
    }

    /// <summary>What one of several calls gave that completed; <see langword="null"/> where it is no such answer.</summary>
    public RemoteResult? ReadCompleted(PSObject item) =>
        AnswerOf(item) is { } answer && Unwrap(answer[1]) as string == Completed ? ReadOutput(answer) : null;

    /// <summary>Whether it says that no more of several calls begins.</summary>
    public static bool IsOver(PSObject item) => AnswerOf(item) is { } answer && Unwrap(answer[1]) as string == Over;

    private static IList? AnswerOf(PSObject? item) =>
        item?.BaseObject is IList answer && answer.Count > 1 && Unwrap(answer[0]) as string == Mark ? answer : null;

    /// <summary>What came back of a command, whose output is no answer of ours.</summary>
    public static RemoteResult ReadPlain(PipelineEnd end) =>
        end.State != PSInvocationState.Completed
            ? Failed(end, null)
            : new RemoteResult(RemoteOutcomeKind.Completed) { Value =
                end.Output.Count switch { 0 => null, 1 => end.Output[0], _ => end.Output.ToArray<object>() } };

    private static Hashtable TableOf(RemoteScript script) => new()
    {
        ["Text"] = script.Text,
        ["File"] = script.File,
        ["Line"] = script.Line,
        ["Column"] = script.Column,
        ["Usings"] = script.Usings,
    };

    private Hashtable Write(RemoteImage image)
    {
        var secrets = new ArrayList();
        return new Hashtable
        {
            ["Functions"] = new Hashtable(image.Functions.ToDictionary(function => function.Key, function => TableOf(function.Value))),
            ["Aliases"] = new Hashtable(image.Aliases.ToDictionary(alias => alias.Key, alias => alias.Value)),
            ["Modules"] = image.Modules.ToArray(),
            ["Variables"] = _values.Write(image.Variables, secrets),
            ["Secrets"] = secrets,
        };
    }

    private Hashtable ContextOf(DagContext context, ArrayList secrets) => new()
    {
        ["DagName"] = context.DagName,
        ["Path"] = context.Path,
        ["NodeLabel"] = context.NodeLabel,
        ["RunId"] = context.RunId,
        ["Attempt"] = context.Attempt,
        ["HostName"] = hostName,
        ["TraceParent"] = context.TraceParent,
        ["Upstreams"] = context.Upstreams is { Count: > 0 } upstreams ? _values.Write(TableOf(upstreams), secrets) : null,
    };

    private static OrderedDictionary TableOf(IDictionary upstreams)
    {
        var table = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in upstreams)
        {
            if (entry.Value is UpstreamEnd end)
                table[entry.Key] = new OrderedDictionary { ["Status"] = end.Status, ["Error"] = end.Error, ["Output"] = end.Output };
        }

        return table;
    }

    private RemoteResult Read(IList answer, PipelineEnd end)
    {
        switch (Unwrap(answer[1]) as string)
        {
            case "paused":
                return new RemoteResult(RemoteOutcomeKind.Paused) { PauseReason = Unwrap(answer[2]) as string };
            case "failed":
                return Failed(end, answer);
            default:
                return ReadOutput(answer);
        }
    }

    private RemoteResult ReadOutput(IList answer)
    {
        var json = (string)Unwrap(answer[2])!;
        var secrets = Unwrap(answer[3]) as IList ?? Array.Empty<object>();
        return new RemoteResult(RemoteOutcomeKind.Completed)
        {
            Value = _values.Read(json, secrets),
            Json = secrets.Count == 0 ? json : null,
            CodeTime = TimeSpan.FromMilliseconds((double)Unwrap(answer[4])!),
            IsFollowed = Unwrap(answer[5]) is true,
            IsAnswered = true,
        };
    }

    private static RemoteResult Failed(PipelineEnd end, IList? answer)
    {
        var record = end.LastError ?? (end.Reason as RemoteException)?.ErrorRecord;
        var error = answer is null
            ? new RemoteError(end.Reason?.Message ?? "The code was stopped on the host.", record)
            : new RemoteError((string)Unwrap(answer[2])!, record, Unwrap(answer[3]) as string, Unwrap(answer[4]) as string,
                Unwrap(answer[5]) as string);
        return new RemoteResult(RemoteOutcomeKind.Failed) { Error = error };
    }

    private static byte[] ReadCode()
    {
        using var stream = typeof(CallWriter).Assembly.GetManifestResourceStream("Lythonic.Dag.Remote.dll")!;
        var code = new byte[stream.Length];
        stream.ReadExactly(code);
        return code;
    }
}
