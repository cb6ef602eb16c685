using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Comparing;

/// <summary>Compares two stored runs, node by node and element by element.</summary>
/// <param name="store">The store that holds them.</param>
/// <param name="codec">Restores the values that differ.</param>
/// <param name="codeOf">Returns the code of a node by its fingerprint, or <see langword="null"/> if it is not known.</param>
internal sealed class RunComparison(DagProvenance store, IValueCodec codec, Func<string, string?> codeOf)
{
    private const double SlowerBy = 1.5;
    private static readonly TimeSpan SlowerByAtLeast = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether nodes that do not differ are returned too.</summary>
    public bool IncludesEqual { get; init; }

    /// <summary>Compares two runs.</summary>
    /// <param name="reference">The first run.</param>
    /// <param name="difference">The second run.</param>
    /// <returns>
    /// The differences in the order of the first run's nodes; nodes that only the second run has come last. After them come the durations,
    /// which also differ because a machine is busy.
    /// </returns>
    public IEnumerable<DagDifference> Compare(StoredRun reference, StoredRun difference)
    {
        var runs = new ComparedRuns(reference, difference);
        var durations = new List<DagDifference>();
        foreach (var found in CompareNodes(reference, difference, "").Select(found => found.With(runs)))
        {
            if (found.Change == DagChange.Duration)
                durations.Add(found);
            else
                yield return found;
        }

        foreach (var found in durations)
            yield return found;
    }

    private IEnumerable<DagDifference> CompareNodes(StoredRun reference, StoredRun difference, string path)
    {
        var (nodes, ofOther) = (store.GetNodeRuns(reference), store.GetNodeRuns(difference));
        var others = ofOther.ToDictionary(node => node.Label, StringComparer.OrdinalIgnoreCase);
        // A reused sub-run does not have a row for every node.
        var isReused = path.Length > 0 && (ReusedNodeRun.IsAll(nodes) || ReusedNodeRun.IsAll(ofOther));
        foreach (var node in nodes)
        {
            var name = path + node.Label;
            if (!others.Remove(node.Label, out var other))
            {
                if (!isReused)
                    yield return new(name, DagChange.Only, null, node.Status.ToName(), null);
                continue;
            }

            foreach (var found in CompareNode(reference, difference, node, other, name))
                yield return found;
        }

        foreach (var other in others.Values.Where(_ => !isReused))
            yield return new(path + other.Label, DagChange.Only, null, null, other.Status.ToName());
    }

    private IEnumerable<DagDifference> CompareNode(StoredRun run, StoredRun otherRun, StoredNodeRun node, StoredNodeRun other, string name)
    {
        var isReused = ReusedNodeRun.Is(node) || ReusedNodeRun.Is(other);
        var own = isReused ? FactsOfReused(run, otherRun, node, other, name) : Facts(node, other, name);
        if (!isReused || (HasInput(node) && HasInput(other)))
            own = own.Concat(Values(DagChange.Input, name, store.ReadInput(node), store.ReadInput(other)));
        own = own.Concat(Values(DagChange.Output, name, store.ReadOutput(node), store.ReadOutput(other)));
        var differs = false;
        foreach (var found in own)
        {
            differs = true;
            yield return found;
        }

        if (!differs && IncludesEqual)
            yield return new(name, null, null, null, null);
        if (!node.Kind.IsComposite() && !other.Kind.IsComposite())
            yield break;
        foreach (var found in CompareSubRuns(run, otherRun, node.Label, name, isReused))
            yield return found;
    }

    private bool HasInput(StoredNodeRun node) => store.ReadInput(node).Any(piece => piece.Length > 0);

