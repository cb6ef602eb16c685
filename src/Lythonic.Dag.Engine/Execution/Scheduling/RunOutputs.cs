using System.Collections.Specialized;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// The outputs of the nodes of a run. A live value is dropped when the last node that takes it is done. Changes under the session's lock.
/// </summary>
internal sealed class RunOutputs
{
    private readonly CompiledDag _dag;
    private readonly NodeOutput?[] _outputs;
    private readonly int[] _consumers;
    private LiveValueBudget? _kept;

    public RunOutputs(CompiledDag dag)
    {
        _dag = dag;
        _outputs = new NodeOutput?[dag.Nodes.Length];
        _consumers = new int[dag.Nodes.Length];
        foreach (var node in dag.Nodes)
            _consumers[node.Index] = node.Downstreams.Length;
    }

    public NodeOutput this[int node] => _outputs[node]!;

    /// <summary>Whether a node has given an output.</summary>
    public bool Has(int node) => _outputs[node] is not null;

    /// <summary>Removes the output of a node that runs again.</summary>
    public void Forget(int node)
    {
        _outputs[node] = null;
        foreach (var upstream in _dag.Nodes[node].Upstreams)
            _consumers[upstream]++;
    }

    /// <summary>Takes over the output of a node that was done before; <see langword="null"/> if the node was omitted.</summary>
    public void Restore(int node, NodeOutput? output)
    {
        _outputs[node] = output;
        foreach (var upstream in _dag.Nodes[node].Upstreams)
            _consumers[upstream]--;
    }

    /// <summary>Adds the output of a node that is done.</summary>
    /// <param name="node">The node.</param>
    /// <param name="output">The output.</param>
    /// <param name="isWanted">Whether the output itself is needed at the end, as that of a root run's sink is.</param>
    /// <param name="mayDropValue">Whether the store can bring a value back.</param>
    public void Add(int node, NodeOutput output, bool isWanted, bool mayDropValue)
    {
        _outputs[node] = output;
        if (isWanted)
            (_kept ??= new LiveValueBudget()).Keep(output);
        Release(node, mayDropValue);
    }

    /// <summary>A node that takes its upstreams' outputs is done, or no longer needs them.</summary>
    /// <param name="node">The node.</param>
    /// <param name="mayDropValue">Whether the store can bring a value back.</param>
    public void Release(int node, bool mayDropValue)
    {
        foreach (var upstream in _dag.Nodes[node].Upstreams)
        {
            if (--_consumers[upstream] == 0 && mayDropValue)
                _outputs[upstream]?.DropValue();
        }
    }

    /// <summary>A node has taken its upstreams' outputs: says which of them have changed since others took them. Any thread.</summary>
    public void Release(CompiledNode node, RunSession session, ValueWarnings warnings)
    {
        foreach (var upstream in node.Upstreams)
        {
            if (_outputs[upstream]?.Release(session) == true)
                warnings.OfMissed(_dag.Nodes[upstream].Label);
        }
    }

    /// <summary>Checks at the end of a run whether values changed after they were stored, and warns of those not yet reported.</summary>
    /// <param name="run">The run.</param>
    public void LookAgain(RunExecution run)
    {
        foreach (var node in _dag.Nodes)
        {
            if (_outputs[node.Index] is not { } output)
                continue;
            if (!node.IsSink && output.WasMissed(run.Session))
                run.WarningsOf(node).OfMissed(node.Label);
            else if (node.IsSink && run.Parent is null && output.HasChanged(run.Session))
                run.WarningsOf(node).OfOutput(node.Label);
        }
    }

    /// <summary>The outputs of the sinks that are done, in the order of the nodes.</summary>
    public OrderedDictionary OfSinks(RunSession session)
    {
        var outputs = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var node in _dag.Nodes)
        {
            if (node.IsSink && _outputs[node.Index] is { } output)
                outputs[node.Label] = output.Read(session);
        }

        return outputs;
    }
}
