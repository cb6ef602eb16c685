using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// The values that a script takes along. A lazy sequence can be read only once, but every element of a map reads it. So it is read once,
/// when the script takes it, also inside arrays, lists, dictionaries and <c>[pscustomobject]</c>. The script gets a copy of a container
/// that has one, and the caller's container stays as it is.
/// </summary>
internal sealed class TakenValues
{
    // What the script gets for each object. While the items of a container are looked at, that is the container itself, so a container may
    // contain itself.
    private readonly Dictionary<object, object?> _taken = new(ReferenceEqualityComparer.Instance);

    /// <summary>The value, or the items of a lazy sequence, or a copy of a container of such.</summary>
    public object? Take(object? value)
    {
        if (PSWrapper.Unwrap(value) is not { } bare || bare is string or ValueType)
            return value;
        if (!_taken.TryGetValue(bare, out var taken))
        {
            _taken[bare] = bare;
            _taken[bare] = taken = Whole(bare);
        }

        return ReferenceEquals(taken, bare) ? value : taken;
    }

    private object? Whole(object bare)
    {
        try
        {
            return Taken(bare);
        }
        catch (Exception)
        {
            // The value cannot be read, or another thread changes it at this moment. Then the code that reads it fails: that error has a
            // position, and the code can be tried again.
            return bare;
        }
    }

    private object? Taken(object bare) => bare switch
    {
        // Other threads write to it, and must see what the script writes.
        ICollection { IsSynchronized: true } => bare,
        Array { Rank: 1 } array => InArray(array),
        ArrayList list => InList(list, typeof(object), list.Clone),
        Hashtable table => InDictionary(table, typeof(object), table.Clone),
        OrderedDictionary ordered => InDictionary(ordered, typeof(object), () => Copy(ordered)),
        PSObject bag => InBag(bag),
        IList list when ItemOf(list, typeof(List<>)) is { } item => MayBeLazy(item) ? InList(list, item, () => Copy(list)) : list,
        IDictionary table when ItemOf(table, typeof(Dictionary<,>)) is { } item =>
            MayBeLazy(item) ? InDictionary(table, item, () => Copy(table, ComparerOf(table))) : table,
        _ => LazySequence.Read(bare, null),
    };

    private object InArray(Array array)
    {
        var item = array.GetType().GetElementType()!;
        return !MayBeLazy(item) || array.GetLowerBound(0) != 0 ? array : InList(array, item, array.Clone);
    }

    // A value type or a sealed type cannot be the type of a lazy sequence.
    private static bool MayBeLazy(Type item) => !item.IsValueType && !item.IsSealed;

    // The type of the items or values of a generic collection of exactly this kind.
    private static Type? ItemOf(object collection, Type kind) =>
        collection.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == kind
            ? type.GetGenericArguments()[^1]
            : null;

    private object InList(IList list, Type kind, Func<object> copy)
    {
        IList? copied = null;
        for (var i = 0; i < list.Count; i++)
        {
            var (item, taken) = (list[i], Take(list[i]));
            if (!ReferenceEquals(item, taken) && kind.IsInstanceOfType(taken))
                (copied ??= Noted(list, (IList)copy()))[i] = taken;
        }

        return copied ?? list;
    }

    private object InDictionary(IDictionary dictionary, Type kind, Func<object> copy)
    {
        IDictionary? copied = null;
        for (var entries = dictionary.GetEnumerator(); entries.MoveNext();)
        {
            if (Take(entries.Value) is var taken && !ReferenceEquals(taken, entries.Value) && kind.IsInstanceOfType(taken))
                (copied ??= Noted(dictionary, (IDictionary)copy()))[entries.Key] = taken;
        }

        return copied ?? dictionary;
    }

    private PSObject InBag(PSObject bag)
    {
        PSObject? copied = null;
        foreach (var property in bag.Properties)
        {
            if (property is PSNoteProperty { Value: var value } && Take(value) is var taken && !ReferenceEquals(taken, value))
                (copied ??= Noted(bag, bag.Copy())).Properties[property.Name].Value = taken;
        }

        return copied ?? bag;
    }

    // The copy of a container that contains itself contains the copy.
    private T Noted<T>(object container, T copy)
    {
        _taken[container] = copy;
        return copy;
    }

    private static object Copy(object collection, params object?[] rest) =>
        Activator.CreateInstance(collection.GetType(), [collection, .. rest])!;

    private static object? ComparerOf(IDictionary dictionary) =>
        dictionary.GetType().GetProperty(nameof(Dictionary<object, object>.Comparer))!.GetValue(dictionary);

    private static OrderedDictionary Copy(OrderedDictionary ordered)
    {
        var copy = new OrderedDictionary(CaseRules.IsCaseInsensitive(ordered) ? StringComparer.OrdinalIgnoreCase : null);
        for (var entries = ordered.GetEnumerator(); entries.MoveNext();)
            copy.Add(entries.Key, entries.Value);
        return copy;
    }
}
