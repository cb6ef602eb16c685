using System.Text.Json;
using System.Text.RegularExpressions;

namespace Lythonic.Dag.Values;

/// <summary>
/// A value as messages show it: one line, short, without secrets, and numbers as PowerShell writes them. It is made from the stored form.
/// </summary>
internal static partial class ShortText
{
    private const int Length = 60;

    // If the text is longer than this, its beginning is shown as it is.
    private const int MostParsed = 1_000_000;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8 * ValueTags.MaximumDepth };

    /// <summary>The text; empty if the value cannot be shown.</summary>
    /// <param name="value">The value.</param>
    /// <param name="codec">Knows which parts are secrets.</param>
    /// <param name="length">The most characters.</param>
    public static string Render(object? value, IValueCodec codec, int length = Length)
    {
        try
        {
            var json = codec.Encode(value).Json!;
            if (json.Length > MostParsed)
                return Cut(json[..(2 * length)], length, isWhole: false);
            using var document = JsonDocument.Parse(json, Options);
            return OfJson(document.RootElement, length);
        }
        catch (Exception)
        {
            // The failure that is being reported matters more than the value in it.
            return "";
        }
    }

    /// <summary>The text of a stored value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="length">The most characters.</param>
    public static string OfJson(JsonElement value, int length = Length)
    {
        var text = new ShortTextWriter(length);
        text.Write(value);
        return Cut(text.ToString(), length, isWhole: true);
    }

    private static string Cut(string text, int length, bool isWhole)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= length ? line
            : isWhole && IsPath(line) ? TextCut.Path(line, length)
            : TextCut.After(line, length - 1);
    }

    // Paths differ at their ends. A list of them, or a sentence with one, does not begin as a path and go on without a comma or a break.
    private static bool IsPath(string line) =>
        PathBegin().IsMatch(line) && !line.Contains(", ", StringComparison.Ordinal) && !line.Contains(": ", StringComparison.Ordinal);

    [GeneratedRegex(@"^(/|~[/\\]|\.{1,2}[/\\]|\\\\|[A-Za-z]:[/\\]|[A-Za-z][A-Za-z0-9+.-]*://|[^\s/\\@({]+[/\\][^\s/\\]+[/\\]\S*$)")]
    private static partial Regex PathBegin();
}
