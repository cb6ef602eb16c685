namespace Lythonic.Dag.Provenance;

/// <summary>A node of a sub-run that is recorded all at once, as nothing of it runs.</summary>
/// <param name="Start">How it began.</param>
/// <param name="End">How it ended.</param>
internal sealed record TakenNode(NodeStart Start, NodeEnd End);
