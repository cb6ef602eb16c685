using Lythonic.Dag.Values;

namespace Lythonic.Dag.Provenance;

/// <summary>One input value of a node.</summary>
/// <param name="Name">The name of the parameter; <c>$_</c> for the pipeline value.</param>
/// <param name="Value">The value.</param>
/// <param name="IsElement">Whether it is one item of a list parameter that collects several upstreams (fan-in).</param>
public readonly record struct NodeInput(string Name, EncodedValue Value, bool IsElement = false);
