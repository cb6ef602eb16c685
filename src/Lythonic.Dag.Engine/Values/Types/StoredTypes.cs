using System.Collections;
using System.Collections.ObjectModel;
using System.Collections.Specialized;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml;

namespace Lythonic.Dag.Values;

/// <summary>The fixed list of types that a tag may create, and the names of collections of them.</summary>
internal sealed class StoredTypes
{
    private static readonly (CollectionKind Kind, string Name, Type Definition)[] Generics =
    [
        (CollectionKind.List, "list", typeof(List<>)),
        (CollectionKind.Collection, "collection", typeof(Collection<>)),
        (CollectionKind.Set, "set", typeof(HashSet<>)),
        (CollectionKind.Queue, "queue", typeof(Queue<>)),
        (CollectionKind.Stack, "stack", typeof(Stack<>)),
        (CollectionKind.LinkedList, "linkedlist", typeof(LinkedList<>)),
        (CollectionKind.SortedSet, "sortedset", typeof(SortedSet<>)),
        (CollectionKind.Dictionary, "dictionary", typeof(Dictionary<,>)),
        (CollectionKind.OrderedDictionary, "ordereddictionary", OrderedDefinition()),
        (CollectionKind.SortedDictionary, "sorteddictionary", typeof(SortedDictionary<,>)),
        (CollectionKind.SortedList, "sortedlist", typeof(SortedList<,>)),
        (CollectionKind.Pair, "pair", typeof(KeyValuePair<,>)),
        (CollectionKind.Tuple, "tuple", typeof(Tuple<>)),
        (CollectionKind.Tuple, "tuple", typeof(Tuple<,>)),
        (CollectionKind.Tuple, "tuple", typeof(Tuple<,,>)),
        (CollectionKind.Tuple, "tuple", typeof(Tuple<,,,>)),
        (CollectionKind.Tuple, "tuple", typeof(Tuple<,,,,>)),
        (CollectionKind.ValueTuple, "valuetuple", typeof(ValueTuple<>)),
        (CollectionKind.ValueTuple, "valuetuple", typeof(ValueTuple<,>)),
        (CollectionKind.ValueTuple, "valuetuple", typeof(ValueTuple<,,>)),
        (CollectionKind.ValueTuple, "valuetuple", typeof(ValueTuple<,,,>)),
        (CollectionKind.ValueTuple, "valuetuple", typeof(ValueTuple<,,,,>)),
    ];

    private static readonly CollectionForm[] Untyped =
    [
        new(CollectionKind.ArrayList, "arraylist", typeof(ArrayList), [typeof(object)], null),
        new(CollectionKind.Hashtable, "hashtable", typeof(Hashtable), [typeof(object), typeof(object)], null),
        new(CollectionKind.SortedTable, "sortedlist", typeof(SortedList), [typeof(object), typeof(object)], null),
        new(CollectionKind.Queue, "queue", typeof(Queue), [typeof(object)], null),
        new(CollectionKind.Stack, "stack", typeof(Stack), [typeof(object)], null),
        new(CollectionKind.Ordered, "ordered", typeof(OrderedDictionary), [typeof(object), typeof(object)], null),
    ];

    private readonly Dictionary<Type, StoredScalar> _scalars = [];
    private readonly Dictionary<string, Type> _names = new(StringComparer.Ordinal) { ["object"] = typeof(object) };
    private readonly ConditionalWeakTable<Type, object> _forms = [];
    private readonly EnumTypes _enums;

    // Those of the host come first: they are hashtables too.
    private readonly CollectionForm[] _untyped;

    public StoredTypes(IValueAdapter? adapter)
    {
        _enums = new EnumTypes(adapter);
        _untyped = adapter?.OrderedTable is { } ordered
            ? [new(CollectionKind.HostTable, "orderedhashtable", ordered, [typeof(object), typeof(object)], null), .. Untyped]
            : Untyped;
        IEnumerable<StoredScalar> hosted = adapter is null ? [] : adapter.TextForms.Select(form => new HostScalar(form));
        foreach (var scalar in FixedScalars.All.Concat(hosted))
        {
            _scalars[scalar.Type] = scalar;
            _names[scalar.Name] = scalar.Type;
        }
    }

    public StoredScalar? ScalarOf(Type type) => _scalars.GetValueOrDefault(type);

    /// <summary>
    /// The type on the list from which the class of an object derives, if the class is part of the platform, such as a generated regex.
    /// </summary>
    public StoredScalar? ScalarBelow(object value) =>
        value switch
        {
            Regex => ScalarOf(typeof(Regex)),
            IPAddress => ScalarOf(typeof(IPAddress)),
            XmlDocument => ScalarOf(typeof(XmlDocument)),
            _ => null,
        };

    /// <summary>A value of an enum that the process has loaded; <see langword="null"/> if no such enum has the value.</summary>
    public static object? ReadLoadedEnum(string fullName, string text) =>
        EnumTypes.IsName(fullName) ? LoadedEnums.Read(fullName, text) : null;

