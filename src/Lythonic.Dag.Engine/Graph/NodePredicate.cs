namespace Lythonic.Dag;

/// <summary>A small piece of code that sees one value as <c>$_</c>: a switch's <c>-By</c>, a retry's <c>-RetryOn</c>.</summary>
/// <param name="Code">What is run, by the same invoker as nodes are.</param>
public sealed record NodePredicate(NodeCode Code);
