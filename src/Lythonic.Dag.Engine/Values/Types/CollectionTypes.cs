using System.Collections;
using System.Runtime.CompilerServices;

namespace Lythonic.Dag.Values;

/// <summary>Element types of declared collections.</summary>
internal static class CollectionTypes
{
    /// <summary>The element type of an array or of a type that is enumerable; <see langword="null"/> for others.</summary>
    public static Type? EnumerableElementType(Type? type)
    {
        if (type is null || type == typeof(string) || !typeof(IEnumerable).IsAssignableFrom(type))
            return null;
        if (type.IsArray)
            return type.GetElementType();
        return Argument(type, typeof(IEnumerable<>), 0);
    }

    /// <summary>The value type of a declared dictionary; <see langword="null"/> for others.</summary>
    public static Type? ValueOf(Type? type) =>
        type is null ? null : Argument(type, typeof(IDictionary<,>), 1) ?? Argument(type, typeof(IReadOnlyDictionary<,>), 1);

    /// <summary>The type of the elements. The declared one is used only if the list of types has none.</summary>
    public static Type ElementTarget(CollectionForm form, Type? declared) =>
        form.Arguments[^1] == typeof(object) && EnumerableElementType(declared) is { } element && NeedsType(element)
            ? element
            : form.Arguments[^1];

    /// <summary>
    /// The type of the values. The declared one is used only if the list of types has none. An array declares the values of a table too,
    /// because the outputs of a map's elements come in either.
    /// </summary>
    public static Type ValueTarget(CollectionForm form, Type? declared)
    {
        var value = ValueOf(declared) ?? (form.IsTable && declared is { IsArray: true } ? declared.GetElementType() : null);
        return form.Arguments[^1] == typeof(object) && value is not null && NeedsType(value) ? value : form.Arguments[^1];
    }

    /// <summary>
    /// The types of the items of a tuple or a pair. A declared one is used only where the list of types has none.
    /// </summary>
    public static Type[] ItemTargets(CollectionForm form, Type? declared)
    {
        if (declared is null || !form.Arguments.Contains(typeof(object)))
            return form.Arguments;
        var wanted = ItemsOf(Nullable.GetUnderlyingType(declared) ?? declared);
        return wanted is null || wanted.Length != form.Arguments.Length
            ? form.Arguments
            : [.. form.Arguments.Zip(wanted, (listed, item) => listed == typeof(object) && NeedsType(item) ? item : listed)];
    }

    /// <summary>
    /// Whether values of the type, or values inside them, come back only because of their declaration. A declared PSObject or interface
    /// does not say what the value is.
    /// </summary>
    public static bool NeedsType(Type type) =>
        type.IsEnum || PlainObject.ForType(Nullable.GetUnderlyingType(type) ?? type) is not null
        || (ValueOf(type) ?? EnumerableElementType(type)) is { } inner && inner != type && NeedsType(inner)
        || ItemsOf(Nullable.GetUnderlyingType(type) ?? type)?.Any(NeedsType) == true;

    private static Type[]? ItemsOf(Type type) =>
        IsOf(type, typeof(KeyValuePair<,>)) || (typeof(ITuple).IsAssignableFrom(type) && type.IsConstructedGenericType)
            ? type.GetGenericArguments()
            : null;

    private static Type? Argument(Type type, Type definition, int index)
    {
        var match = IsOf(type, definition) ? type : Array.Find(type.GetInterfaces(), candidate => IsOf(candidate, definition));
        return match?.GetGenericArguments()[index];
    }

    private static bool IsOf(Type type, Type definition) =>
        type.IsConstructedGenericType && type.GetGenericTypeDefinition() == definition;
}
