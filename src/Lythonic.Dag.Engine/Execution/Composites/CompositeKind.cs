using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// What differs between the kinds of composite nodes while they run. A new kind is a new subclass, and a line in <see cref="For"/>.
/// </summary>
internal abstract class CompositeKind
{
    /// <summary>The object for a kind of node; <see langword="null"/> if such nodes run code.</summary>
    public static CompositeKind? For(NodeKind kind) => kind switch
    {
        NodeKind.Map => MapKind.Instance,
        NodeKind.Call => CallKind.Instance,
        NodeKind.Switch => SwitchKind.Instance,
        _ => null,
    };

    /// <summary>The type of the input of a sub-DAG's source.</summary>
    /// <param name="upstream">The type that the upstream declares, or <see langword="null"/>.</param>
    public virtual Type? ElementType(Type? upstream) => upstream;

    /// <summary>The type that the upstream's output is read as, given the type on which the sources of the sub-DAGs agree.</summary>
    public virtual Type? InputTypeFrom(Type? source) => source;

    /// <summary>The type that the node's output is stored as, given the type on which the sinks of the sub-DAGs agree.</summary>
    public virtual Type? OutputTypeFrom(Type? sink, NodeSettings settings) => sink;

    /// <summary>Makes the elements that the node runs over.</summary>
    /// <param name="node">The node.</param>
    /// <param name="value">The output of its upstream.</param>
    /// <param name="session">Removes the host's wrappers, and knows whether runs are kept.</param>
    /// <param name="stored">The stored form of the value.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagTypeMismatch"/>: the node cannot run over the value.</exception>
    public abstract Elements Draw(CompiledNode node, object? value, RunSession session, NodeOutput stored);

    /// <summary>The key that the sub-run of an element has in its path.</summary>
    /// <param name="element">The element.</param>
    /// <param name="branch">The branch that it takes; <see langword="null"/> if there are none.</param>
    public virtual string KeyOf(MapElement element, string? branch) => element.Key;

    /// <summary>The node's output, made of the results of its sub-runs.</summary>
    public abstract object? Gather(ElementResults results);

    /// <summary>Describes an element for an error: its path, and its value as a short text if the path does not say it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="element">The element.</param>
    /// <param name="codec">Knows which parts of the element are secrets.</param>
    public virtual (string Path, string Value) Describe(CompiledNode node, MapElement element, IValueCodec codec) => (node.Label, "");
}
