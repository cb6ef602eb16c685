using System.Collections;
using System.Collections.Specialized;
using System.IO.Compression;
using System.Management.Automation;
using Lythonic.Dag.Remote;
using Lythonic.Dag.Values;

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

    // Around a script that is called as a function: $using: values are looked for in its scope.
    private const string Plain = Function + "Plain";

    /// <summary>The parameter of the function.</summary>
    public const string Parcel = "__parcel";

    /// <summary>The parameter that says in milliseconds how long calls wait behind others.</summary>
    public const string Limit = "__limit";

    /// <summary>The parameter that numbers calls that are sent together.</summary>
    public const string Group = "__group";

    /// <summary>
    /// Makes a call over there. Inside <c>try</c>, any terminating error ends the code; the loop around it stops a stray break. What ends
    /// the runspace instead leaves no answer. The error comes after the answer, as an error that does not terminate: remoting leaves the
    /// position off one that does. Members that it asks or sets would be compiled over there one by one, so the session puts what is
    /// needed into variables, and finds there what came of it.
    /// </summary>
    private const string Script = $$"""
        param($__parcel)
        try { $__lythonicDag.Begin() } catch { throw ($_.Exception.InnerException ?? $_) }
        if ($__strictMode) { Set-StrictMode -Version $__strictMode }
        do {
            try {
                $__output = do {
                    if ($__isPlain) { {{Plain}} @__arguments }
                    elseif ($__isPiped) { , $_ | & $__script @__arguments }
                    else { & $__script @__arguments }
                } while ($false)
            } catch { $__error = $_ }
        } while ($false)
        , $__lythonicDag.Answer()
        if ($__error) { $ErrorActionPreference = 'Continue'; & { trap { } throw $__error } }
        """;

    private const string TogetherScript = $$"""
        param($__parcel, $__limit, $__group)
        $__lythonicDag.BeginTogether()
        foreach ($__one in $__parcel) { if ($__lythonicDag.GoesOn) { {{Function}} $__one } }
        '{{RemoteAnswer.Over}}'
        """;

    // A cmdlet of a module, such as New-Object, would have the far end look through the folders of modules first.
    private const string PrepareScript = $$"""
        param([byte[]] $Code, [string] $Name)
        if (-not ('Lythonic.Dag.Remote.Session' -as [type])) {
            $content = [IO.MemoryStream]::new()
            [IO.Compression.GZipStream]::new([IO.MemoryStream]::new($Code), [IO.Compression.CompressionMode]::Decompress).CopyTo($content)
            $null = [Reflection.Assembly]::Load($content.ToArray())
        }
        $global:__lythonicDag = [Lythonic.Dag.Remote.Session]::new($ExecutionContext, $Name)
        function global:{{Plain}} { $__lythonicDag.Call() }
        function global:{{Function}} {
        {{Script}}
        }
        function global:{{Together}} {
        {{TogetherScript}}
        }
        """;

    private static readonly Lazy<byte[]> Code = new(ReadCode);

    private readonly ValueParcels _values = new(adapter);
    private readonly Dictionary<CallHead, int> _heads = [];
    private readonly Dictionary<CallHead, int> _sent = [];
    private RemoteImage? _image;
    private int _lastKey;

    /// <summary>Sends what calls need over there.</summary>
    public void Prepare(PowerShell shell) =>
        shell.AddScript(PrepareScript, useLocalScope: true).AddParameter("Code", Code.Value).AddParameter("Name", hostName);

    /// <summary>Writes a call.</summary>
    /// <exception cref="ValueNotStorableException">A value cannot travel.</exception>
    public object?[] Write(RemoteCall call) => Write(call, null);

    /// <summary>Writes a call that is sent behind others.</summary>
    /// <param name="call">The call.</param>
    /// <param name="before">The one that is sent before it: what it brings along is there, and what those before it do.</param>
    /// <exception cref="ValueNotStorableException">A value cannot travel.</exception>
    public object?[] Write(RemoteCall call, RemoteCall? before)
    {
        var secrets = new ArrayList();
        var parcel = new object?[CallPart.First + (2 * (call.Arguments.Count + call.Using.Count))];
        parcel[CallPart.Path] = call.Context.Path;
        parcel[CallPart.RunId] = call.Context.RunId;
        parcel[CallPart.Attempt] = call.Context.Attempt;
        parcel[CallPart.TraceParent] = call.Context.TraceParent;
        parcel[CallPart.Upstreams] =
            call.Context.Upstreams is { Count: > 0 } upstreams ? _values.Write(TableOf(upstreams), secrets) : null;
        parcel[CallPart.Value] = _values.Write(call.Value, secrets);
        parcel[CallPart.Count] = call.Arguments.Count;
        Write(call.Using, parcel, Write(call.Arguments, parcel, CallPart.First, secrets), secrets);
        parcel[CallPart.Brought] = Brought(call, before, secrets, out var key);
        parcel[CallPart.Key] = key;
        return parcel;
    }

    /// <summary>Remembers that the far end has what an answered call brought along.</summary>
    public void Sent(RemoteCall call)
    {
        var head = CallHead.From(call);
        if (_sent.Remove(head, out var key))
            _heads.TryAdd(head, key);
        _image = call.Image;
    }

    /// <summary>
    /// Forgets what unanswered calls brought along, because nobody knows whether it arrived. Their keys are never used again.
    /// </summary>
    public void Forget() => _sent.Clear();

    /// <summary>Reads the result of a call.</summary>
    public RemoteResult Read(PipelineEnd end)
    {
        foreach (var item in end.Output)
        {
            if (RemoteAnswer.Read(item) is { IsOver: false } answer)
                return Read(answer, end) with { IsAnswered = true };
        }

        return end.State == PSInvocationState.Completed ? new RemoteResult(RemoteOutcomeKind.Ended) : Failed(end, null);
    }

    /// <summary>Reads the result of one of several calls; <see langword="null"/> if the item does not say that a call completed.</summary>
    public RemoteResult? ReadCompleted(PSObject item) =>
        RemoteAnswer.Read(item) is { IsCompleted: true } answer ? answer.ReadOutput(_values) : null;

    /// <summary>Whether an item says that none of the remaining calls begins.</summary>
    public static bool IsOver(PSObject item) => RemoteAnswer.Read(item) is { IsOver: true };

    /// <summary>Reads the result of a plain command, whose output is not an answer of our script.</summary>
    public static RemoteResult ReadPlain(PipelineEnd end) =>
        end.State != PSInvocationState.Completed
            ? Failed(end, null)
            : new RemoteResult(RemoteOutcomeKind.Completed) { Value =
                end.Output.Count switch { 0 => null, 1 => end.Output[0], _ => end.Output.ToArray<object>() } };

    // What the far end does not have yet.
    private Hashtable? Brought(RemoteCall call, RemoteCall? before, ArrayList secrets, out int key)
    {
        var head = CallHead.From(call);
        var known = _heads.TryGetValue(head, out key) || (before is not null && _sent.TryGetValue(head, out key));
        var hasImage = ReferenceEquals(call.Image, before is null ? _image : before.Image);
        if (!known)
            key = _sent[head] = ++_lastKey;
        if (known && hasImage && secrets.Count == 0)
            return null;
        var brought = new Hashtable();
        if (!known)
            brought["Head"] = head.Write();
        if (!hasImage)
            brought["Image"] = Write(call.Image);
        if (secrets.Count > 0)
            brought["Secrets"] = secrets;
        return brought;
    }

    private int Write(IReadOnlyDictionary<string, object?> values, object?[] parcel, int next, ArrayList secrets)
    {
        foreach (var (name, value) in values)
        {
            parcel[next++] = name;
            parcel[next++] = _values.Write(value, secrets);
        }

        return next;
    }

    private Hashtable Write(RemoteImage image)
    {
        var secrets = new ArrayList();
        return new Hashtable
        {
            ["Functions"] = new Hashtable(
                image.Functions.ToDictionary(function => function.Key, function => CallHead.Write(function.Value))),
            ["Aliases"] = new Hashtable(image.Aliases.ToDictionary(alias => alias.Key, alias => alias.Value)),
            ["Modules"] = image.Modules.Select(module => module.Name).ToArray(),
            ["ModuleStates"] = image.Modules.Select(module => module.State).ToArray(),
            ["Variables"] = _values.Write(image.Variables, secrets),
            ["Secrets"] = secrets,
        };
    }

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

    private RemoteResult Read(RemoteAnswer answer, PipelineEnd end)
    {
        if (answer.IsCompleted)
            return answer.ReadOutput(_values);
        return answer.IsPaused ? new RemoteResult(RemoteOutcomeKind.Paused) { PauseReason = answer.Text(2) } : Failed(end, answer);
    }

    private static RemoteResult Failed(PipelineEnd end, RemoteAnswer? answer)
    {
        var record = end.LastError ?? (end.Reason as RemoteException)?.ErrorRecord;
        var error = answer is { } given
            ? new RemoteError(given.Text(2)!, record, given.Text(3), given.Text(4), given.Text(5))
            : new RemoteError(end.Reason?.Message ?? "The code was stopped on the host.", record);
        return new RemoteResult(RemoteOutcomeKind.Failed) { Error = error };
    }

    // Remoting waits for an answer after every 32 KB, so the assembly is sent compressed.
    private static byte[] ReadCode()
    {
        using var stream = typeof(CallWriter).Assembly.GetManifestResourceStream("Lythonic.Dag.Remote.dll")!;
        var code = new MemoryStream();
        using (var packed = new GZipStream(code, CompressionLevel.Fastest))
            stream.CopyTo(packed);
        return code.ToArray();
    }
}
