using System.Collections;
using System.Collections.Specialized;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Wiring;

/// <summary>Renders a constant as a text that is the same in every process. Collections without an order are sorted.</summary>
internal static class CanonicalText
{
    private const int Deepest = 32;

    private static readonly JsonValueCodec Codec = new();

    /// <summary>The text of a value.</summary>
    public static string Render(object? value) => Render(value, 0);

    private static string Render(object? value, int depth) => value switch
    {
        string => Encoded(value),
        _ when depth >= Deepest => value?.ToString() ?? "",
        IOrderedDictionary ordered => $"<{string.Join(',', Entries(ordered, depth))}>",
        IDictionary unordered => $"{{{string.Join(',', Entries(unordered, depth).Order(StringComparer.Ordinal))}}}",
        IList list => $"{list.GetType()}[{string.Join(',', list.Cast<object?>().Select(item => Render(item, depth + 1)))}]",
        IEnumerable set when IsSet(set.GetType()) =>
            $"{{{string.Join(',', set.Cast<object?>().Select(item => Render(item, depth + 1)).Order(StringComparer.Ordinal))}}}",
        _ => Encoded(value),
    };

    private static IEnumerable<string> Entries(IDictionary dictionary, int depth)
    {
        foreach (DictionaryEntry entry in dictionary)
            yield return $"{Render(entry.Key, depth + 1)}:{Render(entry.Value, depth + 1)}";
    }

    private static bool IsSet(Type type) =>
        type.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(ISet<>));

    // The properties of a live object may differ from process to process, as an id does. Use its own text.
    private static string Encoded(object? value)
    {
        try
        {
            var text = Codec.Encode(value).Json!;
            return text.StartsWith("{\"$type\":\"snapshot\"", StringComparison.Ordinal) ? $"{value!.GetType()}:{value}" : text;
        }
        catch (ValueNotStorableException)
        {
            return value?.GetType().FullName ?? "";
        }
    }
}
