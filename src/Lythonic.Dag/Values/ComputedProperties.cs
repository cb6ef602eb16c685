using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Runtime.CompilerServices;

namespace Lythonic.Dag.Values;

/// <summary>
/// What the script properties of objects gave when they were last asked. Their scripts run in the session that made them: PowerShell waits
/// 250 ms for one that is not the thread's own, and mixes up the results if several threads ask it at the same time. So an object whose
/// other properties are what they were is not asked again. Thread-safe.
/// </summary>
internal sealed class ComputedProperties
{
    private static readonly object Asking = new();
    private static readonly ConditionalWeakTable<PSObject, ComputedProperties> Known = new();

    private readonly Dictionary<string, object?> _given = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, object?> _values = new(StringComparer.OrdinalIgnoreCase);

    private ComputedProperties(PSObject owner)
    {
        foreach (var property in owner.Properties.OfType<PSNoteProperty>())
            _given[property.Name] = PSWrapper.Unwrap(property.Value);
    }

    /// <summary>The values of an object's script properties by their names; one that could not be asked is missing.</summary>
    /// <param name="owner">The object.</param>
    public static IReadOnlyDictionary<string, object?> Of(PSObject owner)
    {
        var now = new ComputedProperties(owner);
        if (Known.TryGetValue(owner, out var known) && known.IsOf(now._given))
            return known._values;
        var isWhole = now.Ask(owner);
        if (isWhole && now._given.Values.All(IsPlain))
            Known.AddOrUpdate(owner, now);
        return now._values;
    }

    /// <summary>
    /// Whether a script gave nothing. The session that made it may be too busy to evaluate it: then it gives null, or the null that
    /// PowerShell has for no output.
    /// </summary>
    public static bool IsNothing(object? value) => value is null || ReferenceEquals(value, AutomationNull.Value);

    // What can change without being replaced cannot be compared with what it was.
    private static bool IsPlain(object? value) => value is null or string or ValueType;

    private bool IsOf(Dictionary<string, object?> given) =>
        given.Count == _given.Count
        && given.All(property => _given.TryGetValue(property.Key, out var before) && Equals(before, property.Value));

    private bool Ask(PSObject owner)
    {
        var isWhole = true;
        foreach (var script in owner.Properties.OfType<PSScriptProperty>())
        {
            try
            {
                lock (Asking)
                    _values[script.Name] = script.Value;
                isWhole &= !IsNothing(_values[script.Name]);
            }
            catch (GetValueException)
            {
                // It fails, or needs a session that is not there or is busy: it has no value to keep.
                isWhole = false;
            }
        }

        return isWhole;
    }
}
