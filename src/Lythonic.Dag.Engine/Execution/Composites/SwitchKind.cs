using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>Runs one of several sub-DAGs once.</summary>
internal sealed class SwitchKind : CompositeKind
{
    public static SwitchKind Instance { get; } = new();

    /// <inheritdoc/>
    public override Elements Draw(CompiledNode node, object? value, RunSession session, NodeOutput stored) =>
        Elements.One(value, "switch", stored);

    /// <inheritdoc/>
    public override string KeyOf(MapElement element, string? branch) => branch ?? element.Key;

    /// <inheritdoc/>
    public override object? Gather(ElementResults results) => results.Only();
}
