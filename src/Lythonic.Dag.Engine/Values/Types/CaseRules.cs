using System.Collections;

namespace Lythonic.Dag.Values;

/// <summary>Finds out how a collection compares its text keys.</summary>
internal static class CaseRules
{
    /// <summary>Whether a generic dictionary or set of texts was made with a comparer that ignores case.</summary>
    public static bool IgnoresCase(object collection)
    {
        var comparer = collection switch
        {
            HashSet<string> set => set.Comparer,
            _ when collection.GetType().GenericTypeArguments is [var key, ..] && key == typeof(string) =>
                collection.GetType().GetProperty(nameof(HashSet<string>.Comparer))?.GetValue(collection) as IEqualityComparer<string>,
            _ => null,
        };
        return comparer is not null && comparer.Equals("a", "A");
    }

    /// <summary>
    /// Whether an untyped dictionary distinguishes two keys that differ only in case. Its comparer cannot be read, so this is tried out.
    /// </summary>
    public static bool IsCaseSensitive(IDictionary dictionary) => Asked(dictionary) is true;

    /// <summary>Whether an untyped dictionary, which must have a key to try it with, does not distinguish keys by case.</summary>
    public static bool IsCaseInsensitive(IDictionary dictionary) => Asked(dictionary) is false;

    private static bool? Asked(IDictionary dictionary)
    {
        foreach (var key in dictionary.Keys)
        {
            if (key is not string text)
                continue;
            var other = text.ToUpperInvariant();
            if (other == text)
                other = text.ToLowerInvariant();
            if (other != text)
                return !dictionary.Contains(other) || HoldsBoth(dictionary, text, other);
        }

        return null;
    }

    private static bool HoldsBoth(IDictionary dictionary, string text, string other)
    {
        var seen = 0;
        foreach (var key in dictionary.Keys)
        {
            if (key is string candidate && (candidate == text || candidate == other))
                seen++;
        }

        return seen > 1;
    }
}
