using System.Collections;
using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Runtime.CompilerServices;
using Lythonic.Dag.Transport;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// Writes the calls of nodes in the form in which they travel: the code with its place, its values, and parts of the caller's session.
/// </summary>
/// <param name="snapshot">The caller's session.</param>
/// <param name="modules">The modules that <c>New-Dag</c> names. Others that code uses load by themselves if the host has them.</param>
internal sealed class RemoteCalls(SessionSnapshot snapshot, IReadOnlyList<string> modules)
{
    private static readonly ConditionalWeakTable<ScriptBlockCode, RemoteScript> Scripts = [];

    // Images are compared by reference, so each is made once in a run.
    private readonly ConcurrentDictionary<(ScriptBlockCode? Of, bool IsStrict, bool IsHere), RemoteImage> _images = new();
    private readonly Lazy<IReadOnlyDictionary<string, RemoteScript>> _functions = new(() => snapshot.Functions.ToDictionary(
        function => function.Key, function => RemoteText.ScriptOf(function.Value), StringComparer.OrdinalIgnoreCase));

    /// <summary>Writes a call.</summary>
    /// <param name="job">The call.</param>
    /// <param name="arguments">The arguments of the code.</param>
    /// <param name="host">The host.</param>
    public RemoteCall Write(WorkerJob job, NodeArguments arguments, HostSpec host)
    {
        var (call, code) = (job.Call.NodeCall, job.Call.Code);
        return new RemoteCall(Scripts.GetValue(code, static made => RemoteText.ScriptOf(made.Script)))
        {
            Arguments = CollectionArguments.Convert(code, arguments.Named).ToDictionary(StringComparer.OrdinalIgnoreCase),
            Value = arguments.PipelineValue,
            IsPiped = job.Call.IsPiped,
            IsPlain = code.PlainParameters is { Length: 0 },
            Using = code.Using is { } values
                ? values.Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => entry.Value)
                : ScriptBlockCode.NoVariables,
            ContextParameters = [.. code.ContextParameters.Select(parameter => parameter.Name)],
            StrictMode = call.IsStrict ? StrictMode.Latest : snapshot.StrictMode,
            TouchesGlobals = snapshot.TraitsOf(code).TouchesSession,
            Image = ImageFor(code, call.IsStrict, isHere: !host.IsElsewhere),
            Context = call.Context,
            Culture = snapshot.Culture,
            UICulture = snapshot.UICulture,
            OnRecord = new RemoteStreams(job.Call).Pass,
        };
    }

    private RemoteImage ImageFor(ScriptBlockCode code, bool isStrict, bool isHere)
    {
        var own = code.Inherited.Count > 0 ? code : null;
        return _images.GetOrAdd((own, isStrict, isHere), key => new RemoteImage
        {
            Functions = _functions.Value,
            Aliases = snapshot.Aliases,
            Modules = key.IsHere
                ? [.. snapshot.Modules.Select(module => (module.Name, module.State))]
                : [.. modules.Select(name => (name, ""))],
            Variables = VariablesOf(key.Of, key.IsStrict),
        });
    }

    // The variables that the code itself took come first, then the rules of -Strict, then those of the caller.
    private Dictionary<string, object?> VariablesOf(ScriptBlockCode? code, bool isStrict) =>
        (code?.Inherited ?? ScriptBlockCode.NoVariables)
            .Concat(isStrict ? StrictRules.Variables : ScriptBlockCode.NoVariables)
            .Concat(snapshot.Variables.Where(variable => Travels(variable.Value)))
            .DistinctBy(variable => variable.Key, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(StringComparer.OrdinalIgnoreCase);

    // An encoding is an object of this process; the far end uses its own.
    private static bool Travels(object? value) =>
        PSWrapper.Unwrap(value) is not System.Text.Encoding and not DefaultParameterDictionary { Count: 0 };
}
