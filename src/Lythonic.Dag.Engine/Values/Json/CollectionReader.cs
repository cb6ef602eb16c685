using System.Collections;
using System.Collections.Specialized;
using System.Text.Json;

namespace Lythonic.Dag.Values;

/// <summary>Reads the collections of the fixed list.</summary>
internal sealed class CollectionReader(ValueReader reader)
{
    public object Read(JsonElement element, CollectionForm form, Type? declared)
    {
        if (form.IsKeyed)
            return ReadKeyed(element, form, declared);
        var content = element.GetProperty(ValueTags.Value);
        var arguments = form.Arguments;
        var type = form.Type;
        if (HasItems(form.Kind))
        {
            var items = element.TryGetProperty(ValueTags.Of, out _) ? CollectionTypes.ItemTargets(form, declared) : arguments;
            return ReadItems(content, items == arguments ? type : StoredTypes.Make(form.Kind, items)!, items);
        }

        var target = CollectionTypes.ElementTarget(form, declared);
        if (form.Kind == CollectionKind.Grid)
            return ReadGrid(element, content, form, target);
        if (target != arguments[^1] && form.Kind != CollectionKind.ArrayList && element.TryGetProperty(ValueTags.Of, out _))
        {
            arguments = [target];
            type = StoredTypes.Make(form.Kind, arguments)!;
        }

        return ReadArray(content, form.Kind, type, arguments, ComparerOf(element));
    }

    /// <summary>Reads a JSON array as a collection whose kind is known.</summary>
    public object ReadArray(JsonElement content, CollectionKind kind, Type type, Type[] arguments, StringComparer? comparer = null)
    {
        if (HasItems(kind))
            return ReadItems(content, type, arguments);
        var items = ReadTyped(content, arguments[0]);
        switch (kind)
        {
            case CollectionKind.Array:
                return items;
            case CollectionKind.ArrayList:
                return new ArrayList(items);
            case CollectionKind.Collection:
                var list = Create(typeof(List<>).MakeGenericType(arguments), items);
                return Create(type, list);
            case CollectionKind.Set when comparer is not null:
                return new HashSet<string>((string[])items, comparer);
            case CollectionKind.SortedSet when comparer is not null:
                return new SortedSet<string>((string[])items, comparer);
            case CollectionKind.Stack:
                Array.Reverse(items);
                return Create(type, items);
            default:
                return Create(type, items);
        }
    }

    /// <summary>Reads a JSON array as objects.</summary>
    public object?[] ReadObjects(JsonElement content, Type target)
    {
        var items = new object?[content.GetArrayLength()];
        var i = 0;
        foreach (var item in content.EnumerateArray())
            items[i++] = target == typeof(object) ? reader.Read(item, null) : ReadLoosely(item, target);
        return items;
    }

    public List<KeyValuePair<object, object?>> ReadEntries(JsonElement entries)
    {
        var read = new List<KeyValuePair<object, object?>>();
        foreach (var entry in entries.EnumerateArray())
            read.Add(new(reader.Read(entry[0], null) ?? throw ValueReader.Fault("A stored key is null."), reader.Read(entry[1], null)));
        return read;
    }

    private static bool HasItems(CollectionKind kind) => kind is CollectionKind.Pair or CollectionKind.Tuple or CollectionKind.ValueTuple;

    private static StringComparer? ComparerOf(JsonElement element) =>
        HasFlag(element, ValueTags.IgnoreCase)
            ? StringComparer.OrdinalIgnoreCase
            : HasFlag(element, ValueTags.Ordinal) ? StringComparer.Ordinal : null;

    // The stored size may be any number, so check it against the items that are there before making anything of that size.
    private Array ReadGrid(JsonElement element, JsonElement content, CollectionForm form, Type target)
    {
        var size = element.GetProperty(ValueTags.Size).EnumerateArray().Select(length => length.GetInt32()).ToArray();
        var count = size.Aggregate(1L, (product, length) => length < 0 ? -1 : Math.Min(product * length, int.MaxValue));
        if (size.Length != form.Type.GetArrayRank() || count != content.GetArrayLength())
            throw ValueReader.Fault($"A stored {form.Type} does not have the size that it says.", form.Type.ToString());
        var grid = Array.CreateInstance(target, size);
        var at = new int[size.Length];
        foreach (var item in ReadTyped(content, target))
        {
            grid.SetValue(item, at);
            for (var dimension = size.Length - 1; dimension >= 0 && ++at[dimension] == size[dimension]; dimension--)
                at[dimension] = 0;
        }

        return grid;
    }

