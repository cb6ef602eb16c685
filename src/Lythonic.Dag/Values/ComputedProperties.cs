using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace Lythonic.Dag.Values;

/// <summary>
/// What the script properties of objects gave when they were last asked. Their scripts run in the session that made them: PowerShell waits
/// 250 ms for one that is not the thread's own, and mixes up the results if several threads ask it at the same time. So another session
/// does not ask again an object whose other properties and scripts are what they were, though the content of one may have changed.
/// Thread-safe.
/// </summary>
internal sealed class ComputedProperties
{
    // Far more than an answer takes in the session that owns the scripts, and less than PowerShell's wait for another one.
    private static readonly TimeSpan MostOfOwn = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MostOfTurn = TimeSpan.FromSeconds(1);
    private static readonly object Asking = new();
    private static readonly ConditionalWeakTable<PSObject, ComputedProperties> Known = new();

    // Of a script property the script, and of any other the value.
    private readonly Dictionary<string, object?> _given = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, object?> _values = new(StringComparer.OrdinalIgnoreCase);
    private Guid? _session;

    private ComputedProperties(PSObject owner)
    {
        foreach (var property in owner.Properties)
        {
            if (property is PSNoteProperty note)
                _given[note.Name] = PSWrapper.Unwrap(note.Value);
            else if (property is PSScriptProperty script)
                _given[script.Name] = script.GetterScript;
        }
    }

    /// <summary>The values of an object's script properties by their names; one that could not be asked is missing.</summary>
    /// <param name="owner">The object.</param>
    public static IReadOnlyDictionary<string, object?> Of(PSObject owner)
    {
        var now = new ComputedProperties(owner);
        if (Known.TryGetValue(owner, out var known) && !known.IsOfThisThread && known.IsOf(now._given))
            return known._values;
        if (now.Ask(owner))
            Known.AddOrUpdate(owner, now);
        else
            Known.Remove(owner);
        return now._values;
    }

    /// <summary>
    /// Asks the script properties of a value now, if it has any. Call it on a thread of the session that made the value, before other
    /// sessions see it.
    /// </summary>
    /// <param name="value">The value.</param>
    public static void AskHere(object? value)
    {
        if (value is PSObject { BaseObject: PSCustomObject } bag && AttachedMembers.Of(bag).Any(member => member is PSScriptProperty))
            Of(bag);
    }

    /// <summary>
    /// Whether a script gave nothing. The session that made it may be too busy to evaluate it: then it gives null, or the null that
    /// PowerShell has for no output.
    /// </summary>
    public static bool IsNothing(object? value) => value is null || ReferenceEquals(value, AutomationNull.Value);

    private bool IsOfThisThread => _session is { } session && Runspace.DefaultRunspace?.InstanceId == session;

    private bool IsOf(Dictionary<string, object?> given) =>
        given.Count == _given.Count
        && given.All(property => _given.TryGetValue(property.Key, out var before) && Equals(before, property.Value));

    private bool Ask(PSObject owner)
    {
        var isWhole = true;
        var slowest = TimeSpan.Zero;
        foreach (var script in owner.Properties.OfType<PSScriptProperty>())
        {
            try
            {
                var (value, took) = Ask(script);
                _values[script.Name] = value;
                slowest = took > slowest ? took : slowest;
                isWhole &= !IsNothing(_values[script.Name]);
            }
            catch (GetValueException)
            {
                // It fails, or needs a session that is not there or is busy: it has no value to keep.
                isWhole = false;
            }
        }

        _session = slowest < MostOfOwn ? Runspace.DefaultRunspace?.InstanceId : null;
        return isWhole;
    }

    // A script that runs a DAG itself would wait for this turn for ever: it goes on without it.
    private static (object? Value, TimeSpan Took) Ask(PSScriptProperty script)
    {
        var isAlone = Monitor.TryEnter(Asking, MostOfTurn);
        var begun = Stopwatch.GetTimestamp();
        try
        {
            return (script.Value, Stopwatch.GetElapsedTime(begun));
        }
        finally
        {
            if (isAlone)
                Monitor.Exit(Asking);
        }
    }
}
