namespace Lythonic.Dag.Provenance;

/// <summary>A node in the stored shape of its DAG.</summary>
/// <param name="Label">The label.</param>
/// <param name="Kind">The kind of node.</param>
/// <param name="IsSource">Whether it has no upstream.</param>
/// <param name="IsSink">Whether it has no downstream.</param>
/// <param name="Fingerprint">A hash of its code, its parameters and its edges, in hexadecimal.</param>
public sealed record NodeDefinition(string Label, NodeKind Kind, bool IsSource, bool IsSink, string Fingerprint);
