using System.Globalization;
using System.Runtime.InteropServices;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>Finds the element to which each stored sub-run of a composite node belongs.</summary>
/// <param name="run">The run of the node.</param>
/// <param name="stored">The stored run that has the sub-runs.</param>
/// <param name="node">The node.</param>
/// <param name="elements">Its elements now.</param>
/// <param name="upstream">What they come from.</param>
internal sealed class SubRunOwners(RunExecution run, StoredRun stored, CompiledNode node, Elements elements, NodeOutput upstream)
{
    private readonly ElementIndex? _index = elements.Ids is { } ids ? new(ids, run.Session.Codec) : null;
    private readonly ElementInput _input = new(node, run.Session);

    // All sub-runs in the order in which they were added; for each of them, the next older one of its element; for each element, its newest
    // one. The last two are numbers that begin at 1, so that 0 means none.
    private readonly List<StoredSubRun> _all = new(elements.Count);
    private readonly List<int> _older = new(elements.Count);
    private readonly int[] _newest = new int[elements.Count];
    private ILookup<string, int>? _ordinalsByText;
    private Dictionary<StoreKey, string>? _inputs;
    private bool? _isSameUpstream;

    /// <summary>Adds the sub-runs that did not complete. A sub-run whose element is gone is left out, here and below.</summary>
    public void AddUnfinished()
    {
        foreach (var subRun in run.Session.Provenance.GetSubRuns(stored, node.Label, unfinished: true))
            Add(StoredSubRun.From(subRun), subRun.ElementId, subRun.ElementKey ?? "", -1);
    }

    /// <summary>Adds those that completed.</summary>
    /// <param name="texts">Gets the texts of their outputs.</param>
    public void AddCompleted(TextPages texts) => run.Session.Provenance.ReadCompleted(
        stored, node.Label, subRun => Add(StoredSubRun.From(subRun, texts), subRun.ElementId, subRun.ElementKey, subRun.Ordinal));

    /// <summary>The elements that have a stored sub-run, each with it.</summary>
    public IEnumerable<(int Ordinal, StoredSubRun SubRun)> Assign()
    {
        // Two elements can find the same sub-run only by the text of their keys, which may be equal.
        var taken = new HashSet<StoreKey>();
        for (var ordinal = 0; ordinal < _newest.Length; ordinal++)
        {
            if (_newest[ordinal] is not 0 and var newest && Owned(ordinal, newest, taken) is { } subRun)
                yield return (ordinal, subRun);
        }
    }

    private void Add(StoredSubRun subRun, string? id, string? key, int position)
    {
        if (!node.HasElements)
            Add(subRun, 0);
        else if (id is not null)
            Add(subRun, _index?.Find(id) ?? -1);
        else if (_index is null)
            Add(subRun, key is null || int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out position) ? position : -1);
        else
        {
            _ordinalsByText ??= Enumerable.Range(0, elements.Count).ToLookup(elements.KeyAt);
            foreach (var ordinal in _ordinalsByText[key ?? position.ToString(CultureInfo.InvariantCulture)])
                Add(subRun, ordinal);
        }
    }

    private void Add(StoredSubRun subRun, int ordinal)
    {
        if (ordinal < 0 || ordinal >= _newest.Length)
            return;
        // If two have one key, the later one is of a later attempt.
        ref var newer = ref _newest[ordinal];
        while (newer != 0 && _all[newer - 1].Key.CompareTo(subRun.Key) > 0)
            newer = ref CollectionsMarshal.AsSpan(_older)[newer - 1];
        var older = newer;
        _all.Add(subRun);
        newer = _all.Count;
        _older.Add(older);
    }

    // Files of versions 1 and 2 know a key only by its text, which several keys may have. If elements were mixed up, an element may have
    // several sub-runs.
    private StoredSubRun? Owned(int ordinal, int newest, HashSet<StoreKey> taken)
    {
        var first = _all[newest - 1];
        if (first.IsIdentified || _index is null)
            return WorksOn(ordinal, first) ? first : null;
        for (var number = newest; number != 0; number = _older[number - 1])
        {
            var subRun = _all[number - 1];
            if (!subRun.IsIdentified && !taken.Contains(subRun.Key) && WorksOn(ordinal, subRun))
            {
                taken.Add(subRun.Key);
                return subRun;
            }
        }

        return null;
    }

    // If the node was always given the same stored value, the same key means the same element. A sub-run that has not got beyond its source
    // has used nothing of its element.
    private bool WorksOn(int ordinal, StoredSubRun subRun)
    {
        var isIdentified = subRun.IsIdentified || _index is null;
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
