namespace Lythonic.Dag.Values;

/// <summary>Reads the objects of the host language, such as PowerShell's wrappers and property bags.</summary>
public interface IHostObjects
{
    /// <summary>The value without the host's wrapper, such as a <c>PSObject</c> around a string.</summary>
    /// <param name="value">The value.</param>
    object? Unwrap(object? value);

    /// <summary>
    /// The value without the host's wrapper, to run over its elements. If a snapshot stands for a live collection, it is the collection of
    /// the stored elements or entries.
    /// </summary>
    /// <param name="value">The value.</param>
    object? ContentOf(object? value);

    /// <summary>Reads a member of an object by name, without case.</summary>
    /// <param name="target">A dictionary or an object.</param>
    /// <param name="name">The key or the property.</param>
    /// <param name="value">The value of the member.</param>
    /// <returns>Whether there is such a member.</returns>
    bool TryGetMember(object target, string name, out object? value);

    /// <summary>Copies a dictionary, or a property bag of the host, without one member.</summary>
    /// <param name="target">The object to copy; it is not changed. Any other object is returned as it is.</param>
    /// <param name="name">The key or the property, without case.</param>
    object WithoutMember(object target, string name);
}
