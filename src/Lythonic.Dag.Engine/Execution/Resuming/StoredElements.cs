using Lythonic.Dag.Provenance;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>What the store holds of a composite node's sub-runs when its run is restarted.</summary>
internal sealed class StoredElements
{
    private readonly Dictionary<int, StoredRun> _unfinished = [];

    public static StoredElements None { get; } = new();

    /// <summary>Loads the sub-runs of a node: the outputs of those that completed go to the results, the others go on.</summary>
    public static StoredElements Load(DagProvenance provenance, StoredRun run, CompiledNode node, ElementResults results)
    {
        var stored = new StoredElements();
        foreach (var subRun in provenance.GetSubRuns(run, node.Label, unfinished: true))
            stored._unfinished[subRun.Ordinal] = subRun;

        // Only the sink's declared type can shape what is read: branches that declare different ones are read as they were tagged.
        var sinks = node.SubDags!.All.Select(dag => dag.Sink).DistinctBy(sink => (sink.OutputType, sink.StoredType)).ToList();
        foreach (var (ordinal, output) in provenance.GetSubRunOutputs(run, node.Label))
            results.Take(ordinal, OutputSlot.Stored(output, sinks.Count == 1 ? sinks[0] : null));
        return stored;
    }

    /// <summary>The sub-run of an element that began and did not complete, or <see langword="null"/>.</summary>
    public StoredRun? Unfinished(int ordinal) => _unfinished.GetValueOrDefault(ordinal);

    /// <summary>Whether an element is needed no more to go on: the source of its sub-run, which takes it, is done.</summary>
    public bool IsTaken(DagProvenance provenance, CompiledNode node, int ordinal)
    {
        if (Unfinished(ordinal) is not { } subRun || (node.SubDags!.Single ?? (subRun.Branch is { } branch ? node.SubDags.Find(branch)?.Dag : null)) is not { } dag)
            return false;
        return provenance.GetNodeRuns(subRun).Any(before => StoredNodes.IsDone(before) && before.Label.Equals(dag.Source.Label, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The branch that was chosen for an element before, or <see langword="null"/>.</summary>
    public string? BranchOf(int ordinal) => Unfinished(ordinal)?.Branch;
}
