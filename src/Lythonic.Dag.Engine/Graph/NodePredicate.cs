namespace Lythonic.Dag;

/// <summary>A small piece of code that sees one value as <c>$_</c>, for <c>-By</c>, <c>-RetryOn</c> and <c>-If</c>.</summary>
/// <param name="Code">The code. The invoker of nodes runs it.</param>
public sealed record NodePredicate(NodeCode Code);
