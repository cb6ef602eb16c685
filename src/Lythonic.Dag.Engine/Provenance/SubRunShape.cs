namespace Lythonic.Dag.Provenance;

/// <summary>The shape that sub-runs of a composite node had when they completed: one for all that share it.</summary>
/// <param name="ElementKey">The key of the first element that has it, or <see langword="null"/>.</param>
/// <param name="Branch">The branch, or <see langword="null"/>.</param>
/// <param name="Definition">The shape.</param>
public sealed record SubRunShape(string? ElementKey, string? Branch, DagDefinition Definition);
