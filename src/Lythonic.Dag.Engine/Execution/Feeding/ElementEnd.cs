namespace Lythonic.Dag.Execution;

/// <summary>What became of an element of a map.</summary>
/// <param name="Element">The element.</param>
/// <param name="Output">What it gave, where it is done; <see langword="null"/> too where that is nothing at all.</param>
/// <param name="Failure">Why it failed, or <see langword="null"/>.</param>
/// <param name="InnerNode">The node inside that failed, or <see langword="null"/>.</param>
internal readonly record struct ElementEnd(MapElement Element, NodeOutput? Output, NodeFailure? Failure, string? InnerNode);
