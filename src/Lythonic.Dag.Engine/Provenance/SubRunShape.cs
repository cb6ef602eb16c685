namespace Lythonic.Dag.Provenance;

/// <summary>The shape that one or more sub-runs of a composite node had when they completed.</summary>
/// <param name="ElementKey">The key of the first element with this shape, or <see langword="null"/>.</param>
/// <param name="Branch">The branch, or <see langword="null"/>.</param>
/// <param name="Definition">The shape.</param>
public sealed record SubRunShape(string? ElementKey, string? Branch, DagDefinition Definition)
{
    /// <summary>How many sub-runs had this shape.</summary>
    internal int Count { get; init; } = 1;
}
