using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Wiring;

/// <summary>A DAG with its wiring resolved, as a run needs it. It is made once for each run.</summary>
internal sealed class CompiledDag(Dag dag, CompiledNode[] nodes, bool isStrict)
{
    private DagDefinition? _definition;

    public Dag Graph { get; } = dag;

    public string Name => Graph.Name;

    /// <summary>Whether it, or a DAG around it, is strict.</summary>
    public bool IsStrict { get; } = isStrict;

    /// <summary>What the DAGs around its nodes give their code; <see langword="null"/> for nothing, and for the DAG of a run.</summary>
    public ICodeScope? Scope { get; init; }

    /// <summary>The nodes, in the order in which they were added.</summary>
    public CompiledNode[] Nodes { get; } = nodes;

    /// <summary>The first source. A sub-DAG has only one.</summary>
    public CompiledNode Source => _source ??= Array.Find(Nodes, node => node.IsSource)!;

    /// <summary>The first sink. A sub-DAG has only one.</summary>
    public CompiledNode Sink => _sink ??= Array.Find(Nodes, node => node.IsSink)!;

    /// <summary>The shape as it is stored.</summary>
    public DagDefinition Definition => _definition ??= Fingerprints.Define(this);

    /// <summary>Whether a node, at any depth, runs on the caller's thread.</summary>
    public bool HasInline => Nodes.Any(node => node.Settings.Inline || (node.SubDags?.All.Any(dag => dag.HasInline) ?? false));

    /// <summary>Whether it has closing nodes.</summary>
    public bool HasClosing { get; } = Array.Exists(nodes, node => node.IsClosing);

    /// <summary>Whether it, or a sub-DAG at any depth, has closing nodes.</summary>
    public bool HasClosingInside => HasClosing || Nodes.Any(node => node.SubDags?.All.Any(dag => dag.HasClosingInside) ?? false);

    /// <summary>Ends the compilation. From then on the nodes do not change.</summary>
    public void Seal()
    {
        foreach (var node in Nodes)
            node.Seal();
    }

    private CompiledNode? _source;
    private CompiledNode? _sink;
}
