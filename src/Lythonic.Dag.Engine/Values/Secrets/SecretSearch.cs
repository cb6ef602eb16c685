using System.Collections;
using System.Runtime.CompilerServices;

namespace Lythonic.Dag.Values;

/// <summary>Finds what stands for a secret in a value: in lists and dictionaries, and in what the host adds to them.</summary>
/// <param name="inside">What is inside of a wrapper or an object of the host's; <see langword="null"/> for other values.</param>
internal sealed class SecretSearch(Func<object, IEnumerable<object?>?> inside)
{
    /// <summary>The first placeholder, or <see langword="null"/>.</summary>
    public SecretPlaceholder? Find(object? value) => Find(value, 0, new HashSet<object>(ReferenceEqualityComparer.Instance));

    private SecretPlaceholder? Find(object? value, int depth, HashSet<object> seen)
    {
        if (value is null or string or ValueType or SecretPlaceholder)
            return value as SecretPlaceholder;
        if (depth > ValueTags.MaximumDepth || !seen.Add(value))
            return null;
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var items = inside(value) ?? value switch
        {
            IDictionary dictionary => dictionary.Values.Cast<object?>(),
            Array { Rank: 1 } array when array.GetType().GetElementType() is { IsValueType: true } or { IsSealed: true } => [],
            IList list => list.Cast<object?>(),
            ValueSnapshot snapshot => (snapshot.Items ?? []).Concat(snapshot.Entries?.Select(entry => entry.Value) ?? []),
            _ => [],
        };
        foreach (var item in items)
        {
            if (Find(item, depth + 1, seen) is { } found)
                return found;
        }

        return null;
    }
}
