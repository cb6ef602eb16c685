namespace Lythonic.Dag;

/// <summary>A small piece of code that sees one value as <c>$_</c>: what <c>-By</c>, <c>-RetryOn</c> and <c>-If</c> are given.</summary>
/// <param name="Code">What is run, by the same invoker as nodes are.</param>
public sealed record NodePredicate(NodeCode Code);
