namespace Lythonic.Dag;

/// <summary>Where inside a node it failed, and what happened there: for a message that says each once.</summary>
/// <param name="Path">The place, from the node's label, such as <c>each[pear]/price</c>.</param>
/// <param name="Cause">What happened there.</param>
/// <param name="Value">The element in short; empty where its key says it all.</param>
internal sealed record FailedElement(string Path, string Cause, string Value)
{
    /// <summary>Place and cause, and then the element.</summary>
    public string Message => $"{Path}: {Cause}{Suffix}";

    /// <summary>The element, after the cause.</summary>
    public string Suffix => Value.Length == 0 ? "" : $" (element {Value})";
}
