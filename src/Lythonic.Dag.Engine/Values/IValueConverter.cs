using System.Diagnostics.CodeAnalysis;

namespace Lythonic.Dag.Values;

/// <summary>Converts values to declared types, as the host language does.</summary>
public interface IValueConverter
{
    /// <summary>Converts a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="type">The type to convert to.</param>
    /// <param name="converted">The result.</param>
    /// <param name="problem">Why it does not convert.</param>
    /// <returns>Whether it converts.</returns>
    bool TryConvert(object? value, Type type, out object? converted, [NotNullWhen(false)] out string? problem);

    /// <summary>The value without the host's wrapper, such as a <c>PSObject</c> around a string.</summary>
    /// <param name="value">The value.</param>
    object? Unwrap(object? value);

    /// <summary>
    /// The value as one works through it: without the host's wrapper, and of what stands for a live collection its elements, or its
    /// entries.
    /// </summary>
    /// <param name="value">The value.</param>
    object? ContentOf(object? value);

    /// <summary>Whether a value, or an element of a list, is but the trace that the store keeps of a live object or a secret.</summary>
    /// <param name="value">The value.</param>
    bool IsTrace(object? value);

    /// <summary>
    /// Finds what stands for a secret that was not stored, in a value or anywhere in the lists, dictionaries and property bags in it.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <returns>The first placeholder, or <see langword="null"/>.</returns>
    SecretPlaceholder? FindSecret(object? value);

    /// <summary>Whether a live object lacks in a value that came from the store: it lay on a cycle or too deep in another one.</summary>
    /// <param name="value">The value.</param>
    bool HasCut(object? value);

    /// <summary>Reads a member of an object by name, without case.</summary>
    /// <param name="target">A dictionary or an object.</param>
    /// <param name="name">The key or the property.</param>
    /// <param name="value">What it holds.</param>
    /// <returns>Whether there is such a member.</returns>
    bool TryGetMember(object target, string name, out object? value);

    /// <summary>A copy of a dictionary or of the host's property bag that lacks one member.</summary>
    /// <param name="target">What is copied; it is not changed. Any other object is its own copy.</param>
    /// <param name="name">The key or the property, without case.</param>
    object WithoutMember(object target, string name);
}
