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

    /// <summary>How many items there are; the same as <c>Count</c>, under the name that arrays use.</summary>
    public int Length => Count;

    /// <summary>Gets the item with a name; <see langword="null"/> if there is none.</summary>
    /// <param name="label">The name.</param>
    public T? this[string label] => label is null ? null : _find(label);

    /// <summary>Makes a list.</summary>
    /// <param name="items">The items.</param>
    /// <param name="nameOf">The name of an item, or <see langword="null"/>.</param>
    internal static LabelledList<T> Create(IEnumerable<T> items, Func<T, string?> nameOf)
    {
        var all = items.ToArray();
        // The keys of a dictionary may differ only in case, so an exact match is looked for first.
        return new(all, label => Array.Find(all, item => label.Equals(nameOf(item), StringComparison.Ordinal))
            ?? Array.Find(all, item => label.Equals(nameOf(item), StringComparison.OrdinalIgnoreCase)));
    }
}
