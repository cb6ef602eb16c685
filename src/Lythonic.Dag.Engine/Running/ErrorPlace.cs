namespace Lythonic.Dag;

/// <summary>
/// Errors beside the labels of their nodes: an error of an element says itself of which node it is, and is not told twice.
/// </summary>
internal static class ErrorPlace
{
    /// <summary>An error with its node's label before it, such as <c>load: no file</c> or <c>each[2]/load: no file</c>.</summary>
    /// <param name="label">The node's label.</param>
    /// <param name="error">The error, or <see langword="null"/>.</param>
    public static string After(string label, string? error) =>
        error is not null && Says(label, error) ? error : $"{label}: {Short(label, error)}";

    /// <summary>An error of a node that begins with its label in words, such as <c>The node 'slow' timed out</c>, without it.</summary>
    /// <param name="label">The node's label.</param>
    /// <param name="error">The error, or <see langword="null"/>.</param>
    public static string? Short(string label, string? error)
    {
        var head = $"The node '{label}' ";
        return error is not null && error.StartsWith(head, StringComparison.OrdinalIgnoreCase) ? $"It {error[head.Length..]}" : error;
    }

    /// <summary>An error where its node's label has been said, such as <c>[2]/load: no file</c>.</summary>
    /// <param name="label">The node's label.</param>
    /// <param name="error">The error.</param>
    public static string Without(string label, string error) => Says(label, error) ? error[label.Length..] : Short(label, error)!;

    /// <summary>An error inside of an element, of whose node the label is said before it or after.</summary>
    /// <param name="label">The label of the node that has the element.</param>
    /// <param name="key">The element's key.</param>
    /// <param name="error">The error, with the label of the node inside.</param>
    public static string InElement(string label, string key, string error) => error.StartsWith($"{label}: ", StringComparison.Ordinal)
        ? $"{label}[{key}]{error[label.Length..]}"
        : $"{label}[{key}]/{error}";

    private static bool Says(string label, string error) =>
        error.Length > label.Length
        && error[label.Length] is '[' or '/'
        && error.StartsWith(label, StringComparison.OrdinalIgnoreCase);
}
