namespace Lythonic.Dag.Provenance;

/// <summary>The shape of a DAG. It is stored once for all runs of the same shape.</summary>
/// <param name="DagName">The DAG's name.</param>
/// <param name="Fingerprint">A hash of the shape, in hexadecimal.</param>
/// <param name="Nodes">The nodes, in the order in which they were added.</param>
/// <param name="Edges">The edges, each from one label to another.</param>
public sealed record DagDefinition(
    string DagName,
    string Fingerprint,
    IReadOnlyList<NodeDefinition> Nodes,
    IReadOnlyList<(string From, string To)> Edges);
