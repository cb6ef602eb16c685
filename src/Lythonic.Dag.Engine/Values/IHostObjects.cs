namespace Lythonic.Dag.Values;

/// <summary>Reads the objects of the host language, such as PowerShell's wrappers and property bags.</summary>
public interface IHostObjects
{
    /// <summary>The value without the host's wrapper, such as a <c>PSObject</c> around a string.</summary>
    /// <param name="value">The value.</param>
    object? Unwrap(object? value);

    /// <summary>
    /// The value as one works through it: without the host's wrapper. For what came back from the store in place of a live collection,
    /// these are its elements or its entries.
    /// </summary>
    /// <param name="value">The value.</param>
    object? ContentOf(object? value);

    /// <summary>Reads a member of an object by name, without case.</summary>
    /// <param name="target">A dictionary or an object.</param>
    /// <param name="name">The key or the property.</param>
    /// <param name="value">What it holds.</param>
    /// <returns>Whether there is such a member.</returns>
    bool TryGetMember(object target, string name, out object? value);

    /// <summary>Copies a dictionary, or a property bag of the host, without one member.</summary>
    /// <param name="target">What is copied; it is not changed. Any other object is its own copy.</param>
    /// <param name="name">The key or the property, without case.</param>
    object WithoutMember(object target, string name);
}
