using System.Globalization;

namespace Lythonic.Dag.Execution;

/// <summary>A node of a stored run, or an element of a map in it, that was done and has changed since.</summary>
/// <param name="Path">Its path, such as <c>load</c>, <c>each[pear]</c> or <c>each[pear]/price</c>.</param>
/// <param name="Map">The path of the outermost map that it is in, or <see langword="null"/>.</param>
/// <param name="Elements">
/// How many elements of that map it stands for; 0 for another changed node of an element that has been named.
/// </param>
internal sealed record ChangedNode(string Path, string? Map = null, int Elements = 1)
{
    /// <summary>Names changed nodes for a message. Several elements of one map are named as that map, with their number.</summary>
    public static string Join(IEnumerable<ChangedNode> changed) => LabelList.JoinQuoted(changed
        .GroupBy(node => node.Map ?? node.Path)
        .SelectMany(group => group.First().Map is { } map && group.Sum(node => node.Elements) is > 1 and var count
            ? [string.Create(CultureInfo.InvariantCulture, $"{count:N0} elements of '{map}'")]
            : group.Select(node => $"'{node.Path}'")));
}
