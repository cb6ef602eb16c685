namespace Lythonic.Dag.Comparing;

/// <summary>Where two stored values differ.</summary>
/// <param name="Path">The place in the value, from <c>$</c>.</param>
/// <param name="Reference">What the first one has there; <see langword="null"/> if it has nothing.</param>
/// <param name="Difference">What the second one has there; <see langword="null"/> if it has nothing.</param>
internal sealed record ValueDifference(string Path, StoredPart? Reference, StoredPart? Difference)
{
    /// <summary>Which of the values have something there. A node that did not end has stored no output, not even an empty one.</summary>
    public ComparedSides Sides => Difference is not { Length: > 0 } ? ComparedSides.Reference
        : Reference is not { Length: > 0 } ? ComparedSides.Difference
        : ComparedSides.Both;
}
