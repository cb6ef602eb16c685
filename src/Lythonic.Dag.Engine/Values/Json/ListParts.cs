using System.Buffers;

namespace Lythonic.Dag.Values;

/// <summary>The text of a JSON array, cut so that each large element is a value of its own that others may name, and a store holds once.</summary>
internal static class ListParts
{
    private static readonly SearchValues<char> Marks = SearchValues.Create("\"[]{},");
    private static readonly SearchValues<char> InText = SearchValues.Create("\"\\");

    /// <summary>Cuts a text.</summary>
    /// <param name="json">The text of a value, which need not be an array.</param>
    /// <returns>The whole value, and its large elements by position; <see langword="null"/> where there is none.</returns>
    public static (EncodedValue Whole, IReadOnlyDictionary<int, EncodedValue> Large)? Cut(string json)
    {
        if (json is not ['[', ..] || json.Length <= EncodedValue.Large)
            return null;
        var large = new Dictionary<int, EncodedValue>();
        var parts = new List<EncodedValue>();
        // Small elements that stand together stay one text, which a list of parts joins as it joins single ones.
        var (start, ordinal) = (1, 0);
        for (var element = 1; element < json.Length; ordinal++)
        {
            var end = EndOf(json, element);
            var isLarge = end - element > EncodedValue.Large;
            if (isLarge || end - start > EncodedValue.Large)
            {
                if (element > start)
                    parts.Add(new EncodedValue(json[start..(element - 1)]));
                start = element;
            }

            if (isLarge)
            {
                parts.Add(large[ordinal] = new EncodedValue(json[element..end]));
                start = end + 1;
            }

            element = end + 1;
        }

        if (start < json.Length)
            parts.Add(new EncodedValue(json[start..^1]));
        return large.Count == 0 ? null : (new EncodedValue(parts), large);
    }

    // The position of the comma or the bracket after the element that begins there.
    private static int EndOf(string json, int begin)
    {
        var depth = 0;
        for (var at = begin; ; at++)
        {
            at += json.AsSpan(at).IndexOfAny(Marks);
            switch (json[at])
            {
                case '"': at = EndOfText(json, at + 1); break;
                case '[' or '{': depth++; break;
                case ',' when depth == 0: return at;
                case ']' or '}' when depth-- == 0: return at;
            }
        }
    }

    private static int EndOfText(string json, int at)
    {
        for (; ; at += 2)
        {
            at += json.AsSpan(at).IndexOfAny(InText);
            if (json[at] == '"')
                return at;
        }
    }
}
