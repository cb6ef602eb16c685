using System.Text.RegularExpressions;

namespace Lythonic.Dag.Values;

/// <summary>Shortens texts for people. A surrogate pair is never cut in half.</summary>
internal static partial class TextCut
{
    private const char Mark = '…';

    /// <summary>The beginning of a text, with a mark if something is left out.</summary>
    /// <param name="text">The text.</param>
    /// <param name="length">How many characters are kept, at most; from 1.</param>
    public static string After(string text, int length) => text.Length <= length ? text : Head(text, length) + Mark;

    /// <summary>The beginning of a text that ends with a word, with a mark if something is left out.</summary>
    /// <param name="text">The text, on one line.</param>
    /// <param name="length">How many characters there are, at most, the mark included; from 2.</param>
    public static string AtWord(string text, int length)
    {
        if (text.Length <= length)
            return text;
        var head = Head(text, length - 1);
        // A word that fills half of the room is cut all the same.
        if (text[head.Length] != ' ' && head.LastIndexOf(' ') is var space && space >= length / 2)
            head = head[..space];
        return head.TrimEnd(' ', ',', ';', ':', '.') + Mark;
    }

    /// <summary>The end of a text, with a mark if something is left out.</summary>
    /// <param name="text">The text.</param>
    /// <param name="length">How many characters there are, at most, the mark included; from 2.</param>
    public static string Before(string text, int length) => text.Length <= length ? text : Mark + Tail(text, length - 1);

    /// <summary>
    /// The end of a path or an address, where its name stands, with a mark for what is left out: <c>…/batch-7/part-1.csv</c>, and
    /// <c>https://host/…/part-1.csv</c> if there is room for the host. It begins with a separator if the last part has room.
    /// </summary>
    /// <param name="text">The path, on one line.</param>
    /// <param name="length">How many characters there are, at most, the mark included; from 3.</param>
    public static string Path(string text, int length)
    {
        if (text.Length <= length)
            return text;
        var scheme = text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var colon ? colon + 3 : 0;
        var host = scheme > 0 ? text.IndexOf('/', scheme) + 1 : 0;
        return (host > 0 && host <= 2 * length / 3 && End(text, host, length - host) is { } end ? text[..host] + end : null)
            ?? End(text, scheme, length)
            ?? (text.AsSpan().ContainsAny('/', '\\') ? Before(text, length) : Middle(text, length));
    }

    /// <summary>The beginning and the end of a text, with a mark between them if something is left out.</summary>
    /// <param name="text">The text.</param>
    /// <param name="length">How many characters there are, at most, the mark included; from 3.</param>
    public static string Middle(string text, int length) =>
        text.Length <= length ? text : $"{Head(text, (length - 1) / 2)}{Mark}{Tail(text, length / 2)}";

    /// <summary>The beginning of a text.</summary>
    /// <param name="text">The text, which is longer.</param>
    /// <param name="length">How many characters, at most; from 1.</param>
    public static string Head(string text, int length) => text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    /// <summary>
    /// The path of an element, or an error that begins with it, in which long keys are cut: <c>parse[…/part-1.csv]: no date</c>. The names
    /// of files stand at the end of their paths, and the paths of a map begin alike.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="length">How many characters of a key there are, at most, the mark included; from 3.</param>
    public static string Keys(string text, int length) => LongKey().Replace(text, key => Path(key.Value, length));

    [GeneratedRegex(@"(?<=\[)[^\[\]]{12,}(?=\]($|[:/]))")]
    private static partial Regex LongKey();

    // The end from a separator on; the one at the very end of a folder begins no part.
    private static string? End(string text, int after, int length)
    {
        var from = Math.Max(after, text.Length - length + 1);
        return from < text.Length && text.AsSpan(from, text.Length - from - 1).IndexOfAny('/', '\\') is >= 0 and var begin
            ? Mark + text[(from + begin)..]
            : null;
    }

    private static string Tail(string text, int length)
    {
        var from = text.Length - length;
        return text[(char.IsLowSurrogate(text[from]) ? from + 1 : from)..];
    }
}
