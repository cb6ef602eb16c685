namespace Lythonic.Dag.Values;

/// <summary>Finds what a value has lost because it was stored and read back.</summary>
public interface ILossFinder
{
    /// <summary>Whether the value, or an element of a list, is only the trace that the store keeps of a live object or a secret.</summary>
    /// <param name="value">The value.</param>
    bool IsTrace(object? value);

    /// <summary>
    /// Finds the placeholder of a secret, which was not stored: in the value, or anywhere in its lists, dictionaries and property bags.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <returns>The first placeholder, or <see langword="null"/>.</returns>
    SecretPlaceholder? FindSecret(object? value);

    /// <summary>Whether the value lacks a live object, which was not stored because it lay on a cycle or too deep in another one.</summary>
    /// <param name="value">The value.</param>
    bool HasCut(object? value);
}
