using System.Globalization;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>Finds the element that each stored sub-run of a composite node is of.</summary>
/// <param name="run">The run of the node.</param>
/// <param name="stored">The stored run that has the sub-runs.</param>
/// <param name="node">The node.</param>
/// <param name="elements">Its elements now.</param>
/// <param name="upstream">What they come from.</param>
internal sealed class SubRunOwners(RunExecution run, StoredRun stored, CompiledNode node, Elements elements, NodeOutput upstream)
{
    private readonly Dictionary<int, List<StoredSubRun>> _byOrdinal = [];
    private readonly ElementIndex? _index = elements.Ids is { } ids ? new(ids, run.Session.Codec) : null;
    private readonly ElementInput _input = new(node, run.Session);
    private ILookup<string, int>? _ordinalsByText;
    private Dictionary<StoreKey, string>? _inputs;
    private bool? _isSameUpstream;

    /// <summary>Adds a stored sub-run. One whose element is no more is left out.</summary>
    public void Add(StoredSubRun subRun)
    {
        foreach (var ordinal in OrdinalsOf(subRun))
        {
            if (!_byOrdinal.TryGetValue(ordinal, out var known))
                _byOrdinal[ordinal] = known = new(1);
            known.Add(subRun);
        }
    }

    /// <summary>The elements that have a stored sub-run, each with it.</summary>
    public IEnumerable<(int Ordinal, StoredSubRun SubRun)> Assign()
    {
        var taken = new HashSet<StoreKey>();
        foreach (var (ordinal, subRuns) in _byOrdinal.OrderBy(pair => pair.Key))
        {
            if (Newest(ordinal, subRuns, taken) is { } subRun && taken.Add(subRun.Key))
                yield return (ordinal, subRun);
        }
    }

    // Files of versions 1 and 2 know a key only by its text, which several keys may have. If elements were mixed up, an element may have
    // several sub-runs.
    private StoredSubRun? Newest(int ordinal, List<StoredSubRun> subRuns, HashSet<StoreKey> taken)
    {
        subRuns.Sort((one, other) => other.Key.CompareTo(one.Key));
        var newest = subRuns[0];
        return newest.ElementId is not null || _index is null
            ? (WorksOn(ordinal, newest) ? newest : null)
            : subRuns.Find(subRun => subRun.ElementId is null && !taken.Contains(subRun.Key) && WorksOn(ordinal, subRun));
    }

    private IEnumerable<int> OrdinalsOf(StoredSubRun subRun)
    {
        if (node.Kind != NodeKind.Map)
            return [0];
        if (subRun.ElementId is { } id)
            return _index?.Find(id) is { } ordinal ? [ordinal] : [];
        if (subRun.ElementKey is not { } text)
            return [];
        if (_index is null)
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position) && position < elements.Count
                ? [position]
                : [];
        _ordinalsByText ??= Enumerable.Range(0, elements.Count).ToLookup(elements.KeyAt);
        return _ordinalsByText[text];
    }

    // If the node was always given the same stored value, the same key means the same element. A sub-run that has not got beyond its source
    // has used nothing of its element.
    private bool WorksOn(int ordinal, StoredSubRun subRun)
    {
        var isIdentified = subRun.ElementId is not null || _index is null;
        if (isIdentified && (_isSameUpstream ??= IsSameUpstream()))
            return true;
        _inputs ??= Inputs();
        return _inputs.TryGetValue(subRun.Key, out var input)
            ? _input.IsOf(elements.At(ordinal), subRun.Branch, input)
            : subRun.Unfinished is not null;
    }

    private bool IsSameUpstream() =>
        upstream.Encoded is { } encoded && run.Session.Provenance.WasAlwaysGiven(stored, node.Label, encoded);

    private Dictionary<StoreKey, string> Inputs()
    {
        var inputs = new Dictionary<StoreKey, string>();
        foreach (var (key, input) in run.Session.Provenance.GetSubRunInputs(stored, node.Label))
            inputs[key] = input;
        return inputs;
    }
}
