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
        ArrayList or List<object> => InList((IList)bare, () => bare is ArrayList some ? some.Clone() : ((List<object>)bare).ToList()),
        Hashtable table => InDictionary(table, () => (Hashtable)table.Clone()),
        OrderedDictionary ordered => InDictionary(ordered, () => Copy(ordered)),
        PSObject bag => InBag(bag),
        _ => LazySequence.Read(bare, null),
    };

    private object InArray(Array array)
    {
        var item = array.GetType().GetElementType()!;
        // An element type that is a value type or is sealed cannot be the type of a lazy sequence.
        return item.IsValueType || item.IsSealed || array.GetLowerBound(0) != 0 ? array : InList(array, array.Clone);
    }

    private object InList(IList list, Func<object> copy)
    {
        IList? copied = null;
        for (var i = 0; i < list.Count; i++)
        {
            var (item, taken) = (list[i], Take(list[i]));
            if (ReferenceEquals(item, taken) || (list is Array && !list.GetType().GetElementType()!.IsInstanceOfType(taken)))
                continue;
            (copied ??= Noted(list, (IList)copy()))[i] = taken;
        }

        return copied ?? list;
    }

    private object InDictionary(IDictionary dictionary, Func<IDictionary> copy)
    {
        IDictionary? copied = null;
        for (var entries = dictionary.GetEnumerator(); entries.MoveNext();)
        {
            if (Take(entries.Value) is var taken && !ReferenceEquals(taken, entries.Value))
                (copied ??= Noted(dictionary, copy()))[entries.Key] = taken;
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

    private static OrderedDictionary Copy(OrderedDictionary ordered)
    {
        var copy = new OrderedDictionary(CaseRules.IsCaseInsensitive(ordered) ? StringComparer.OrdinalIgnoreCase : null);
        for (var entries = ordered.GetEnumerator(); entries.MoveNext();)
            copy.Add(entries.Key, entries.Value);
        return copy;
    }
}
