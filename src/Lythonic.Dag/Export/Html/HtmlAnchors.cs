using System.Globalization;

namespace Lythonic.Dag.Export;

/// <summary>Where the details of nodes and of their elements are on a page, for links to them.</summary>
/// <param name="Nodes">The ids of the details of nodes, by label.</param>
/// <param name="Elements">The ids of the details of elements, by label and key, such as <c>each[2]</c>.</param>
internal sealed record HtmlAnchors(IReadOnlyDictionary<string, string> Nodes, IReadOnlyDictionary<string, string> Elements)
{
    /// <summary>The ids of the elements that are drawn.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="nodes">The ids of its nodes.</param>
    public static Dictionary<string, string> OfElements(Picture picture, IReadOnlyDictionary<string, string> nodes)
    {
        var elements = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var node in picture.Nodes)
        {
            for (var index = 0; index < node.Parts.Count; index++)
                elements.TryAdd(
                    NameOf(node, node.Parts[index]), string.Create(CultureInfo.InvariantCulture, $"{nodes[node.Label]}-{index}"));
        }

        return elements;
    }

    /// <summary>The name of an element, as errors have it.</summary>
    public static string NameOf(PictureNode node, PicturePart part) => $"{node.Label}[{part.Key}]";

    /// <summary>A line as HTML. If it begins with an element or is about a node, it is a link to the details of that.</summary>
    /// <param name="line">The line.</param>
    /// <param name="node">The node that it is about, or <see langword="null"/>.</param>
    public string Link(string line, string? node)
    {
        var element = Elements.Where(entry => Begins(line, entry.Key)).OrderByDescending(entry => entry.Key.Length).FirstOrDefault().Value;
        var anchor = element ?? (node is null ? null : Nodes.GetValueOrDefault(node));
        var text = HtmlEncoding.Content(line);
        return anchor is null ? text : $"<a href=\"#{anchor}\">{text}</a>";
    }

    private static bool Begins(string line, string name) =>
        line.Length > name.Length && line[name.Length] is ':' or '/' && line.StartsWith(name, StringComparison.OrdinalIgnoreCase);
}