    private IEnumerable<DagDifference> Facts(StoredNodeRun node, StoredNodeRun other, string name)
    {
        if (node.Status != other.Status)
            yield return new(name, DagChange.Status, null, node.Status.ToName(), other.Status.ToName());
        if (node.Fingerprint != other.Fingerprint)
            yield return new(name, DagChange.Code, null, codeOf(node.Fingerprint), codeOf(other.Fingerprint));
        if (node.Attempt != other.Attempt)
            yield return new(name, DagChange.Attempt, null, node.Attempt, other.Attempt);
        if (Durations(name, node.FinishedAt - node.StartedAt, other.FinishedAt - other.StartedAt) is { } durations)
            yield return durations;
    }

    // A reused node ran in an earlier run, so its attempts and its duration are not compared. Its code is compared, unless both nodes have
    // the output of the same run.
    private IEnumerable<DagDifference> FactsOfReused(
        StoredRun run, StoredRun otherRun, StoredNodeRun node, StoredNodeRun other, string name)
    {
        if (ReusedNodeRun.EndOf(node) != ReusedNodeRun.EndOf(other))
            yield return new(name, DagChange.Status, null, node.Status.ToName(), other.Status.ToName());
        if (node.Fingerprint != other.Fingerprint && !ReusedNodeRun.RanTogether(run, node, otherRun, other))
            yield return new(name, DagChange.Code, null, codeOf(node.Fingerprint), codeOf(other.Fingerprint));
    }

    private static DagDifference? Durations(string name, TimeSpan? one, TimeSpan? other)
    {
        if (one is not { } reference || other is not { } difference)
            return null;
        var (less, more) = reference < difference ? (reference, difference) : (difference, reference);
        return more - less > SlowerByAtLeast && more > SlowerBy * less ? new(name, DagChange.Duration, null, reference, difference) : null;
    }

    private IEnumerable<DagDifference> Values(
        DagChange change, string name, IEnumerable<ReadOnlyMemory<byte>> reference, IEnumerable<ReadOnlyMemory<byte>> difference)
    {
        var comparison = ValueComparison.Between(reference, difference);
        foreach (var found in comparison.Found)
            yield return new(name, change, found.Path, Restored(found.Reference), Restored(found.Difference));
        if (comparison.More > 0)
            yield return new(name, change, "…", null, $"{comparison.More:N0} more differences");
    }

    private object? Restored(StoredPart? part)
    {
        if (part is not { Length: > 0 })
            return null;
        if (!part.IsWhole)
            return part.Shown();
        try
        {
            return codec.Restore(part.Text).Value;
        }
        catch (DagException)
        {
            return part.Shown();
        }
    }

    // An element is identified by the stored form of its key. Older files have only the text of the key.
    private IEnumerable<DagDifference> CompareSubRuns(StoredRun run, StoredRun otherRun, string label, string name, bool isReused)
    {
        var others = new Dictionary<string, StoredRun>(StringComparer.Ordinal);
        foreach (var other in store.GetSubRuns(otherRun, label))
            others[IdentityOf(other)] = other;
        var subRuns = store.GetSubRuns(run, label).ToList();
        // A node that was reused as a whole has no sub-runs.
        if (isReused && (others.Count == 0 || subRuns.Count == 0))
            yield break;
        foreach (var subRun in subRuns)
        {
            var element = Named(name, subRun);
            if (!others.Remove(IdentityOf(subRun), out var other))
            {
                yield return new(element, DagChange.Only, null, subRun.Status.ToName(), null);
                continue;
            }

            if (subRun.Status != other.Status)
                yield return new(element, DagChange.Status, null, subRun.Status.ToName(), other.Status.ToName());
            foreach (var found in CompareNodes(subRun, other, element + "/"))
                yield return found;
        }

        foreach (var other in others.Values)
            yield return new(Named(name, other), DagChange.Only, null, null, other.Status.ToName());
    }

    private static string IdentityOf(StoredRun subRun) => $"{subRun.Branch}\n{subRun.ElementId ?? subRun.ElementKey}";

    private static string Named(string name, StoredRun subRun) => subRun.ElementKey is { } key ? $"{name}[{key}]" : name;
}
