using System.Globalization;

namespace Lythonic.Dag;

/// <summary>What a name must be: something that a person can see.</summary>
internal static class NameRule
{
    /// <summary>The name, where it is one.</summary>
    /// <param name="name">The name.</param>
    /// <param name="of">What it is the name of, such as <c>A node</c>.</param>
    /// <param name="action">What the user can do.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagNameInvalid"/>: it is empty or blank.</exception>
    public static string Require(string? name, string of, string action) =>
        IsBlank(name)
            ? throw new DagException(
                DagErrorId.DagNameInvalid,
                $"{of} needs a name, and '{name}' is none: it is {(string.IsNullOrEmpty(name) ? "empty" : "blank")}.",
                name ?? "",
                action)
            : name!;

    /// <summary>Whether nothing of a text can be seen: white space, control characters and those that only format.</summary>
    public static bool IsBlank(string? name) =>
        name is null || name.All(
            letter => char.IsWhiteSpace(letter) || char.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format);
}
