using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>Runs a sub-DAG for each element of a list or a dictionary.</summary>
internal sealed class MapKind : CompositeKind
{
    public static MapKind Instance { get; } = new();

    /// <inheritdoc/>
    public override Type? ElementType(Type? upstream) => TypeShape.ListElementType(upstream);

    /// <inheritdoc/>
    public override Type? InputTypeFrom(Type? source) => source?.MakeArrayType();

    /// <inheritdoc/>
    public override Type? OutputTypeFrom(Type? sink, NodeSettings settings) =>
        (sink is not null && settings.Flatten ? TypeShape.ListElementType(sink) ?? sink : sink)?.MakeArrayType();

    /// <inheritdoc/>
    public override Elements Draw(CompiledNode node, object? value, RunSession session, NodeOutput stored) =>
        Elements.From(node, value, session, stored);

    /// <inheritdoc/>
    public override object? Gather(ElementResults results) => results.Collection();

    /// <inheritdoc/>
    public override (string Path, string Value) Describe(CompiledNode node, MapElement element, IValueCodec codec)
    {
        var shown = ShortText.Render(element.Value, codec);
        return ($"{node.Label}[{element.Key}]", shown == element.Key ? "" : shown);
    }
}
