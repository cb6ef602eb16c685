using System.Collections.Specialized;

namespace Lythonic.Dag.Values;

/// <summary>What was stored of a live object: its readable properties, and its elements if it was a collection.</summary>
public sealed class ValueSnapshot
{
    /// <summary>Makes a snapshot.</summary>
    /// <param name="typeName">The full name of the object's type.</param>
    /// <param name="properties">The properties in order.</param>
    public ValueSnapshot(string typeName, IReadOnlyList<KeyValuePair<string, object?>> properties)
    {
        ArgumentNullException.ThrowIfNull(typeName);
        ArgumentNullException.ThrowIfNull(properties);
        TypeName = typeName;
        Properties = properties;
    }

    /// <summary>The full name of the object's type.</summary>
    public string TypeName { get; }

    /// <summary>The properties, in order; empty if none could be read.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Properties { get; }

    /// <summary>The elements, if the object was a collection of a type that is not on the list; otherwise <see langword="null"/>.</summary>
    public IReadOnlyList<object?>? Items { get; init; }

    /// <summary>The entries, if the object was a dictionary of a type that is not on the list; otherwise <see langword="null"/>.</summary>
    public IReadOnlyList<KeyValuePair<object, object?>>? Entries { get; init; }

    /// <summary>
    /// The elements as a list, or the entries as a dictionary that tells all keys apart; <see langword="null"/> if the object was no
    /// collection.
    /// </summary>
    internal object? Content
    {
        get
        {
            if (Entries is null)
                return Items;
            var entries = new OrderedDictionary(Entries.Count);
            foreach (var entry in Entries)
                entries[entry.Key] = entry.Value;
            return entries;
        }
    }

    /// <summary>The text of the object, or <see langword="null"/>.</summary>
    public string? Text { get; init; }

    /// <summary>Whether it marks a cycle or the depth limit, where nothing more was stored.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>The stored text, or the name of the type.</summary>
    public override string ToString() => Text ?? TypeName;
}
