using System.Collections;

namespace Lythonic.Dag.Values;

/// <summary>Fills the collections that an object makes for itself, which cannot be set.</summary>
internal static class CollectionFill
{
    /// <summary>Whether a property of that type may hold more than the constructor gives it.</summary>
    public static bool Concerns(Type type) =>
        CollectionTarget.IsKeyed(type)
        || (CollectionTarget.CreatableElementType(type) is not null && type != typeof(IEnumerable)
            && !(type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>)));

    /// <summary>Copies the content of a collection into another one.</summary>
    /// <param name="existing">The object's own collection, or <see langword="null"/>.</param>
    /// <param name="content">The content that it had; <see langword="null"/> if nothing is known.</param>
    /// <returns>Whether the collection has this content now.</returns>
    public static bool TryFill(object? existing, object? content)
    {
        if (content is not IEnumerable source)
            return true;
        var items = source.Cast<object?>().ToList();
        if (existing is not IEnumerable target)
            return items.Count == 0;
        // A property may be only another view of an argument of the constructor. Then it has the content already, and others may use the
        // argument.
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
