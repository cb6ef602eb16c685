namespace Lythonic.Dag;

/// <summary>An element that failed inside a composite node. A message puts the parts together and says each of them once.</summary>
/// <param name="Path">The path from the composite node to the node that failed, such as <c>each[pear]/price</c>.</param>
/// <param name="Cause">The error of that node.</param>
/// <param name="Value">The element as a short text; empty if its key says it all.</param>
internal sealed record FailedElement(string Path, string Cause, string Value)
{
    /// <summary>The path, the cause and the element.</summary>
    public string Message => $"{Path}: {Cause}{Suffix}";

    /// <summary>The element as it follows the cause in a message; empty if there is nothing to add.</summary>
    public string Suffix => Value.Length == 0 ? "" : $" (element {Value})";
}
