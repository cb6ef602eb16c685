using System.Collections;
using System.Globalization;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>What a composite node works through: the elements of a list or a dictionary, or one value.</summary>
internal sealed class Elements
{
    private readonly object?[] _values;
    private readonly string[]? _keys;
    private readonly string? _single;
    private readonly Func<int, EncodedValue?>? _encoded;

    private Elements(object?[] values, object[]? keys, string? single, Func<int, EncodedValue?>? encoded = null)
    {
        _values = values;
        Keys = keys;
        // A key says itself what it is as a text, which may fail: now, and not when an element starts.
        _keys = keys is null ? null : Array.ConvertAll(keys, key => Convert.ToString(key, CultureInfo.InvariantCulture) ?? "");
        _single = single;
        _encoded = encoded;
    }

    public static Elements None { get; } = new([], null, null);

    public int Count => _values.Length;

    /// <summary>The keys of a dictionary, as they are; <see langword="null"/> for a list.</summary>
    public object[]? Keys { get; }

    /// <summary>What compares the keys of a dictionary: case counts where it counted in the dictionary itself; <see langword="null"/> where it does.</summary>
    public StringComparer? KeyComparer { get; private init; }

    /// <summary>One value, whole.</summary>
    /// <param name="value">The value.</param>
    /// <param name="key">The key of its sub-run.</param>
    /// <param name="stored">What the store has of it.</param>
    public static Elements One(object? value, string key, OutputSlot stored) => new([value], null, key, _ => stored.Encoded);

    /// <summary>The elements of a list or a dictionary.</summary>
    /// <param name="node">The map node.</param>
    /// <param name="value">What its upstream gave.</param>
    /// <param name="converter">Looks behind the host's wrappers.</param>
    /// <param name="stored">What the store has of it.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagTypeMismatch"/>: a map cannot run over the value.</exception>
    public static Elements Of(CompiledNode node, object? value, IValueConverter converter, OutputSlot stored)
    {
        var bare = converter.Unwrap(value);
        if (bare is IDictionary dictionary)
        {
            var entries = new List<DictionaryEntry>(dictionary.Count);
            foreach (DictionaryEntry entry in dictionary)
                entries.Add(entry);
            return new([.. entries.Select(entry => entry.Value)], [.. entries.Select(entry => entry.Key)], null)
            {
                KeyComparer = CaseRules.IsCaseSensitive(dictionary) ? null : StringComparer.OrdinalIgnoreCase,
            };
        }

        if (IsList(bare))
            return new([.. ((IEnumerable)bare!).Cast<object?>()], null, null, stored.ElementAt);
        if (!node.UpstreamIsUndeclared)
            throw Mismatch(node, bare);
        // The pipeline unrolled a list of one, or of none.
        return new(value is null ? [] : [value], null, null);
    }

    /// <summary>An element.</summary>
    public MapElement At(int ordinal) =>
        new(ordinal, _single ?? _keys?[ordinal] ?? ordinal.ToString(CultureInfo.InvariantCulture), _values[ordinal], _encoded?.Invoke(ordinal));

    /// <summary>Whether a value, without its host's wrapper, is a list of elements.</summary>
    public static bool IsList(object? value) =>
        value is IEnumerable and not string
        && (value is ICollection || value.GetType().GetInterfaces().Any(
            type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>)));

    private static DagException Mismatch(CompiledNode node, object? value) =>
        new(
            DagErrorId.DagTypeMismatch,
            $"The map node '{node.Label}' needs a list or a dictionary, and its upstream gave {(value is null ? "nothing" : $"a {value.GetType()}")}.",
            node.Label,
            "Return a list from the upstream, or use -Call.");
}
