using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>What one kind of composite node does in its own way. A new kind is one more class, and a line in <see cref="For"/>.</summary>
internal abstract class CompositeKind
{
    /// <summary>The kind of a node; <see langword="null"/> for one that runs code.</summary>
    public static CompositeKind? For(NodeKind kind) => kind switch
    {
        NodeKind.Map => MapKind.Instance,
        NodeKind.Call => CallKind.Instance,
        NodeKind.Switch => SwitchKind.Instance,
        _ => null,
    };

    /// <summary>Whether it runs over the elements of its upstream's output and gives a collection of their results.</summary>
    public virtual bool IsOverElements => false;

    /// <summary>The type of what a sub-DAG's source is given.</summary>
    /// <param name="upstream">The type that the upstream declares; or <see langword="null"/>.</param>
    public virtual Type? ElementType(Type? upstream) => upstream;

    /// <summary>What the upstream's output is read as, where the sources of the sub-DAGs agree on a type.</summary>
    public virtual Type? InputTypeFrom(Type? source) => source;

    /// <summary>What the node's output is stored as, where the sinks of the sub-DAGs agree on a type.</summary>
    public virtual Type? OutputTypeFrom(Type? sink, NodeSettings settings) => sink;

    /// <summary>What the node works through.</summary>
    /// <param name="node">The node.</param>
    /// <param name="value">What its upstream gave.</param>
    /// <param name="session">Looks behind the host's wrappers, and says what is kept.</param>
    /// <param name="stored">What the store has of it.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagTypeMismatch"/>: the node cannot work through the value.</exception>
    public abstract Elements Draw(CompiledNode node, object? value, RunSession session, NodeOutput stored);

    /// <summary>The key that the sub-run of an element has in its path.</summary>
    /// <param name="element">The element.</param>
    /// <param name="branch">The branch that it takes; <see langword="null"/> if there are none.</param>
    public virtual string KeyOf(MapElement element, string? branch) => element.Key;

    /// <summary>The node's output, made of the results of its sub-runs.</summary>
    public abstract object? Gather(ElementResults results);

    /// <summary>What an error says of where it happened: the place, and the element in short where the place does not say it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="element">The element.</param>
    /// <param name="codec">Knows which parts of the element are secrets.</param>
    public virtual (string Path, string Value) Describe(CompiledNode node, MapElement element, IValueCodec codec) => (node.Label, "");
}
