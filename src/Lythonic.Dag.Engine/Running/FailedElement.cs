namespace Lythonic.Dag;

/// <summary>An element that failed inside a composite node. A message puts the parts together and says each of them once.</summary>
/// <param name="Path">The path from the composite node to the node that failed, such as <c>each[pear]/price</c>.</param>
/// <param name="Cause">The error of that node.</param>
/// <param name="Value">The element as a short text; empty if its key says it all.</param>
internal sealed record FailedElement(string Path, string Cause, string Value)
{
    /// <summary>What is said of the map as a whole, behind the element; <see langword="null"/> if nothing is.</summary>
    public FailedCount? Count { get; init; }

    /// <summary>The path, the cause, the element, and what is said of the map.</summary>
    public string Message => $"{Path}: {CauseAndValue}{Count}";

    /// <summary>The cause, and behind it the element.</summary>
    public string CauseAndValue => Behind(Cause);

    /// <summary>Adds the element to its cause, if its key does not say it.</summary>
    /// <param name="cause">The cause. The full stop of a sentence goes, because the element is added to the sentence.</param>
    public string Behind(string cause)
    {
        if (Value.Length == 0)
            return cause;
        var isSentence = cause.EndsWith('.') && !cause.EndsWith("..", StringComparison.Ordinal);
        // Not "element 6": that reads as the number of the element, beside the position in the path.
        return $"{(isSentence ? cause[..^1] : cause)} (value {Value})";
    }
}
