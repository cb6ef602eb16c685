using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>Runs a sub-DAG once.</summary>
internal sealed class CallKind : CompositeKind
{
    public static CallKind Instance { get; } = new();

    /// <inheritdoc/>
    public override Elements Draw(CompiledNode node, object? value, RunSession session, NodeOutput stored) =>
        Elements.One(value, "call", stored);

    /// <inheritdoc/>
    public override object? Gather(ElementResults results) => results.Only();
}
