using System.Globalization;

namespace Lythonic.Dag;

/// <summary>The rule for names: a person must be able to see them.</summary>
internal static class NameRule
{
    /// <summary>Returns the name if it is visible.</summary>
    /// <param name="name">The name.</param>
    /// <param name="of">What has the name, such as <c>A node</c>.</param>
    /// <param name="action">What the user can do.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagNameInvalid"/>: the name is empty or blank.</exception>
    public static string Require(string? name, string of, string action) =>
        IsBlank(name)
            ? throw new DagException(
                DagErrorId.DagNameInvalid,
                $"{of} needs a name, and '{name}' is none: it is {(string.IsNullOrEmpty(name) ? "empty" : "blank")}.",
                name ?? "",
                action)
            : name!;

    /// <summary>Whether a text has only white space, control characters and format characters, so that nobody can see it.</summary>
    public static bool IsBlank(string? name) =>
        name is null || name.All(
            letter => char.IsWhiteSpace(letter) || char.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format);
}
