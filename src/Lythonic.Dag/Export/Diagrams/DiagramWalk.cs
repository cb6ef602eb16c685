using System.Globalization;
using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Export;

/// <summary>Writes a picture in a diagram language: nodes, edges, and a frame around what a composite node runs.</summary>
/// <param name="diagram">The diagram language.</param>
internal sealed class DiagramWalk(IDiagram diagram)
{
    /// <summary>How many sub-runs of a node are drawn.</summary>
    public const int MostParts = 12;

    private const int LabelLength = 60;

    /// <summary>Writes a picture.</summary>
    public void Write(Picture picture) => Write(picture, "n");

    private void Write(Picture picture, string prefix)
    {
        var ids = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var closing = picture.Nodes.Where(node => node.When != NodeWhen.Succeeded)
            .ToDictionary(node => node.Label, node => node.When.ToString(), StringComparer.OrdinalIgnoreCase);
        foreach (var node in picture.Nodes)
        {
            var id = ids[node.Label] = string.Create(CultureInfo.InvariantCulture, $"{prefix}{ids.Count}");
            var caption = node.Mark is null ? node.Caption : $"{node.Caption}, {node.Mark}";
            diagram.Node(id, [DagText.Middle(node.Label, LabelLength), caption], node.Look, node.IsComposite);
            WriteParts(node, id);
        }

        foreach (var (from, to) in picture.Edges)
            diagram.Edge(ids[from], ids[to], closing.GetValueOrDefault(to));
    }

    private void WriteParts(PictureNode node, string id)
    {
        if (node.Parts.Count == 0 && node.Hidden == 0)
            return;
        var frame = id + "s";
        var label = DagText.Middle(node.Label, LabelLength);
        if (node is { Parts: [{ Picture.Nodes.Count: > 0 } only], Hidden: 0 })
        {
            diagram.Open(frame, DagText.Middle(only.Title(label), 2 * LabelLength), only.Picture.Run?.Look ?? PictureNode.None);
            Write(only.Picture, frame + "n");
            diagram.Close();
            diagram.Inside(id, frame, frame + "n0");
            return;
        }

        diagram.Open(
            frame,
            node.SubRunCount == 0 ? label : $"{label}: {DagText.SubRuns(node)}",
            PictureNode.None);
        var first = "";
        for (var part = 0; part < node.Parts.Count; part++)
        {
            var anchor = WritePart(node.Parts[part], node.Label, label, string.Create(CultureInfo.InvariantCulture, $"{frame}{part}"));
            first = first.Length == 0 ? anchor : first;
        }

        if (node.Hidden > 0)
            diagram.Node(frame + "more", [DagText.More(node)], PictureNode.None, false);
        diagram.Close();
        diagram.Inside(id, frame, first.Length == 0 ? frame + "more" : first);
    }

    // Returns a node inside the part. A sub-run of one plain node is drawn as that node, because many frames would hide the nodes.
    private string WritePart(PicturePart part, string node, string label, string id)
    {
        if (part.Picture is { Nodes: [{ IsComposite: false } single], Run: { } run })
        {
            var inside = single.Label.Equals(node, StringComparison.OrdinalIgnoreCase) ? "" : $"/{single.Label}";
            diagram.Node(id, [DagText.Middle($"{label}[{part.Key}]{inside}", LabelLength), run.Caption], run.Look, false);
            return id;
        }

        if (part.Picture.Nodes.Count == 0)
        {
            diagram.Node(id, [DagText.Middle(part.Title(label), 2 * LabelLength)], part.Picture.Run?.Look ?? PictureNode.None, false);
            return id;
        }

        diagram.Open(id, DagText.Middle(part.Title(label), 2 * LabelLength), part.Picture.Run?.Look ?? PictureNode.None);
        Write(part.Picture, id + "n");
        diagram.Close();
        return id + "n0";
    }
}
