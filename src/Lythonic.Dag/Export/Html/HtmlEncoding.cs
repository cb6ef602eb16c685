using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Lythonic.Dag.Export;

/// <summary>Encodes texts and numbers for HTML.</summary>
internal static partial class HtmlEncoding
{
    /// <summary>A text that is safe between tags and inside quotes.</summary>
    public static string Escape(string? text) =>
        Content(text).Replace("\"", "&quot;", StringComparison.Ordinal).Replace("'", "&#x27;", StringComparison.Ordinal);

    /// <summary>A text that is safe between tags, where quotes have no meaning.</summary>
    public static string Content(string? text) => Visible(text ?? "")
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>A text that is safe between tags, and of which no line breaks inside a duration.</summary>
    public static string Unbroken(string? text) => Durations().Replace(Escape(text), "<span class=\"time\">$0</span>");

    /// <summary>A text that is safe between tags, and of which no line breaks inside a command that names a run.</summary>
    public static string WithCommands(string? text) => Commands().Replace(Content(text), "<span class=\"time\">$0</span>");

    /// <summary>A number for an attribute.</summary>
    public static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>
    /// A text whose invisible characters are made visible. Characters that control a terminal or the direction of text would change how the
    /// page is read.
    /// </summary>
    public static string Visible(string text)
    {
        if (!text.Any(IsHidden))
            return text;
        var shown = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            var letter = text[index];
            if (!IsHidden(letter))
                shown.Append(letter);
            else if (char.IsHighSurrogate(letter) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
                shown.Append(letter).Append(text[++index]);
            else if (letter == '\r' && index + 1 < text.Length && text[index + 1] == '\n')
                continue;
            else
                shown.Append(letter < ' ' ? (char)('\u2400' + letter) : letter == '\u007f' ? '\u2421' : '\ufffd');
        }

        return shown.ToString();
    }

    [GeneratedRegex(@"(?<![\w.,:#-])[0-9]+(\.[0-9])? ((d|h|min) [0-9]+ (h|min|s)|µs|ms|s)(?!\w)")]
    private static partial Regex Durations();

    [GeneratedRegex("(?:Restart-DagRun|Invoke-DagReplay) [0-9a-f]{8}(?![0-9a-f-])")]
    private static partial Regex Commands();

    private static bool IsHidden(char letter) =>
        letter switch
        {
            '\n' or '\t' => false,
            < ' ' or (>= '\u007f' and < '\u00a0') => true,
            '\u061c' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') => true,
            '\ufeff' or '\ufffe' or '\uffff' => true,
            _ => char.IsSurrogate(letter),
        };
}
