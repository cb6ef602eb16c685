using System.Collections;

namespace Lythonic.Dag.Values;

/// <summary>Collections that an object makes for itself: they cannot be set, and may be filled.</summary>
internal static class CollectionFill
{
    /// <summary>Whether a property of that type may hold more than the constructor gives it.</summary>
    public static bool Concerns(Type type) =>
        CollectionTarget.IsKeyed(type)
        || (CollectionTarget.CreatableElementType(type) is not null && type != typeof(IEnumerable)
            && !(type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>)));

    /// <summary>Makes a collection hold what another one does.</summary>
    /// <param name="existing">The object's own collection, or <see langword="null"/>.</param>
    /// <param name="content">What it held; <see langword="null"/> says nothing.</param>
    /// <returns>Whether it does now.</returns>
    public static bool TryFill(object? existing, object? content)
    {
        if (content is not IEnumerable source)
            return true;
        var items = source.Cast<object?>().ToList();
        if (existing is not IEnumerable target)
            return items.Count == 0;
        // A property that is but another view of what the constructor got holds it already; and what it got may belong to somebody.
        var before = target.Cast<object?>().ToList();
        if (before.SequenceEqual(items))
            return true;
        switch (existing)
        {
            case IDictionary { IsReadOnly: false, IsFixedSize: false } dictionary when source is IDictionary entries:
                Fill(dictionary, entries);
                return true;
            case Array array when array.Length == items.Count:
                for (var i = 0; i < items.Count; i++)
                    array.SetValue(items[i], i);
                return true;
            case IList { IsReadOnly: false, IsFixedSize: false } list:
                list.Clear();
                items.ForEach(item => list.Add(item));
                return true;
            default:
                return FillSet(existing, items) || before.Count == items.Count;
        }
    }

    private static void Fill(IDictionary dictionary, IDictionary content)
    {
        var entries = content.Keys.Cast<object>().Select(key => (key, content[key])).ToList();
        dictionary.Clear();
        foreach (var (key, value) in entries)
            dictionary[key] = value;
    }

    private static bool FillSet(object existing, List<object?> items)
    {
        if (Array.Find(existing.GetType().GetInterfaces(), IsSet) is not { } set)
            return false;
        var collection = typeof(ICollection<>).MakeGenericType(set.GetGenericArguments());
        if (collection.GetProperty("IsReadOnly")!.GetValue(existing) is true)
            return false;
        collection.GetMethod("Clear")!.Invoke(existing, null);
        foreach (var item in items)
            collection.GetMethod("Add")!.Invoke(existing, [item]);
        return true;
    }

    private static bool IsSet(Type candidate) =>
        candidate.IsConstructedGenericType && candidate.GetGenericTypeDefinition() == typeof(ISet<>);
}
