using System.Collections.Concurrent;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>The descriptions of the nodes of a session, made once for each node.</summary>
internal sealed class ReuseKeys(RunSession session)
{
    private readonly ConcurrentDictionary<CompiledNode, NodeReuse> _nodes = new();
    private readonly CodeDescription _description = new(session);

    /// <summary>The description by which a node is compared, or the elements of a map.</summary>
    public NodeReuse For(CompiledDag dag, CompiledNode node) => _nodes.TryGetValue(node, out var known) ? known : Make(dag, node);

    private NodeReuse Make(CompiledDag dag, CompiledNode node)
    {
        var isMap = node.HasElements;
        var parts = isMap ? _description.DescribeElement(dag, node) : _description.Describe(dag, node);
        return _nodes.GetOrAdd(node, new NodeReuse(parts, parts.Key(isMap ? "element" : node.SubDags is null ? "node" : "composite")));
    }
}
