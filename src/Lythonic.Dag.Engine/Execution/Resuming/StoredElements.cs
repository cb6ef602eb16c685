using Lythonic.Dag.Provenance;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// What the store holds of a composite node's sub-runs when its run is restarted. An element has the newest sub-run of its key, or of its
/// position in a list, and only if the sub-run worked on the same value.
/// </summary>
internal sealed class StoredElements
{
    private readonly Dictionary<int, StoredRun> _unfinished = [];

    public static StoredElements None { get; } = new();

    /// <summary>Loads the sub-runs of a node. The outputs of the completed ones go to the results; the others go on.</summary>
    /// <param name="run">The run of the node, which goes on with a stored one.</param>
    /// <param name="node">The node.</param>
    /// <param name="elements">Its elements now.</param>
    /// <param name="upstream">What they come from.</param>
    /// <param name="results">Gets the outputs.</param>
    public static StoredElements Load(RunExecution run, CompiledNode node, Elements elements, NodeOutput upstream, ElementResults results)
    {
        var stored = new StoredElements();
        var owners = new SubRunOwners(run, run.Resumed!, node, elements, upstream);
        owners.AddUnfinished();
        owners.AddCompleted(results.Texts);
        foreach (var (ordinal, subRun) in owners.Assign())
        {
            if (subRun.Unfinished is { } unfinished)
                stored._unfinished[ordinal] = unfinished;
            else
                results.Add(ordinal, subRun, results.Sink);
        }

        return stored;
    }

    /// <summary>Makes it of sub-runs by the positions of their elements, which are known already.</summary>
    public static StoredElements From(IEnumerable<StoredRun> subRuns)
    {
        var stored = new StoredElements();
        foreach (var subRun in subRuns)
            stored._unfinished[subRun.Ordinal] = subRun;
        return stored;
    }

    /// <summary>The sub-run of an element that began and did not complete, or <see langword="null"/>.</summary>
    public StoredRun? Unfinished(int ordinal) => _unfinished.GetValueOrDefault(ordinal);

    /// <summary>Whether the value of an element is no longer needed: the source of its sub-run, which takes it, is done.</summary>
    public bool IsTaken(DagProvenance provenance, CompiledNode node, int ordinal)
    {
        if (Unfinished(ordinal) is not { } subRun || node.SubDags!.ForBranch(subRun.Branch) is not { } dag)
            return false;
        return provenance.GetNodeRuns(subRun)
            .Any(before => NodeRestoration.IsDone(before) && before.Label.Equals(dag.Source.Label, StringComparison.OrdinalIgnoreCase));
    }
}
