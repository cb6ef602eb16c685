using System.Globalization;

namespace Lythonic.Dag.Export;

/// <summary>Where the details of nodes and of their elements are on a page, for links to them.</summary>
/// <param name="Nodes">The ids of the details of nodes, by label.</param>
/// <param name="Elements">The ids of the details of elements, by label and key, such as <c>each[2]</c>.</param>
internal sealed record HtmlAnchors(IReadOnlyDictionary<string, string> Nodes, IReadOnlyDictionary<string, string> Elements)
{
    /// <summary>The ids of the elements that are drawn, and of the nodes inside them, by their paths as errors have them.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="nodes">The ids of its nodes.</param>
    public static Dictionary<string, string> OfElements(Picture picture, IReadOnlyDictionary<string, string> nodes)
    {
        var elements = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var node in picture.Nodes)
            AddParts(node, node.Label, nodes[node.Label], elements);
        return elements;
    }

    /// <summary>The id of what is inside: of a sub-run of a node, or of a node of a sub-run.</summary>
    /// <param name="anchor">The id of the node or the sub-run.</param>
    /// <param name="index">The position inside.</param>
    public static string Inside(string anchor, int index) => string.Create(CultureInfo.InvariantCulture, $"{anchor}-{index}");

    /// <summary>Whether the details of a sub-run are those of its only node.</summary>
    public static bool IsNode(Picture picture) => picture.Nodes is [{ IsComposite: false }];

    private static void AddParts(PictureNode node, string path, string anchor, Dictionary<string, string> elements)
    {
        for (var index = 0; index < node.Parts.Count; index++)
        {
            var (part, place) = (node.Parts[index], Inside(anchor, index));
            var name = node.Kind.HasElements() ? $"{path}[{part.Key}]" : path;
            if (node.Kind.HasElements())
                elements.TryAdd(name, place);
            for (var inner = 0; inner < part.Picture.Nodes.Count && !IsNode(part.Picture); inner++)
            {
                var inside = part.Picture.Nodes[inner];
                elements.TryAdd($"{name}/{inside.Label}", Inside(place, inner));
                AddParts(inside, $"{name}/{inside.Label}", Inside(place, inner), elements);
            }
        }
    }

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
