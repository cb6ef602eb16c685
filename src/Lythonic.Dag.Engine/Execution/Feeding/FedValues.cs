using System.Collections.Specialized;
using System.Text;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <summary>
/// The inputs and outputs of a run whose elements came from a pipeline. They are stored only with the elements, and put together from them
/// when somebody reads them.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="codec">Reads values.</param>
/// <param name="run">The run.</param>
internal sealed class FedValues(DagProvenance store, IValueCodec codec, StoredRun run)
{
    /// <summary>The elements that began, in the order of their positions.</summary>
    public IEnumerable<(int Ordinal, object? Value)> Elements() => store.GetElementInputs(run, FedDag.Each)
        .Select(input => (input.Ordinal, SourceInputJson.Read(Encoding.UTF8.GetBytes(input.Input), codec)![0]));

    /// <summary>The input of a node.</summary>
    public OrderedDictionary? InputOf(StoredNodeRun node) =>
        IsEach(node) ? new() { [InputReader.PipelineName] = Given() } : null;

    /// <summary>The output of a node. For the map, it has the outputs of the completed elements.</summary>
    public object? OutputOf(StoredNodeRun node) => IsEach(node) ? Results() : Given();

    /// <summary>The outputs of the run.</summary>
    public OrderedDictionary Outputs(IEnumerable<StoredNodeRun> nodes)
    {
        var outputs = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        if (nodes.Any(IsEach))
            outputs[FedDag.Each] = Results();
        return outputs;
    }

    private static bool IsEach(StoredNodeRun node) => node.Kind.HasElements();

    private object?[] Given() => [.. Elements().Select(element => element.Value)];

    private object?[] Results() => [.. store.GetSubRunOutputs(run, FedDag.Each)
        .Where(element => element.Output is not null)
        .Select(element => codec.Restore(store.GetUtf8(element.Output!)).Value)];
}
