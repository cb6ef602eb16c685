namespace Lythonic.Dag.Values;

/// <summary>A list whose large elements are values of their own, which others may name and a store holds once.</summary>
internal static class ListSplitter
{
    /// <summary>Takes a list apart.</summary>
    /// <param name="list">A value, which need not be a list.</param>
    /// <returns>The whole value, and its large elements by position; <see langword="null"/> if there is none.</returns>
    public static (EncodedValue Whole, IReadOnlyDictionary<int, EncodedValue> Large)? Split(EncodedValue list)
    {
        if (list is not { LargeElements: { } elements, Text: { } text })
            return null;
        var large = new Dictionary<int, EncodedValue>(elements.Count);
        var parts = new List<EncodedValue>();
        var start = 1;
        foreach (var (ordinal, begin, end) in elements)
        {
            // Small elements that stand together stay one text, which a list of parts joins as it joins single ones.
            if (begin > start)
                parts.Add(new EncodedValue(text.Part(start, begin - 1), list.Facts));
            parts.Add(large[ordinal] = new EncodedValue(text.Part(begin, end), list.Facts));
            start = end + 1;
        }

        if (start < text.Length)
            parts.Add(new EncodedValue(text.Part(start, text.Length - 1), list.Facts));
        return (new EncodedValue(parts, list.Facts), large);
    }
}
