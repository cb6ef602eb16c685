namespace Lythonic.Dag.Provenance;

/// <summary>The shape of a DAG as it is stored: once for all runs of that shape.</summary>
/// <param name="DagName">The DAG's name.</param>
/// <param name="Fingerprint">A text that is the same for the same shape, in hexadecimal.</param>
/// <param name="Nodes">The nodes, in order.</param>
/// <param name="Edges">The edges, as labels.</param>
public sealed record DagDefinition(
    string DagName,
    string Fingerprint,
    IReadOnlyList<NodeDefinition> Nodes,
    IReadOnlyList<(string From, string To)> Edges);
