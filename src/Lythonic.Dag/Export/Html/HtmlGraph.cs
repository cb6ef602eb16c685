using System.Globalization;
using System.Text;
using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Export;

/// <summary>
/// The graph of a page, as SVG: columns from left to right, each node behind its upstreams. A column of many nodes is folded.
/// </summary>
internal sealed class HtmlGraph
{
    private const int Margin = 16;
    private const int MostRows = 25;
    private const int ManyNodes = 80;
    private const int LetterWidth = 8;

    // A caption is set smaller than a label.
    private const int CaptionLetters = 6;

    private readonly Picture _picture;
    private readonly Dictionary<string, (double X, double Y)> _place = new(StringComparer.OrdinalIgnoreCase);
    private readonly bool _isDense;
    private readonly int _nodeWidth;
    private readonly int _nodeHeight;
    private readonly int _gap;
    private double _width;
    private double _height;

    private HtmlGraph(Picture picture)
    {
        _picture = picture;
        _isDense = picture.Nodes.Count > ManyNodes;
        (_nodeWidth, _nodeHeight, _gap) = _isDense ? (132, 26, 56) : (176, 46, 64);
        Place();
    }

    /// <summary>The SVG of a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="anchors">Where a click on a node leads, by label; empty for a graph inside of another.</param>
    public static string Render(Picture picture, IReadOnlyDictionary<string, string> anchors) =>
        picture.Nodes.Count == 0 ? "<p>There are no nodes.</p>\n" : new HtmlGraph(picture).Draw(anchors);

    private void Place()
    {
        var layers = Layers.Arrange(_picture);
        var step = _nodeHeight + (_isDense ? 8 : 18);
        var rows = Math.Min(MostRows, layers.Max(layer => layer.Count));
        double x = Margin;
        foreach (var layer in layers)
        {
            var folds = (layer.Count + MostRows - 1) / MostRows;
            var perFold = (layer.Count + folds - 1) / folds;
            for (var index = 0; index < layer.Count; index++)
            {
                var (fold, row) = (index / perFold, index % perFold);
                var inFold = Math.Min(perFold, layer.Count - (fold * perFold));
                var top = Margin + ((rows - inFold) * step / 2d);
                _place[_picture.Nodes[layer[index]].Label] = (x + (fold * (_nodeWidth + (_gap / 4))), top + (row * step));
            }

            x += (folds * _nodeWidth) + ((folds - 1) * (_gap / 4)) + _gap;
        }

        _width = x - _gap + Margin + 4;
        _height = (2 * Margin) + ((rows - 1) * step) + _nodeHeight + 4;
    }

    private string Draw(IReadOnlyDictionary<string, string> anchors)
    {
        var (width, height) = (HtmlEncoding.Number(_width), HtmlEncoding.Number(_height));
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"<svg class=\"graph{(_isDense ? " dense" : "")}\" viewBox=\"0 0 {width} {height}\" "
                + $"style=\"width:calc({width}px * var(--zoom, 1))\"")
            .Append(CultureInfo.InvariantCulture, $" role=\"group\" aria-label=\"Graph of {HtmlEncoding.Escape(_picture.Title)}\">\n");
        // One arrow head serves all graphs of the page, because an id must be unique.
        if (anchors.Count > 0)
            text.Append(
                "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">")
                .Append("<path d=\"M0 0L8 4L0 8z\" class=\"tip\"/></marker></defs>\n");
        foreach (var (from, to) in _picture.Edges)
            WriteEdge(from, to, anchors, text);
        foreach (var node in _picture.Nodes)
            WriteNode(node, anchors.GetValueOrDefault(node.Label), text);
        return text.Append("</svg>\n").ToString();
    }

    private void WriteEdge(string from, string to, IReadOnlyDictionary<string, string> anchors, StringBuilder text)
    {
        var (x1, y1) = (_place[from].X + _nodeWidth, _place[from].Y + (_nodeHeight / 2d));
        var (x2, y2) = (_place[to].X, _place[to].Y + (_nodeHeight / 2d));
        var bend = _gap * 0.6;
        var ends = anchors.Count == 0 ? "" : $" data-ends=\"#{anchors[from]} #{anchors[to]}\"";
        text.Append(CultureInfo.InvariantCulture, $"<path class=\"edge\"{ends} marker-end")
            .Append("=\"url(#tip)\" d=\"M").Append(HtmlEncoding.Number(x1)).Append(' ').Append(HtmlEncoding.Number(y1))
            .Append('C').Append(HtmlEncoding.Number(x1 + bend)).Append(' ').Append(HtmlEncoding.Number(y1))
            .Append(' ').Append(HtmlEncoding.Number(x2 - bend)).Append(' ').Append(HtmlEncoding.Number(y2))
            .Append(' ').Append(HtmlEncoding.Number(x2)).Append(' ').Append(HtmlEncoding.Number(y2)).Append("\"/>\n");
    }

    private void WriteNode(PictureNode node, string? anchor, StringBuilder text)
    {
        var letters = (_nodeWidth - 20) / LetterWidth;
        var (x, y) = _place[node.Label];
        var said = HtmlEncoding.Escape($"{node.Label}: {node.Caption}");
        if (anchor is not null)
            text.Append(CultureInfo.InvariantCulture, $"<a href=\"#{anchor}\" aria-label=\"{said}\">");
        text.Append(
            CultureInfo.InvariantCulture,
            $"<g class=\"node {node.Look}\" "
                + $"transform=\"translate({HtmlEncoding.Number(x)} {HtmlEncoding.Number(y)})\"><title>{said}</title>");
        if (node.IsComposite)
            text.Append(CultureInfo.InvariantCulture, $"<rect x=\"4\" y=\"4\" width=\"{_nodeWidth}\" height=\"{_nodeHeight}\" rx=\"8\"/>");
        text.Append(CultureInfo.InvariantCulture, $"<rect width=\"{_nodeWidth}\" height=\"{_nodeHeight}\" rx=\"8\"/>")
            .Append(
                CultureInfo.InvariantCulture,
                $"<text x=\"10\" y=\"{(_isDense ? 17 : 19)}\" class=\"label\">"
                    + $"{HtmlEncoding.Escape(DagText.Middle(node.Label, letters))}</text>");
        if (!_isDense)
            text.Append(
                CultureInfo.InvariantCulture,
                $"<text x=\"10\" y=\"36\" class=\"caption\">"
                    + $"{HtmlEncoding.Escape(DagText.Middle(node.ShortCaption, letters + CaptionLetters))}</text>");
        text.Append("</g>").Append(anchor is null ? "\n" : "</a>\n");
    }
}
