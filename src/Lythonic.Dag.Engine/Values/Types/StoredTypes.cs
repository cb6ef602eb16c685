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
    private static readonly (StoredKind Kind, string Name, Type Definition)[] Generics =
    [
        (StoredKind.List, "list", typeof(List<>)),
        (StoredKind.Collection, "collection", typeof(Collection<>)),
        (StoredKind.Set, "set", typeof(HashSet<>)),
        (StoredKind.Queue, "queue", typeof(Queue<>)),
        (StoredKind.Stack, "stack", typeof(Stack<>)),
        (StoredKind.LinkedList, "linkedlist", typeof(LinkedList<>)),
        (StoredKind.SortedSet, "sortedset", typeof(SortedSet<>)),
        (StoredKind.Dictionary, "dictionary", typeof(Dictionary<,>)),
        (StoredKind.SortedDictionary, "sorteddictionary", typeof(SortedDictionary<,>)),
        (StoredKind.SortedList, "sortedlist", typeof(SortedList<,>)),
        (StoredKind.Pair, "pair", typeof(KeyValuePair<,>)),
        (StoredKind.Tuple, "tuple", typeof(Tuple<>)),
        (StoredKind.Tuple, "tuple", typeof(Tuple<,>)),
        (StoredKind.Tuple, "tuple", typeof(Tuple<,,>)),
        (StoredKind.Tuple, "tuple", typeof(Tuple<,,,>)),
        (StoredKind.Tuple, "tuple", typeof(Tuple<,,,,>)),
        (StoredKind.ValueTuple, "valuetuple", typeof(ValueTuple<>)),
        (StoredKind.ValueTuple, "valuetuple", typeof(ValueTuple<,>)),
        (StoredKind.ValueTuple, "valuetuple", typeof(ValueTuple<,,>)),
        (StoredKind.ValueTuple, "valuetuple", typeof(ValueTuple<,,,>)),
        (StoredKind.ValueTuple, "valuetuple", typeof(ValueTuple<,,,,>)),
    ];

    private static readonly StoredForm[] Untyped =
    [
        new(StoredKind.ArrayList, "arraylist", typeof(ArrayList), [typeof(object)], null),
        new(StoredKind.Hashtable, "hashtable", typeof(Hashtable), [typeof(object), typeof(object)], null),
        new(StoredKind.SortedTable, "sortedlist", typeof(SortedList), [typeof(object), typeof(object)], null),
        new(StoredKind.Queue, "queue", typeof(Queue), [typeof(object)], null),
        new(StoredKind.Stack, "stack", typeof(Stack), [typeof(object)], null),
        new(StoredKind.Ordered, "ordered", typeof(OrderedDictionary), [typeof(object), typeof(object)], null),
    ];

    private readonly Dictionary<Type, StoredScalar> _scalars = [];
    private readonly Dictionary<string, Type> _names = new(StringComparer.Ordinal) { ["object"] = typeof(object) };
    private readonly ConditionalWeakTable<Type, object> _forms = [];
    private readonly EnumTypes _enums;

    public StoredTypes(IValueAdapter? adapter)
    {
        _enums = new EnumTypes(adapter);
        IEnumerable<StoredScalar> hosted = adapter is null ? [] : adapter.TextForms.Select(form => new HostScalar(form));
        foreach (var scalar in FixedScalars.All.Concat(hosted))
        {
            _scalars[scalar.Type] = scalar;
            _names[scalar.Name] = scalar.Type;
        }
    }

    public StoredScalar? ScalarOf(Type type) => _scalars.GetValueOrDefault(type);

    /// <summary>The list's own type of an object whose class derives from it and is the platform's, such as a generated regex.</summary>
    public StoredScalar? ScalarBelow(object value) =>
        value switch
        {
            Regex => ScalarOf(typeof(Regex)),
            IPAddress => ScalarOf(typeof(IPAddress)),
            XmlDocument => ScalarOf(typeof(XmlDocument)),
            _ => null,
        };

    /// <summary>A value of an enum that anybody has loaded; <see langword="null"/> where no such enum has it.</summary>
    public static object? ReadLoadedEnum(string fullName, string text) => EnumTypes.IsName(fullName) ? LoadedEnums.Read(fullName, text) : null;

    public Type? FindEnum(string fullName) => _enums.Find(fullName);

    /// <summary>How a collection type is stored, or <see langword="null"/> for any other type.</summary>
    public StoredForm? FormOf(Type type)
    {
        if (_forms.TryGetValue(type, out var known))
            return known as StoredForm;
        var form = MakeForm(type);
        _forms.AddOrUpdate(type, form ?? (object)DBNull.Value);
        return form;
    }

    /// <summary>
    /// The list or dictionary that stands for an unlisted collection where a declaration asks for its interface alone, as a record's
    /// <c>IReadOnlyList</c> does; the compiler itself makes unlisted ones.
    /// </summary>
    public StoredForm? StandInFor(object value, Type? declared)
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
        return FormOf(type) is { Of: null } form ? form.Name : null;
    }

    /// <summary>The type that a name may create, or <see langword="null"/>.</summary>
    public Type? Find(string name) => _names.GetValueOrDefault(name) ?? new TypeNameParser(name, FindLeaf).Parse();

    /// <summary>The type of a collection kind over given arguments, or <see langword="null"/>.</summary>
    public static Type? Make(StoredKind kind, Type[] arguments)
    {
        if (kind == StoredKind.Array)
            return arguments[0].MakeArrayType();
        foreach (var generic in Generics)
        {
            if (generic.Kind == kind && generic.Definition.GetGenericArguments().Length == arguments.Length)
                return generic.Definition.MakeGenericType(arguments);
        }

        return Array.Find(Untyped, form => form.Kind == kind)?.Type;
    }

    /// <summary>The collection kind of a name in front of <c>&lt;</c>.</summary>
    public static StoredKind? KindOf(string name)
    {
        foreach (var generic in Generics)
        {
            if (generic.Name == name)
                return generic.Kind;
        }

        return null;
    }

    private StoredForm? Accept(Type type, Type declared) => declared.IsAssignableFrom(type) ? FormOf(type) : null;

    private Type? FindLeaf(string name) =>
        _names.GetValueOrDefault(name) ?? Array.Find(Untyped, form => form.Name == name)?.Type ?? FindEnum(name);

    private StoredForm? MakeForm(Type type)
    {
        if (_scalars.ContainsKey(type))
            return null;
        if (type.IsSZArray)
            return Named(StoredKind.Array, null, type, [type.GetElementType()!]);
        if (type.IsArray && type.GetArrayRank() > 1)
            return Named(StoredKind.Grid, null, type, [type.GetElementType()!]);
        if (type.IsConstructedGenericType)
        {
            var definition = type.GetGenericTypeDefinition();
            var index = Array.FindIndex(Generics, generic => generic.Definition == definition);
            return index < 0 ? null : Named(Generics[index].Kind, Generics[index].Name, type, type.GetGenericArguments());
        }

        return Array.Find(Untyped, form => form.Type.IsAssignableFrom(type));
    }

    private StoredForm Named(StoredKind kind, string? prefix, Type type, Type[] arguments)
    {
        var listed = arguments.Select(argument => NameOf(argument) is null ? typeof(object) : argument).ToArray();
        var names = string.Join(",", listed.Select(NameOf));
        var whole = listed.SequenceEqual(arguments);
        return new StoredForm(
            kind,
            prefix is null ? $"{names}[{new string(',', type.GetArrayRank() - 1)}]" : $"{prefix}<{names}>",
            whole ? type : kind == StoredKind.Grid ? listed[0].MakeArrayType(type.GetArrayRank()) : Make(kind, listed)!,
            listed,
            whole ? null : type.ToString());
    }
}
