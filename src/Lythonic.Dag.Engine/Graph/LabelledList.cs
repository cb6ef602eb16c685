using System.Collections.ObjectModel;

namespace Lythonic.Dag;

/// <summary>
/// A list whose items are also found by name, without case: nodes and node runs by their label, sub-runs by the key of their element.
/// </summary>
/// <typeparam name="T">What it lists.</typeparam>
public sealed class LabelledList<T> : ReadOnlyCollection<T>
    where T : class
{
    private readonly Func<string, T?> _find;

    internal LabelledList(IList<T> items, Func<string, T?> find)
        : base(items) => _find = find;

    /// <summary>How many items there are, by the name that an array has for it.</summary>
    public int Length => Count;

    /// <summary>The item of a name; <see langword="null"/> if there is none.</summary>
    /// <param name="label">The name.</param>
    public T? this[string label] => label is null ? null : _find(label);

    /// <summary>A list that looks an item up by going through it.</summary>
    /// <param name="items">The items.</param>
    /// <param name="nameOf">The name of an item, or <see langword="null"/>.</param>
    internal static LabelledList<T> Create(IEnumerable<T> items, Func<T, string?> nameOf)
    {
        var all = items.ToArray();
        // Keys of a dictionary may differ in case alone: the exact one comes first.
        return new(all, label => Array.Find(all, item => label.Equals(nameOf(item), StringComparison.Ordinal))
            ?? Array.Find(all, item => label.Equals(nameOf(item), StringComparison.OrdinalIgnoreCase)));
    }
}
