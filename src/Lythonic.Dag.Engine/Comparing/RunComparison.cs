using Lythonic.Dag.Execution;
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

    // The nodes whose code is known to differ, without the keys of elements: the code of a map is the same for all of them.
    private readonly HashSet<string> _changedCode = new(StringComparer.OrdinalIgnoreCase);

    private string[] _runIds = [];
    private bool _isFed;

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
        _changedCode.Clear();
        _runIds = [reference.RunId, difference.RunId];
        _isFed = IncludesEqual && FedDag.IsOf(reference, store) && FedDag.IsOf(difference, store);
        foreach (var found in CompareNodes(reference, difference, NodePlace.Root).Select(found => found.With(runs)))
        {
            if (found.Change == DagChange.Duration)
                durations.Add(found);
            else
                yield return found;
        }

        foreach (var found in durations)
            yield return found;
    }

    private IEnumerable<DagDifference> CompareNodes(StoredRun reference, StoredRun difference, NodePlace path)
    {
        var (nodes, ofOther) = (store.GetNodeRuns(reference), store.GetNodeRuns(difference));
        var others = ofOther.ToDictionary(node => node.Label, StringComparer.OrdinalIgnoreCase);
        // A reused sub-run does not have a row for every node.
        var isReused = path != NodePlace.Root && (ReusedNodeRun.IsAll(nodes) || ReusedNodeRun.IsAll(ofOther));
        foreach (var node in nodes)
        {
            var place = path.Then(node.Label);
            if (!others.Remove(node.Label, out var other))
            {
                if (!isReused)
                    yield return OnlyInReference(place, node.Status.ToName());
                continue;
            }

            foreach (var found in CompareNode(reference, difference, node, other, place))
                yield return found;
        }

        foreach (var other in others.Values.Where(_ => !isReused))
            yield return OnlyInDifference(path.Then(other.Label), other.Status.ToName());
    }

    private IEnumerable<DagDifference> CompareNode(
        StoredRun run, StoredRun otherRun, StoredNodeRun node, StoredNodeRun other, NodePlace place)
    {
        var isReused = ReusedNodeRun.Is(node) || ReusedNodeRun.Is(other);
        var hasOtherCode = node.Fingerprint != other.Fingerprint
            && !(isReused && ReusedNodeRun.RanTogether(run, node, otherRun, other));
        var code = hasOtherCode && IsNews(place, node.Label)
            ? new DagDifference(place.OfAllElements(), DagChange.Code, null, codeOf(node.Fingerprint), codeOf(other.Fingerprint))
            : null;
        var errors = isReused ? null : Errors(place, ErrorOf(run, node), ErrorOf(otherRun, other));
        var own = Facts(node, other, place, code, errors).OfType<DagDifference>();
        if (!isReused || (HasInput(node) && HasInput(other)))
            own = own.Concat(Values(DagChange.Input, place, store.ReadInput(node), store.ReadInput(other)));
        own = own.Concat(Values(DagChange.Output, place, store.ReadOutput(node), store.ReadOutput(other)));
        var differs = false;
        foreach (var found in own)
        {
            differs = true;
            yield return found;
        }

        if (!differs && !hasOtherCode && IncludesEqual && !(_isFed && place.Element is null && ElementsDiffer(run, otherRun, node.Kind)))
            yield return new(place, null, null, null, null);
        if (!node.Kind.IsComposite() && !other.Kind.IsComposite())
            yield break;
        var mayLack = isReused || node.IsOverridden || other.IsOverridden;
        foreach (var found in CompareSubRuns(run, otherRun, node.Label, place, mayLack))
            yield return found;
    }

    // What a map runs for its elements is said once. A scriptblock of a map is a node with its label, whose code is that of the map.
    private bool IsNews(NodePlace place, string label)
    {
        var isNews = _changedCode.Add(place.Code);
        _changedCode.Add(place.Inside().Then(label).Code);
        return isNews;
    }

    // If elements came from a pipeline, the values of the input node and of the map are stored with the elements alone.
    private bool ElementsDiffer(StoredRun run, StoredRun otherRun, NodeKind kind) =>
        new RunComparison(store, codec, codeOf) { _runIds = _runIds }
            .CompareSubRuns(run, otherRun, FedDag.Each, NodePlace.Root.Then(FedDag.Each), mayLack: false)
            .Any(found => found.Change is DagChange.Only or DagChange.Input || (found.Change == DagChange.Output && kind.HasElements()));

    private bool HasInput(StoredNodeRun node) => store.ReadInput(node).Any(piece => piece.Length > 0);

    // A reused node ran in an earlier run, so its attempts and its duration are not compared.
    private static IEnumerable<DagDifference?> Facts(
        StoredNodeRun node, StoredNodeRun other, NodePlace place, DagDifference? code, DagDifference? errors)
    {
        var isReused = ReusedNodeRun.Is(node) || ReusedNodeRun.Is(other);
        if (node.Status != other.Status && !(isReused && ReusedNodeRun.EndOf(node) == ReusedNodeRun.EndOf(other)))
            yield return new(place, DagChange.Status, null, node.Status.ToName(), other.Status.ToName());
        yield return errors;
        if (node.IsOverridden != other.IsOverridden)
            yield return new(place, DagChange.Override, null, RanCode(node), RanCode(other));
        yield return code;
        if (isReused)
            yield break;
        if (node.Attempt != other.Attempt)
            yield return new(place, DagChange.Attempt, null, node.Attempt, other.Attempt);
        yield return Durations(place, node.FinishedAt - node.StartedAt, other.FinishedAt - other.StartedAt);
    }

    private static string RanCode(StoredNodeRun node) => node.IsOverridden ? "overridden" : "its own code";

    // The error of a composite node repeats those of its elements, in the order in which they ended.
    private ComparedError? ErrorOf(StoredRun run, StoredNodeRun node)
    {
        var error = ComparedError.Of(node, IdsOf(run));
        return error is not null && node.Kind.IsComposite() && store.GetSubRuns(run, node.Label).Any(HasError) ? null : error;
    }

    // The error of a sub-run of which no node failed, because none began or because its time was over.
    private ComparedError? OwnErrorOf(StoredRun subRun) => subRun is { Status: DagRunStatus.Failed, FailedNode: null }
        ? ComparedError.Of(subRun.Error, IdsOf(subRun))
        : null;

    private string[] IdsOf(StoredRun run) => [run.RunId, .. _runIds];

    private static bool HasError(StoredRun subRun) => subRun.Status == DagRunStatus.Failed || subRun.Errors.All > 0;

    private static DagDifference? Errors(NodePlace place, ComparedError? reference, ComparedError? difference) =>
        reference?.Compared == difference?.Compared ? null
            : new(place, DagChange.Error, null, reference?.Text, difference?.Text)
            {
                Sides = difference is null ? ComparedSides.Reference
                    : reference is null ? ComparedSides.Difference
                    : ComparedSides.Both,
            };

    private static DagDifference? Durations(NodePlace place, TimeSpan? one, TimeSpan? other)
    {
        if (one is not { } reference || other is not { } difference)
            return null;
        var (less, more) = reference < difference ? (reference, difference) : (difference, reference);
        return more - less > SlowerByAtLeast && more > SlowerBy * less ? new(place, DagChange.Duration, null, reference, difference) : null;
    }

    private IEnumerable<DagDifference> Values(
        DagChange change, NodePlace place, IEnumerable<ReadOnlyMemory<byte>> reference, IEnumerable<ReadOnlyMemory<byte>> difference)
    {
        var comparison = ValueComparison.Between(reference, difference);
        foreach (var found in comparison.Found)
            yield return new(place, change, found.Path, Restored(found.Reference), Restored(found.Difference)) { Sides = found.Sides };
        if (comparison.More > 0)
            yield return new(place, change, "…", null, $"{comparison.More:N0} more differences");
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
    private IEnumerable<DagDifference> CompareSubRuns(StoredRun run, StoredRun otherRun, string label, NodePlace place, bool mayLack)
    {
        var others = new Dictionary<string, StoredRun>(StringComparer.Ordinal);
        foreach (var other in store.GetSubRuns(otherRun, label))
            others[IdentityOf(other)] = other;
        var subRuns = store.GetSubRuns(run, label).ToList();
        // A node that was reused as a whole, or whose code was overridden, has no sub-runs.
        if (mayLack && (others.Count == 0 || subRuns.Count == 0))
            yield break;
        foreach (var subRun in subRuns)
        {
            var element = place.At(subRun.ElementKey);
            if (!others.Remove(IdentityOf(subRun), out var other))
            {
                yield return OnlyInReference(element, subRun.Status.ToName());
                continue;
            }

            if (subRun.Status != other.Status)
                yield return new(element, DagChange.Status, null, subRun.Status.ToName(), other.Status.ToName());
            if (Errors(element, OwnErrorOf(subRun), OwnErrorOf(other)) is { } errors)
                yield return errors;
            foreach (var found in CompareNodes(subRun, other, element.Inside()))
                yield return found;
        }

        foreach (var other in others.Values)
            yield return OnlyInDifference(place.At(other.ElementKey), other.Status.ToName());
    }

    private static DagDifference OnlyInReference(NodePlace place, string status) =>
        new(place, DagChange.Only, null, status, null) { Sides = ComparedSides.Reference };

    private static DagDifference OnlyInDifference(NodePlace place, string status) =>
        new(place, DagChange.Only, null, null, status) { Sides = ComparedSides.Difference };

    private static string IdentityOf(StoredRun subRun) => $"{subRun.Branch}\n{subRun.ElementId ?? subRun.ElementKey}";
}
