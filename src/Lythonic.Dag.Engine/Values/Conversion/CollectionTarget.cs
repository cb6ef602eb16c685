using System.Collections;
using System.Collections.ObjectModel;
using System.Collections.Specialized;

namespace Lythonic.Dag.Values;

/// <summary>Makes the collection types that a conversion can convert to.</summary>
internal static class CollectionTarget
{
    private static readonly Type[] ListLike =
    [
        typeof(List<>), typeof(IList<>), typeof(ICollection<>), typeof(IEnumerable<>), typeof(IReadOnlyList<>),
        typeof(IReadOnlyCollection<>),
    ];

    private static readonly Type[] Others = [typeof(HashSet<>), typeof(ISet<>), typeof(IReadOnlySet<>), typeof(Collection<>)];

    /// <summary>The element type, or <see langword="null"/> if the type is no list that can be made.</summary>
    public static Type? CreatableElementType(Type type)
    {
        if (type.IsSZArray)
            return type.GetElementType();
        if (type == typeof(ArrayList) || type == typeof(IList) || type == typeof(ICollection) || type == typeof(IEnumerable))
            return typeof(object);
        if (!type.IsConstructedGenericType)
            return null;
        var definition = type.GetGenericTypeDefinition();
        return ListLike.Contains(definition) || Others.Contains(definition) ? type.GetGenericArguments()[0] : null;
    }

    /// <summary>Whether a dictionary can be converted to the type.</summary>
    public static bool IsKeyed(Type type)
    {
        if (type == typeof(Hashtable) || type == typeof(OrderedDictionary))
            return true;
        if (!type.IsConstructedGenericType)
            return false;
        var definition = type.GetGenericTypeDefinition();
        return definition == typeof(Dictionary<,>) || definition == typeof(IDictionary<,>) || definition == typeof(IReadOnlyDictionary<,>);
    }

    /// <summary>Makes a list, set or array of converted elements.</summary>
    public static object Make(Type type, Type element, List<object?> items)
    {
        var array = Array.CreateInstance(element, items.Count);
        for (var i = 0; i < items.Count; i++)
            array.SetValue(items[i], i);
        if (type.IsArray)
            return array;
        if (!type.IsGenericType)
            return new ArrayList(array);
        var definition = type.GetGenericTypeDefinition();
        var list = Activator.CreateInstance(typeof(List<>).MakeGenericType(element), new object[] { array })!;
        if (!Others.Contains(definition))
            return list;
        var made = definition == typeof(Collection<>) ? typeof(Collection<>) : typeof(HashSet<>);
        return Activator.CreateInstance(made.MakeGenericType(element), new[] { list })!;
    }

    /// <summary>Makes an empty dictionary.</summary>
    public static IDictionary MakeDictionary(Type type, out Type keyType, out Type valueType)
    {
        keyType = valueType = typeof(object);
        if (type == typeof(Hashtable))
            return new Hashtable(StringComparer.OrdinalIgnoreCase);
        if (type == typeof(OrderedDictionary))
            return new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        var arguments = type.GetGenericArguments();
        keyType = arguments[0];
        valueType = arguments[1];
        return (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(arguments))!;
    }
}
