namespace Lythonic.Dag.Values;

/// <summary>
/// What a host language adds to the codec: its wrappers, its property bag, its scalar types. Implementations are thread-safe.
/// </summary>
public interface IValueAdapter
{
    /// <summary>Types of the host that are stored as one text each, beside the codec's own list.</summary>
    IReadOnlyList<TextForm> TextForms { get; }

    /// <summary>Says what a value is to the host.</summary>
    /// <param name="value">The value.</param>
    /// <returns>What it is; <see cref="HostValueKind.None"/> for a value that the codec judges by its .NET type alone.</returns>
    HostValue Describe(object value);

    /// <summary>The value with what the host has attached to it elsewhere, as a wrapper of the host's; else the value itself. Asked of whole values alone.</summary>
    /// <param name="value">The value.</param>
    object WithAttached(object value);

    /// <summary>Makes the host's property bag, or adds properties to an object.</summary>
    /// <param name="properties">Names and values, in order; the names may repeat, and the last one counts.</param>
    /// <param name="typeName">The name that the bag carries, or <see langword="null"/>.</param>
    /// <param name="baseObject">The object to which the properties are added, or <see langword="null"/> for a bag.</param>
    object CreateObject(IReadOnlyList<KeyValuePair<string, object?>> properties, string? typeName, object? baseObject);

    /// <summary>Makes what stands for a live object of which only a snapshot was stored.</summary>
    /// <param name="snapshot">The snapshot.</param>
    object CreateSnapshot(ValueSnapshot snapshot);

    /// <summary>Finds an enum type of the host itself, which is as trusted as those of the core library.</summary>
    /// <param name="fullName">The full name; letters, digits, and the characters <c>. + _</c> alone.</param>
    /// <returns>The type, or <see langword="null"/>. Nothing may be loaded to find it.</returns>
    Type? FindEnum(string fullName);
}
