using Lythonic.Dag.Values;

namespace Lythonic.Dag.Provenance;

/// <summary>One value that a node was given.</summary>
/// <param name="Name">The parameter; <c>$_</c> for the pipeline value.</param>
/// <param name="Value">The value.</param>
/// <param name="IsElement">Whether it is one element of a list that is collected from several upstreams under the same name.</param>
public readonly record struct NodeInput(string Name, EncodedValue Value, bool IsElement = false);
