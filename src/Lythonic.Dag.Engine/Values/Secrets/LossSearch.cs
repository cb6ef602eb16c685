using System.Collections;

namespace Lythonic.Dag.Values;

/// <summary>
/// Searches a value for objects that stand for something that was not stored: in lists and dictionaries, and in what the host adds to them.
/// It does not use recursion, because values may be deeper than a stack.
/// </summary>
/// <param name="isWanted">Whether an object is what is looked for.</param>
/// <param name="inside">What is inside a wrapper or an object of the host; <see langword="null"/> for other values.</param>
internal sealed class LossSearch(Func<object, bool> isWanted, Func<object, IEnumerable<object?>?> inside)
{
    /// <summary>The first such object, or <see langword="null"/>.</summary>
    public object? Find(object? value)
    {
        if (value is null or string or ValueType)
            return null;
        if (isWanted(value))
            return value;
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance) { value };
        var open = new Stack<IEnumerator<object?>>([Inside(value).GetEnumerator()]);
        while (open.TryPeek(out var items))
        {
            if (!items.MoveNext())
                open.Pop();
            else if (items.Current is null or string or ValueType || !seen.Add(items.Current))
                continue;
            else if (isWanted(items.Current))
                return items.Current;
            else
                open.Push(Inside(items.Current).GetEnumerator());
        }

        return null;
    }

    private IEnumerable<object?> Inside(object value) =>
        inside(value) ?? value switch
        {
            IDictionary dictionary => dictionary.Values.Cast<object?>(),
            Array { Rank: 1 } array when array.GetType().GetElementType() is { IsValueType: true } or { IsSealed: true } => [],
            IList list => list.Cast<object?>(),
            _ => [],
        };
}
