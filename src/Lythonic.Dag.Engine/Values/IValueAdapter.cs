namespace Lythonic.Dag.Values;

/// <summary>What a host language adds to the codec: wrappers, property bags, scalar types. Implementations are thread-safe.</summary>
internal interface IValueAdapter
{
    /// <summary>Types of the host that are stored as one text each, in addition to the codec's own list.</summary>
    /// <remarks>The host's form of a type replaces the codec's; a value has the same text in both.</remarks>
    IReadOnlyList<TextForm> TextForms { get; }

    /// <summary>
    /// The host's own hashtable that keeps the order of its keys and tells them apart by case; <see langword="null"/> if it has none.
    /// </summary>
    Type? OrderedTable { get; }

    /// <summary>Tells what a value is to the host.</summary>
    /// <param name="value">The value.</param>
    /// <returns>What it is; <see cref="HostValueKind.None"/> for a value that the codec judges by its .NET type alone.</returns>
    HostValue Describe(object value);

    /// <summary>
    /// The value in a wrapper of the host with the members that the host attached to it; the value itself if there are none. It is called
    /// only for whole values, not for their parts.
    /// </summary>
    /// <param name="value">The value.</param>
    object WithAttached(object value);

    /// <summary>Describes the live objects of a type. It is called once for each type in a value.</summary>
    /// <param name="sample">One of them.</param>
    LiveTraits DescribeLive(object sample);

    /// <summary>Reads the properties that the host adds to a live object, or all properties if the host itself lists them.</summary>
    /// <param name="value">The object.</param>
    /// <param name="traits">What <see cref="DescribeLive"/> said of its type.</param>
    /// <param name="isPart">Whether the object is part of another live object. Then no code of the host may run to read it.</param>
    IReadOnlyList<KeyValuePair<string, object?>> ReadLive(object value, LiveTraits traits, bool isPart);

    /// <summary>Tells how much to store of a live object that is part of another one.</summary>
    /// <param name="part">The part.</param>
    LivePart PartOf(object part);

    /// <summary>The text of a live object, as the host shows it; <see langword="null"/> if it has none.</summary>
    /// <param name="value">The object.</param>
    string? TextOf(object value);

    /// <summary>
    /// The elements of a host's collection whose enumeration would wait for more elements; <see langword="null"/> for any other collection.
    /// </summary>
    /// <param name="collection">The collection.</param>
    System.Collections.IEnumerable? ItemsOf(System.Collections.IEnumerable collection);

    /// <summary>Makes the host's property bag, or adds properties to an object.</summary>
    /// <param name="properties">Names and values, in order; the names may repeat, and the last one counts.</param>
    /// <param name="typeName">The name that the bag carries, or <see langword="null"/>.</param>
    /// <param name="baseObject">The object to which the properties are added, or <see langword="null"/> for a bag.</param>
    object CreateObject(IReadOnlyList<KeyValuePair<string, object?>> properties, string? typeName, object? baseObject);

    /// <summary>Makes the object that stands for a live object of which only a snapshot was stored.</summary>
    /// <param name="snapshot">The snapshot.</param>
    object CreateSnapshot(ValueSnapshot snapshot);

    /// <summary>Finds an enum type of the host itself, which is as trusted as those of the core library.</summary>
    /// <param name="fullName">The full name, of only letters, digits and the characters <c>. + _</c>.</param>
    /// <returns>The type, or <see langword="null"/>. Nothing may be loaded to find it.</returns>
    Type? FindEnum(string fullName);
}
