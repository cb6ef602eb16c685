namespace Lythonic.Dag.Values;

/// <summary>Shortens texts for people. A surrogate pair is never cut in half.</summary>
internal static class TextCut
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

    /// <summary>The beginning and the end of a text, with a mark between them if something is left out.</summary>
    /// <param name="text">The text.</param>
    /// <param name="length">How many characters there are, at most, the mark included; from 3.</param>
    public static string Middle(string text, int length) =>
        text.Length <= length ? text : $"{Head(text, (length - 1) / 2)}{Mark}{Tail(text, length / 2)}";

    /// <summary>The beginning of a text.</summary>
    /// <param name="text">The text, which is longer.</param>
    /// <param name="length">How many characters, at most; from 1.</param>
    public static string Head(string text, int length) => text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    private static string Tail(string text, int length)
    {
        var from = text.Length - length;
        return text[(char.IsLowSurrogate(text[from]) ? from + 1 : from)..];
    }
}
