using System.Collections;
using System.Globalization;

namespace Lythonic.Dag.Values;

/// <summary>
/// The orders of sorted collections that the stored form can express: the default order, and texts ordered by their code units, with and
/// without case.
/// </summary>
internal static class SortRules
{
    /// <summary>The order of a sorted list of any keys that ignores case.</summary>
    public static IComparer WithoutCase { get; } = new CaseInsensitiveComparer(CultureInfo.InvariantCulture);

    /// <summary>Whether the stored form can express the order of a collection. It can if the collection is not sorted.</summary>
    public static bool CanSay(object collection, CollectionForm form) => form.Kind switch
    {
        CollectionKind.SortedTable => IsInOrder((SortedList)collection),
        CollectionKind.SortedSet or CollectionKind.SortedDictionary or CollectionKind.SortedList => HasKnownOrder(collection),
        CollectionKind.Grid => IsZeroBased((Array)collection),
        _ => true,
    };

    /// <summary>Whether texts are sorted by their code units.</summary>
    public static bool IsOrdinal(object collection) => ComparerOf(collection) is { } comparer && comparer.Equals(StringComparer.Ordinal);

    /// <summary>Whether a collection is a set that comes back from the store as a set.</summary>
    public static bool IsStoredAsSet(object collection)
    {
        var type = collection.GetType();
        var definition = type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : null;
        return definition == typeof(HashSet<>) || (definition == typeof(SortedSet<>) && HasKnownOrder(collection));
    }

    private static bool HasKnownOrder(object collection) =>
        IsOrdinal(collection) || CaseRules.IgnoresCase(collection) || IsDefault(collection);

    private static object? ComparerOf(object collection) =>
        collection.GetType().GetProperty(nameof(SortedSet<int>.Comparer))?.GetValue(collection);

    private static bool IsDefault(object collection)
    {
        var key = collection.GetType().GenericTypeArguments[0];
        return Equals(
            ComparerOf(collection), typeof(Comparer<>).MakeGenericType(key).GetProperty(nameof(Comparer<int>.Default))!.GetValue(null));
    }

    // Its comparer cannot be read, but another order shows in the keys.
    private static bool IsInOrder(SortedList list)
    {
        var comparer = CaseRules.IsCaseInsensitive(list) ? WithoutCase : Comparer.Default;
        for (var i = 1; i < list.Count; i++)
        {
            if (comparer.Compare(list.GetKey(i - 1), list.GetKey(i)) >= 0)
                return false;
        }

        return true;
    }

    private static bool IsZeroBased(Array array) => Enumerable.Range(0, array.Rank).All(dimension => array.GetLowerBound(dimension) == 0);
}
