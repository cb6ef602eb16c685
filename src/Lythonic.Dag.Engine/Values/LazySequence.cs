using System.Collections;
using System.Collections.Specialized;
using System.Runtime.CompilerServices;
using System.Xml;

namespace Lythonic.Dag.Values;

/// <summary>
/// A sequence that computes its items when somebody asks for them, as an iterator method or <c>File.ReadLines</c> gives. It can be read
/// only once, or gives other items the next time, but several nodes may take it. So the output of a node is read to its end while the node
/// runs.
/// </summary>
internal static class LazySequence
{
    /// <summary>The items of a lazy sequence as an array of its element type; any other value as it is.</summary>
    /// <param name="value">The value, without the host's wrappers.</param>
    /// <param name="declared">
    /// The type that it is declared as, or <see langword="null"/>. A value that is declared as a class stays as it is.
    /// </param>
    /// <param name="cancellationToken">Is looked at between two items.</param>
    public static object? Read(object? value, Type? declared, CancellationToken cancellationToken = default)
    {
        if (value is not IEnumerable sequence || value is string or Array || !IsLazy(value, declared))
            return value;
        var element = ElementType(value.GetType());
        if (declared is not null && !declared.IsAssignableFrom(element.MakeArrayType()))
            return value;
        var items = new ArrayList();
        foreach (var item in sequence)
        {
            cancellationToken.ThrowIfCancellationRequested();
            items.Add(item);
        }

        return items.ToArray(element);
    }

    /// <summary>A dictionary of values, and of values by label, whose lazy sequences are read; the same one if there are none.</summary>
    /// <param name="given">Source input, or <see langword="null"/>.</param>
    /// <param name="objects">Looks behind the host's wrappers.</param>
    public static IDictionary? ReadIn(IDictionary? given, IHostObjects objects) =>
        given is null ? null : ReadIn(given, objects, isByLabel: true);

    // Go no deeper than labels do, because a dictionary may contain itself.
    private static IDictionary ReadIn(IDictionary given, IHostObjects objects, bool isByLabel)
    {
        OrderedDictionary? read = null;
        foreach (DictionaryEntry entry in given)
        {
            var bare = objects.Unwrap(entry.Value);
            var whole = isByLabel && bare is IDictionary inner ? ReadIn(inner, objects, isByLabel: false) : Read(bare, null);
            if (!ReferenceEquals(whole, bare))
                (read ??= Copy(given))[entry.Key] = whole;
        }

        return read ?? given;
    }

    private static OrderedDictionary Copy(IDictionary given)
    {
        var copy = new OrderedDictionary(given.Count);
        foreach (DictionaryEntry entry in given)
            copy.Add(entry.Key, entry.Value);
        return copy;
    }

    private static bool IsLazy(object value, Type? declared) =>
        !LiveKinds.IsCollection(value) && value is not (IDictionary or XmlNode)
        && (declared is { IsInterface: true } || ((declared is null || declared == typeof(object)) && IsIterator(value.GetType())));

    // Types that no code can name: those that the compiler makes, and internal ones that the platform's methods return.
    private static bool IsIterator(Type type) =>
        !type.IsVisible
        && (type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
            || type.Namespace is "System.Linq" or "System.IO" or "System.IO.Enumeration" or "System.Collections.Generic")
        && Array.Exists(type.GetInterfaces(), IsSequence);

    private static Type ElementType(Type type) =>
        Array.FindAll(type.GetInterfaces(), IsSequence) is [var only] ? only.GetGenericArguments()[0] : typeof(object);

    private static bool IsSequence(Type face) => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IEnumerable<>);
}
