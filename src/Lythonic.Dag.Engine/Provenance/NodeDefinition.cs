namespace Lythonic.Dag.Provenance;

/// <summary>A node as it is stored with the shape of its DAG.</summary>
/// <param name="Label">The label.</param>
/// <param name="Kind">What it is.</param>
/// <param name="IsSource">Whether it has no upstream.</param>
/// <param name="IsSink">Whether it has no downstream.</param>
/// <param name="Fingerprint">A text that changes with its code, its parameters or its edges, in hexadecimal.</param>
public sealed record NodeDefinition(string Label, NodeKind Kind, bool IsSource, bool IsSink, string Fingerprint);
