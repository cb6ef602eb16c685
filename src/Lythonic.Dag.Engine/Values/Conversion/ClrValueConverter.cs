using System.Collections;
using System.Collections.Specialized;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Lythonic.Dag.Values;

/// <summary>The engine's own conversions, in the invariant culture. Thread-safe.</summary>
internal sealed class ClrValueConverter : IValueConverter
{
    /// <summary>The converter; it has no state.</summary>
    public static ClrValueConverter Instance { get; } = new();

    private static readonly LossSearch Secrets =
        new(static value => value is SecretPlaceholder, static value => value is ValueSnapshot snapshot ? Content(snapshot) : null);
    private static readonly LossSearch Cuts = new(
        static value => value is ValueSnapshot { IsTruncated: true },
        static value => value is ValueSnapshot snapshot
            ? Content(snapshot).Concat(snapshot.Properties.Select(property => property.Value))
            : null);

    /// <inheritdoc/>
    public bool TryConvert(object? value, Type type, out object? converted, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(type);
        try
        {
            problem = Convert(value, type, out converted);
        }
        catch (Exception fault) when (fault is FormatException or OverflowException or ArgumentException or InvalidCastException
            or TargetInvocationException or MemberAccessException or NotSupportedException or InsufficientExecutionStackException)
        {
            converted = null;
            var cause = fault is TargetInvocationException { InnerException: { } inside } ? inside : fault;
            problem = $"{Name(value)} cannot be converted to {type}: {cause.Message}";
        }

        if (problem is null)
            return true;
        converted = null;
        return false;
    }

    /// <inheritdoc/>
    public object? Unwrap(object? value) => value;

    /// <inheritdoc/>
    public object? ContentOf(object? value) => value is ValueSnapshot snapshot ? snapshot.Content ?? snapshot : value;

    /// <inheritdoc/>
    public bool IsTrace(object? value) =>
        value is ValueSnapshot or SecretPlaceholder
        || (value is IList items && RuntimeHelpers.TryEnsureSufficientExecutionStack() && items.Cast<object?>().Any(IsTrace));

    /// <inheritdoc/>
    public SecretPlaceholder? FindSecret(object? value) => (SecretPlaceholder?)Secrets.Find(value);

    /// <inheritdoc/>
    public bool HasCut(object? value) => Cuts.Find(value) is not null;

    /// <inheritdoc/>
    public bool TryGetMember(object target, string name, out object? value)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(name);
        return MemberAccess.TryGet(target, name, out value);
    }

    private static IEnumerable<object?> Content(ValueSnapshot snapshot) =>
        (snapshot.Items ?? []).Concat(snapshot.Entries?.Select(entry => entry.Value) ?? []);

    private static string Name(object? value) => value is null ? "Null" : $"A value of type {value.GetType()}";

    private string? Convert(object? value, Type type, out object? converted)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        converted = value;
        if (value is null)
            return type.IsValueType && Nullable.GetUnderlyingType(type) is null ? $"Null cannot become {type}." : null;
        if (type.IsInstanceOfType(value))
            return null;
        if (LostValue.Explain(value, type) is { } trace)
            return trace;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsInstanceOfType(value) || ScalarConversion.TryConvert(value, type, out converted))
            return null;
        if (CollectionTarget.IsKeyed(type) && value is IDictionary entries)
            return ConvertEntries(entries, type, out converted);
        if (CollectionTarget.CreatableElementType(type) is { } element)
            return ConvertItems(value, type, element, out converted);
        if (PlainObject.ForType(type) is { } plain && value is not string && value is not IConvertible)
            return ConvertMembers(value, type, plain, out converted);
        converted = null;
        return $"{Name(value)} cannot become {type}.";
    }

    private string? ConvertItems(object value, Type type, Type element, out object? converted)
    {
        converted = null;
        var source = value is IEnumerable many and not string and not IDictionary ? many : new[] { value };
        var items = new List<object?>();
        foreach (var item in source)
        {
            if (!TryConvert(item, element, out var made, out var problem))
                return $"Element {items.Count.ToString(CultureInfo.InvariantCulture)}: {problem}";
            items.Add(made);
        }

        converted = CollectionTarget.Make(type, element, items);
        return null;
    }

    private string? ConvertEntries(IDictionary entries, Type type, out object? converted)
    {
        converted = null;
        var dictionary = CollectionTarget.MakeDictionary(type, out var keyType, out var valueType);
        var enumerator = entries.GetEnumerator();
        while (enumerator.MoveNext())
        {
            if (!TryConvert(enumerator.Key, keyType, out var key, out var problem)
                || !TryConvert(enumerator.Value, valueType, out var content, out problem))
                return $"Key '{enumerator.Key}': {problem}";
            dictionary[key!] = content;
        }

        converted = dictionary;
        return null;
    }

    /// <inheritdoc/>
    public object WithoutMember(object target, string name)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target is not IDictionary dictionary)
            return target;
        var copy = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in dictionary)
        {
            if (!name.Equals(entry.Key as string, StringComparison.OrdinalIgnoreCase))
                copy.Add(entry.Key, entry.Value);
        }

        return copy;
    }

    private string? ConvertMembers(object value, Type type, PlainObject plain, out object? converted)
    {
        converted = null;
        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in plain.Members)
        {
            if (!TryGetMember(value, member.Name, out var content))
                continue;
            if (!TryConvert(content, member.Type, out var made, out var problem))
                return $"{member.Name}: {problem}";
            values[member.Name] = made;
        }

        if (value is IDictionary given)
        {
            foreach (var key in given.Keys)
            {
                if (key is not string name || plain.Find(name) is null)
                    return $"{type} has no property '{key}'.";
            }
        }
        else if (values.Count == 0)
        {
            return $"{Name(value)} cannot become {type}.";
        }

        converted = plain.Create(values, out var lack);
        return converted is null ? $"{type} {lack}." : null;
    }
}
