using System.Globalization;

namespace Lythonic.Dag.Transport;

/// <summary>Judges text from users and their data before it becomes a part of a command line.</summary>
internal static class HostText
{
    /// <summary>Checks a name that must not be taken for an option, and has no spaces: of a host, a user, a subsystem.</summary>
    /// <param name="what">What it names, for the error.</param>
    /// <param name="text">The text.</param>
    public static string CheckName(string what, string? text)
    {
        if (string.IsNullOrEmpty(text))
            throw Refuse(what, "", "is empty");
        if (text[0] == '-')
            throw Refuse(what, text, "begins with '-', which a program takes for an option");
        foreach (var rune in text.EnumerateRunes())
        {
            if (System.Text.Rune.IsWhiteSpace(rune))
                throw Refuse(what, text, "has white space");
            if (IsHidden(rune))
                throw Refuse(what, text, "has a control character");
        }

        return text;
    }

    /// <summary>
    /// Checks a part of an address. The configuration of ssh can hand it to a shell, as the host of a <c>ProxyCommand</c>: what a shell
    /// would take for more than a word is refused, as by newer versions of ssh.
    /// </summary>
    /// <param name="what">What it names, for the error.</param>
    /// <param name="text">The text.</param>
    /// <param name="refused">The characters that are refused.</param>
    public static string CheckAddress(string what, string? text, string refused)
    {
        CheckName(what, text);
        if (text!.IndexOfAny(refused.ToCharArray()) is >= 0 and var index)
            throw Refuse(what, text, $"has the character {text[index]}, which a shell could take for more than a part of a name");
        return text;
    }

    /// <summary>Checks an argument, which may have spaces.</summary>
    /// <param name="what">What it is part of, for the error.</param>
    /// <param name="text">The text.</param>
    public static string CheckWord(string what, string? text)
    {
        if (text is null)
            throw Refuse(what, "", "has no value");
        if (text.EnumerateRunes().Any(IsHidden))
            throw Refuse(what, text, "has a control character");
        return text;
    }

    /// <summary>The error for text that is refused.</summary>
    public static DagException Refuse(string what, string text, string why) =>
        new(DagErrorId.DagNameInvalid, $"The {what} '{Shown(text)}' {why}.", text, $"Give a {what} without it.");

    // Format characters can reverse a text or hide a part of it, and a lone surrogate is no character.
    private static bool IsHidden(System.Text.Rune rune) =>
        rune.Value == 0xFFFD || System.Text.Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;

    private static string Shown(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => IsHidden(rune) ? $"\\u{rune.Value:x4}" : rune.ToString()));
}
