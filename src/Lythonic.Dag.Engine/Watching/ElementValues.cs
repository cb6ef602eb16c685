using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Watching;

/// <summary>
/// The short texts of the elements that are shown, each read until it is known. A key that is a position says nothing of its element;
/// any other key is enough.
/// </summary>
/// <param name="nameOf">Reads the text of a sub-run's element; <see langword="null"/> if none is shown.</param>
internal sealed class ElementValues(Func<StoredRun, string>? nameOf)
{
    private const int MostKept = 100;

    private readonly Dictionary<StoreKey, string> _known = [];

    /// <summary>The text; empty if the key is enough, or the value has none.</summary>
    public string Of(SubRunState state)
    {
        if (nameOf is null || state.ElementKey is not { Length: > 0 } key || !key.All(char.IsAsciiDigit))
            return "";
        if (_known.TryGetValue(state.Key, out var known))
            return known;
        if (_known.Count >= MostKept)
            _known.Clear();
        var name = nameOf(state.ToRun());
        var text = name == key ? "" : name;
        // The value of an element in flight may not be stored yet.
        if (name.Length > 0 || state.Status != DagRunStatus.Running)
            _known[state.Key] = text;
        return text;
    }
}
