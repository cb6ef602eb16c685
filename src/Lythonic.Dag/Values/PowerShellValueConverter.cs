using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Runtime.CompilerServices;

namespace Lythonic.Dag.Values;

/// <summary>Converts values as PowerShell converts them, in the invariant culture. Thread-safe.</summary>
internal sealed class PowerShellValueConverter : IValueConverter
{
    private static readonly LossSearch Secrets = new(static value => value is SecretPlaceholder, Inside);
    private static readonly LossSearch Cuts = new(
        IsCut, static value => value is PSObject wrapper ? Content(wrapper).Concat(Notes(wrapper)) : null);

    /// <inheritdoc/>
    public bool TryConvert(object? value, Type type, out object? converted, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(type);
        problem = null;
        converted = type == typeof(PSObject) ? value : Unwrap(value);
        if (type == typeof(object) || (converted is not null && type.IsInstanceOfType(converted)))
            return true;
        if (ExplainTrace(value, type) is { } trace)
        {
            converted = null;
            problem = trace;
            return false;
        }

        try
        {
            converted = LanguagePrimitives.ConvertTo(value, type, CultureInfo.InvariantCulture);
            return true;
        }
        catch (Exception fault) when (fault is InvalidCastException or RuntimeException or ArgumentException)
        {
            return TryEngine(value, type, Innermost(fault), out converted, out problem);
        }
    }

    /// <inheritdoc/>
    public object? Unwrap(object? value) =>
        ReferenceEquals(value, AutomationNull.Value) ? null
        : value is PSObject wrapper && wrapper.BaseObject is not PSCustomObject && DeserializedObject.TypeNameOf(wrapper) is null
            // PowerShell finds the notes of a value again from the value alone, except those of a text.
            && !(wrapper.BaseObject is string && PowerShellValueAdapter.HasNotes(wrapper))
            ? wrapper.BaseObject
            : value;

    /// <inheritdoc/>
    public object? ContentOf(object? value) =>
        value is PSObject { BaseObject: not PSCustomObject } wrapper && !ReferenceEquals(value, AutomationNull.Value)
            ? wrapper.BaseObject
            : Unwrap(value);

    /// <inheritdoc/>
    public bool IsTrace(object? value) =>
        (value as PSObject)?.BaseObject is var content && (
            (value is PSObject wrapper && DeserializedObject.TypeNameOf(wrapper) is not null)
            || (content ?? value) is ValueSnapshot or SecretPlaceholder
            || ((content ?? value) is IList items
                && RuntimeHelpers.TryEnsureSufficientExecutionStack()
                && items.Cast<object?>().Any(IsTrace)));

    /// <inheritdoc/>
    public SecretPlaceholder? FindSecret(object? value) => (SecretPlaceholder?)Secrets.Find(value);

    /// <inheritdoc/>
    public bool HasCut(object? value) => Cuts.Find(value) is not null;

    /// <inheritdoc/>
    public bool TryGetMember(object target, string name, out object? value)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if ((target is PSObject wrapper ? wrapper.BaseObject : target) is IDictionary dictionary)
            return ClrValueConverter.Instance.TryGetMember(dictionary, name, out value);
        try
        {
            var property = PSObject.AsPSObject(target).Properties[name];
            value = property?.Value;
            return property is not null;
        }
        catch (GetValueException)
        {
            value = null;
            return false;
        }
    }

    /// <inheritdoc/>
    public object WithoutMember(object target, string name)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target is not PSObject { BaseObject: PSCustomObject } bag)
            return ClrValueConverter.Instance.WithoutMember(target, name);
        var copy = bag.Copy();
        copy.Properties.Remove(name);
        return copy;
    }

    // A snapshot describes an object that no longer exists, so its properties are not converted one by one.
    private static IEnumerable<object?>? Inside(object value)
    {
        if (value is not PSObject wrapper)
            return null;
        var content = Content(wrapper);
        return DeserializedObject.TypeNameOf(wrapper) is not null ? content : content.Concat(Notes(wrapper));
    }

    private static bool IsCut(object value) =>
        value is PSObject wrapper
            && DeserializedObject.TypeNameOf(wrapper) is not null
            && wrapper.Properties[DeserializedObject.TruncatedProperty] is not null;

    private static IEnumerable<object?> Content(PSObject wrapper) => wrapper.BaseObject is PSCustomObject ? [] : [wrapper.BaseObject];

    private static IEnumerable<object?> Notes(PSObject wrapper) =>
        wrapper.Properties.Where(property => property.MemberType == PSMemberTypes.NoteProperty).Select(property => property.Value);

    private static string? ExplainTrace(object? value, Type type)
    {
        // PowerShell converts anything to a string; the placeholder of a secret would become a text that says what is missing.
        if (type == typeof(string) || type == typeof(PSObject))
            return null;
        if (value is PSObject wrapper && DeserializedObject.TypeNameOf(wrapper) is { } original)
            return CanHoldSnapshot(type) ? null : LostValue.Explain(DeserializedObject.ToSnapshot(wrapper, original), type);
        var content = (value as PSObject)?.BaseObject ?? value;
        if (CanHoldSnapshot(type))
            return null;
        return LostValue.Explain(content, type) ?? ExplainElements(content, type);
    }

    // PowerShell would fill a new object of the type from the properties of a snapshot, for example a Process that is no process.
    private static string? ExplainElements(object? content, Type type)
    {
        if (content is not IList items || CollectionTypes.EnumerableElementType(type) is not { } element || element == typeof(object))
            return null;
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is { } item && ExplainTrace(item, element) is { } trace)
                return $"Element {i.ToString(CultureInfo.InvariantCulture)}: {trace}";
        }

        return null;
    }

    // A list of objects can hold a snapshot like any other value.
    private static bool CanHoldSnapshot(Type type) =>
        type == typeof(object[]) || type == typeof(PSObject[]) || type == typeof(ArrayList) || type == typeof(List<object>)
        || type == typeof(bool)
            || type == typeof(IEnumerable)
            || type == typeof(IEnumerable<object>)
            || type == typeof(IReadOnlyList<object>);

    private static string Innermost(Exception fault)
    {
        while (fault.InnerException is { } inner)
            fault = inner;
        return fault.Message;
    }

    // Conversions that PowerShell does not have: to interfaces of lists, and to records through their constructor.
    private bool TryEngine(object? value, Type type, string reason, out object? converted, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        converted = null;
        try
        {
            if (Plain(value) is { } plain && ClrValueConverter.Instance.TryConvert(plain, type, out converted, out _))
                return true;
        }
        catch (InsufficientExecutionStackException deep)
        {
            reason = deep.Message;
        }

        converted = null;
        problem = reason;
        return false;
    }

    private object? Plain(object? value)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (Unwrap(value))
        {
            case PSObject bag when bag.BaseObject is PSCustomObject && DeserializedObject.TypeNameOf(bag) is null:
                var members = new System.Collections.Specialized.OrderedDictionary(StringComparer.OrdinalIgnoreCase);
                foreach (var property in bag.Properties.Where(property => property.MemberType == PSMemberTypes.NoteProperty))
                    members[property.Name] = Plain(property.Value);
                return members;
            case object[] items:
                return Array.ConvertAll(items, Plain);
            case var other:
                return other;
        }
    }
}
