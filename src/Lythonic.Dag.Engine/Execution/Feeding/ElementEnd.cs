namespace Lythonic.Dag.Execution;

/// <summary>How an element of a map ended.</summary>
/// <param name="Element">The element.</param>
/// <param name="Output">Its output if it completed; <see langword="null"/> also if its sub-DAG gave none.</param>
/// <param name="Failure">Why it failed, or <see langword="null"/>.</param>
/// <param name="InnerNode">The node inside that failed, or <see langword="null"/>.</param>
internal readonly record struct ElementEnd(MapElement Element, NodeOutput? Output, NodeFailure? Failure, string? InnerNode);