    public Type? FindEnum(string fullName) => _enums.Find(fullName);

    /// <summary>How a collection type is stored, or <see langword="null"/> for any other type.</summary>
    public CollectionForm? FormOf(Type type)
    {
        if (_forms.TryGetValue(type, out var known))
            return known as CollectionForm;
        var form = MakeForm(type);
        _forms.AddOrUpdate(type, form ?? (object)DBNull.Value);
        return form;
    }

    /// <summary>
    /// The list or dictionary that stands for a collection that is not on the list, if only its interface is declared, such as
    /// <c>IReadOnlyList</c> in a record. The compiler makes such collections.
    /// </summary>
    public CollectionForm? StandInFor(object value, Type? declared)
    {
        if (declared is not { IsInterface: true, IsConstructedGenericType: true } || !declared.IsInstanceOfType(value))
            return null;
        var arguments = declared.GetGenericArguments();
        if (arguments.Length == 2 && value is IDictionary)
            return Accept(typeof(Dictionary<,>).MakeGenericType(arguments), declared);
        return arguments.Length == 1 && LiveKinds.IsCollection(value) ? Accept(typeof(List<>).MakeGenericType(arguments), declared) : null;
    }

    /// <summary>The name of a listed type, or <see langword="null"/>.</summary>
    public string? NameOf(Type type)
    {
        if (type == typeof(object))
            return "object";
        if (_scalars.TryGetValue(type, out var scalar))
            return scalar.Name;
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return NameOf(inner) is { } name ? name + "?" : null;
        if (type.IsEnum)
            return type.FullName is { } full && _enums.Find(full) == type ? full : null;
        return FormOf(type) is { OriginalTypeName: null } form ? form.Name : null;
    }

    /// <summary>The type that a name may create, or <see langword="null"/>.</summary>
    public Type? Find(string name) => _names.GetValueOrDefault(name) ?? new TypeNameParser(name, FindLeaf).Parse();

    /// <summary>The type of a collection kind over given arguments, or <see langword="null"/>.</summary>
    public static Type? Make(CollectionKind kind, Type[] arguments)
    {
        if (kind == CollectionKind.Array)
            return arguments[0].MakeArrayType();
        foreach (var generic in Generics)
        {
            if (generic.Kind == kind && generic.Definition.GetGenericArguments().Length == arguments.Length)
                return generic.Definition.MakeGenericType(arguments);
        }

        return Array.Find(Untyped, form => form.Kind == kind)?.Type;
    }

    /// <summary>The collection kind of a name in front of <c>&lt;</c>.</summary>
    public static CollectionKind? KindOf(string name)
    {
        foreach (var generic in Generics)
        {
            if (generic.Name == name)
                return generic.Kind;
        }

        return null;
    }

    // .NET 8 has no such type. There a stored one becomes a dictionary, which keeps the order too as long as nothing is removed.
    private static Type OrderedDefinition() =>
        typeof(SortedDictionary<,>).Assembly.GetType("System.Collections.Generic.OrderedDictionary`2") ?? typeof(Dictionary<,>);

    private CollectionForm? Accept(Type type, Type declared) => declared.IsAssignableFrom(type) ? FormOf(type) : null;

    private Type? FindLeaf(string name) =>
        _names.GetValueOrDefault(name) ?? Array.Find(_untyped, form => form.Name == name)?.Type ?? FindEnum(name);

    private CollectionForm? MakeForm(Type type)
    {
        if (_scalars.ContainsKey(type))
            return null;
        if (type.IsSZArray)
            return Named(CollectionKind.Array, null, type, [type.GetElementType()!]);
        if (type.IsArray && type.GetArrayRank() > 1)
            return Named(CollectionKind.Grid, null, type, [type.GetElementType()!]);
        if (type.IsConstructedGenericType)
        {
            var definition = type.GetGenericTypeDefinition();
            var index = Array.FindIndex(Generics, generic => generic.Definition == definition);
            return index < 0 ? null : Named(Generics[index].Kind, Generics[index].Name, type, type.GetGenericArguments());
        }

        return Array.Find(_untyped, form => form.Type.IsAssignableFrom(type));
    }

    private CollectionForm Named(CollectionKind kind, string? prefix, Type type, Type[] arguments)
    {
        var listed = arguments.Select(argument => NameOf(argument) is null ? typeof(object) : argument).ToArray();
        var names = string.Join(",", listed.Select(NameOf));
        var whole = listed.SequenceEqual(arguments);
        return new CollectionForm(
            kind,
            prefix is null ? $"{names}[{new string(',', type.GetArrayRank() - 1)}]" : $"{prefix}<{names}>",
            whole ? type : kind == CollectionKind.Grid ? listed[0].MakeArrayType(type.GetArrayRank()) : Make(kind, listed)!,
            listed,
            whole ? null : type.ToString());
    }
}
