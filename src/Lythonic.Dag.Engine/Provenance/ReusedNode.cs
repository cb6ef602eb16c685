namespace Lythonic.Dag.Provenance;

/// <summary>A node of a sub-run that runs no code because its output is reused. It is recorded in one step.</summary>
/// <param name="Start">How it began.</param>
/// <param name="End">How it ended.</param>
internal sealed record ReusedNode(NodeStart Start, NodeEnd End);