    private static bool HasFlag(JsonElement element, string name) =>
        element.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;

    private static object Create(Type type, object argument) => Activator.CreateInstance(type, new[] { argument })!;

    // An array without a tag comes from the list of types or from somebody else; only what carries a plain object's members is made one.
    private object? ReadLoosely(JsonElement item, Type target) =>
        item.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? reader.Read(item, target) : reader.Read(item, null);

    private Array ReadTyped(JsonElement content, Type target)
    {
        var count = content.GetArrayLength();
        if (target == typeof(object))
            return ReadObjects(content, target);
        var items = Array.CreateInstance(target, count);
        var i = 0;
        foreach (var item in content.EnumerateArray())
            items.SetValue(reader.ReadElement(item, target), i++);
        return items;
    }

    private object ReadItems(JsonElement content, Type type, Type[] arguments)
    {
        if (content.GetArrayLength() != arguments.Length)
            throw ValueReader.Fault($"A stored {type} does not have {arguments.Length} items.", type.ToString());
        var items = new object?[arguments.Length];
        for (var i = 0; i < items.Length; i++)
            items[i] = reader.ReadElement(content[i], arguments[i]);
        return type.GetConstructor(arguments)!.Invoke(items);
    }

    private object ReadKeyed(JsonElement element, CollectionForm form, Type? declared)
    {
        var valueType = form.Arguments[1];
        if (form.IsTable)
            return ReadTable(element, form, CollectionTypes.ValueTarget(form, declared));
        if (element.TryGetProperty(ValueTags.Of, out _))
            valueType = CollectionTypes.ValueTarget(form, declared);
        var dictionary = MakeDictionary(element, form, valueType);
        if (element.TryGetProperty(ValueTags.Entries, out var entries))
        {
            foreach (var entry in entries.EnumerateArray())
                dictionary.Add(reader.ReadElement(entry[0], form.Arguments[0])!, reader.ReadElement(entry[1], valueType));
            return dictionary;
        }

        foreach (var member in element.GetProperty(ValueTags.Value).EnumerateObject())
            dictionary.Add(member.Name, reader.ReadElement(member.Value, valueType));
        return dictionary;
    }

    private IDictionary ReadTable(JsonElement element, CollectionForm form, Type target)
    {
        var table = MakeDictionary(element, form, typeof(object));
        if (element.TryGetProperty(ValueTags.Entries, out var entries))
        {
            foreach (var entry in entries.EnumerateArray())
                table.Add(reader.ReadElement(entry[0], form.Arguments[0])!, ReadLoosely(entry[1], target));
            return table;
        }

        foreach (var member in element.GetProperty(ValueTags.Value).EnumerateObject())
            table.Add(member.Name, ReadLoosely(member.Value, target));
        return table;
    }

    private static IDictionary MakeDictionary(JsonElement element, CollectionForm form, Type valueType)
    {
        if (!form.IsTable)
        {
            var type = StoredTypes.Make(form.Kind, [form.Arguments[0], valueType])!;
            return (IDictionary)(ComparerOf(element) is { } given ? Create(type, given) : Activator.CreateInstance(type)!);
        }

        if (form.Kind == CollectionKind.HostTable)
            return (IDictionary)Activator.CreateInstance(form.Type)!;
        if (form.Kind == CollectionKind.SortedTable)
            return new SortedList(HasFlag(element, ValueTags.IgnoreCase) ? SortRules.WithoutCase : null);

        // The comparer of PowerShell's own hashtables, unless the stored one told keys apart by case.
        var comparer = HasFlag(element, ValueTags.CaseSensitive) ? null : StringComparer.OrdinalIgnoreCase;
        return form.Kind == CollectionKind.Hashtable ? new Hashtable(comparer) : new OrderedDictionary(comparer);
    }
}
