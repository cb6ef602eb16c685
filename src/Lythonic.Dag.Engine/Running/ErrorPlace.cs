namespace Lythonic.Dag;

/// <summary>
/// Puts a node's label and its error together in one text. The error may begin with the label already, as that of an element does, and then
/// the label is not repeated.
/// </summary>
internal static class ErrorPlace
{
    /// <summary>The label followed by the error, such as <c>load: no file</c> or <c>each[2]/load: no file</c>.</summary>
    /// <param name="label">The node's label.</param>
    /// <param name="error">The error, or <see langword="null"/>.</param>
    public static string After(string label, string? error) =>
        error is not null && Says(label, error) ? error : $"{label}: {Short(label, error)}";

    /// <summary>
    /// The error without the words that name its node: <c>The node 'slow' timed out</c> becomes <c>It timed out</c>. Any other error is
    /// returned as it is.
    /// </summary>
    /// <param name="label">The node's label.</param>
    /// <param name="error">The error, or <see langword="null"/>.</param>
    public static string? Short(string label, string? error)
    {
        var head = $"The node '{label}' ";
        return error is not null && error.StartsWith(head, StringComparison.OrdinalIgnoreCase) ? $"It {error[head.Length..]}" : error;
    }

    /// <summary>
    /// The error as it stands beside the label: <c>load: no file</c> beside <c>call</c>. An element keeps its whole name,
    /// <c>each[2]/load: no file</c>, because that is its name everywhere.
    /// </summary>
    /// <param name="label">The node's label.</param>
    /// <param name="error">The error.</param>
    public static string Beside(string label, string error) => !Says(label, error) ? Short(label, error)!
        : error[label.Length] == '/' ? error[(label.Length + 1)..]
        : error;

    /// <summary>The error of an element, with the map's label and the element's key before it.</summary>
    /// <param name="label">The label of the map node.</param>
    /// <param name="key">The element's key.</param>
    /// <param name="error">The error, which begins with the label of the inner node that failed.</param>
    public static string InElement(string label, string key, string error) => error.StartsWith($"{label}: ", StringComparison.Ordinal)
        ? $"{label}[{key}]{error[label.Length..]}"
        : $"{label}[{key}]/{error}";

    private static bool Says(string label, string error) =>
        error.Length > label.Length
        && error[label.Length] is '[' or '/'
        && error.StartsWith(label, StringComparison.OrdinalIgnoreCase);
}
