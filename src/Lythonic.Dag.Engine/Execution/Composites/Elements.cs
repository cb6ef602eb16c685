using System.Collections;
using System.Data;
using System.Globalization;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// What a composite node runs over: the elements of a list, a dictionary or a set, or one value. An element is identified by its key in a
/// dictionary, its value in a set, and its position in a list. The position in a dictionary or a set would not do, because a hash table or
/// a sorted collection may have another order in another process or culture. A set that is stored as a snapshot comes back as a list in
/// the order in which it was read, so that its elements have positions from the beginning.
/// </summary>
internal sealed class Elements
{
    // An array of numbers stays one: an object for each of very many would be several times as large.
    private readonly Array _values;
    private readonly string? _single;
    private readonly Func<int, RecordedForm?>? _encoded;
    private string[]? _keyTexts;

    private Elements(Array values, string? single, Func<int, RecordedForm?>? encoded = null)
    {
        _values = values;
        _single = single;
        _encoded = encoded;
    }

    public static Elements None { get; } = new(Array.Empty<object?>(), null);

    public int Count => _values.Length;

    /// <summary>The keys of a dictionary, as they are; <see langword="null"/> for a list.</summary>
    public object[]? Keys { get; private init; }

    /// <summary>
    /// The identities of the elements of a dictionary or a set, which are the same in every process: the stored forms of their keys or
    /// values. <see langword="null"/> if positions identify the elements, or runs are not kept.
    /// </summary>
    public string[]? Ids { get; private init; }

    /// <summary>
    /// What compares the keys of a dictionary: case counts where it counted in the dictionary itself; <see langword="null"/> if it does.
    /// </summary>
    public StringComparer? KeyComparer { get; private init; }

    /// <summary>Whether it is one dictionary that may have been a list of one before the pipeline unrolled it.</summary>
    public bool IsLoneDictionary { get; private init; }

    /// <summary>One value, which is the only element.</summary>
    /// <param name="value">The value.</param>
    /// <param name="key">The key of its sub-run.</param>
    /// <param name="stored">What the store has of it.</param>
    public static Elements One(object? value, string key, NodeOutput stored) =>
        new(new[] { value }, key, _ => stored.Form);

    /// <summary>The elements of a list, a dictionary or a set.</summary>
    /// <param name="node">The map node.</param>
    /// <param name="value">What its upstream gave.</param>
    /// <param name="session">Looks behind the host's wrappers, and says what is kept.</param>
    /// <param name="stored">What the store has of it.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagTypeMismatch"/>: a map cannot run over the value.</exception>
    public static Elements From(CompiledNode node, object? value, RunSession session, NodeOutput stored)
    {
        var bare = session.Converter.ContentOf(value);
        if (bare is IDictionary dictionary)
            return OfDictionary(dictionary, session, node.TakesUnrolled);
        if (ItemsOf(bare) is { } items)
        {
            if (bare is Array { Rank: 1 } array && array.GetLowerBound(0) == 0 && array.GetType().GetElementType()!.IsPrimitive)
                return new((Array)array.Clone(), null, stored.ElementAt);
            object?[] values = [.. items.Cast<object?>()];
            return session.Provenance.KeepsRuns && SortRules.IsStoredAsSet(bare!)
                ? OfSet(values, session)
                : new(values, null, stored.ElementAt);
        }

        if (!node.UpstreamIsUndeclared)
            throw Mismatch(node, bare);
        // The pipeline unrolled a list with one element or none.
        return new(value is null ? Array.Empty<object?>() : new[] { value }, null);
    }

    /// <summary>An element.</summary>
    public MapElement At(int ordinal) =>
        new(ordinal, KeyAt(ordinal), _values.GetValue(ordinal), _encoded?.Invoke(ordinal)) { Id = Ids?[ordinal] };

    /// <summary>The key of an element as text: of a dictionary, its key; of a list, its position.</summary>
    public string KeyAt(int ordinal) => _single ?? _keyTexts?[ordinal] ?? ordinal.ToString(CultureInfo.InvariantCulture);

    /// <summary>The same elements in another order.</summary>
    /// <param name="order">The position of each here, in the order in which they are wanted.</param>
    public Elements InOrder(int[] order)
    {
        T[]? Sorted<T>(T[]? all) => all is null ? null : Array.ConvertAll(order, position => all[position]);
        var encoded = _encoded;
        return new(Sorted((object?[])_values)!, _single, encoded is null ? null : ordinal => encoded(order[ordinal]))
        {
            Keys = Sorted(Keys),
            Ids = Sorted(Ids),
            KeyComparer = KeyComparer,
            IsLoneDictionary = IsLoneDictionary,
            _keyTexts = Sorted(_keyTexts),
        };
    }

    /// <summary>The elements of a value that is a list; <see langword="null"/> for any other value.</summary>
    /// <param name="value">The value, without its host's wrapper.</param>
    public static IEnumerable? ItemsOf(object? value) => value switch
    {
        // A table is stored as its rows, and a pipeline passes its rows on.
        DataTable table => table.Rows,
        IEnumerable list and not string when LiveKinds.IsCollection(list) || Array.Exists(
            list.GetType().GetInterfaces(),
            face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IEnumerable<>)) => list,
        _ => null,
    };

    private static Elements OfDictionary(IDictionary dictionary, RunSession session, bool isUnrolled)
    {
        var entries = new List<DictionaryEntry>(dictionary.Count);
        foreach (DictionaryEntry entry in dictionary)
            entries.Add(entry);
        object[] keys = [.. entries.Select(entry => entry.Key)];
        return new(entries.Select(entry => entry.Value).ToArray(), null)
        {
            Keys = keys,
            Ids = session.Provenance.KeepsRuns
                ? Array.ConvertAll(keys, key => session.Codec.Encode(session.Converter.Unwrap(key)).Json!)
                : null,
            KeyComparer = CaseRules.IsCaseSensitive(dictionary) || DifferInCase(keys) ? null : StringComparer.OrdinalIgnoreCase,
            IsLoneDictionary = isUnrolled && keys.Length > 0,
            // Turning a key into text may run code of the user and fail. It is done now, not when an element starts.
            _keyTexts = Array.ConvertAll(keys, key => Convert.ToString(key, CultureInfo.InvariantCulture) ?? ""),
        };
    }

    // Compare ordinally without case: in some cultures, letters differ that must be equal here, such as i and I in Turkish.
    private static bool DifferInCase(object[] keys)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return keys.OfType<string>().Any(key => !seen.Add(key));
    }

    private static Elements OfSet(object?[] values, RunSession session)
    {
        var encoded = Array.ConvertAll(values, value => session.Codec.Encode(value));
        RecordedForm FormOf(int ordinal) =>
            RecordedForm.Create(encoded[ordinal], session.Converter.Unwrap(values[ordinal]), null, isShared: false);
        return new(values, null, FormOf) { Ids = Array.ConvertAll(encoded, value => value.Json!) };
    }

    private static DagException Mismatch(CompiledNode node, object? value) =>
        new(
            DagErrorId.DagTypeMismatch,
            $"The map node '{node.Label}' needs a list or a dictionary, "
                + $"and its upstream gave {(value is null ? "nothing" : $"a {value.GetType()}")}.",
            node.Label,
            "Return a list from the upstream, or use a call node.");
}
