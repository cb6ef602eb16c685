using System.Globalization;
using System.Text;
using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Export;

/// <summary>
/// The graph of a page, as SVG. It is at most as wide as its frame, so that all of it is in view. If another layout fits a narrow screen
/// better, there is a second graph for it.
/// </summary>
internal sealed class HtmlGraph
{
    private const double LabelSize = 13;
    private const double CaptionSize = 11.5;
    private const double Padding = 10;
    private const double Rim = 4;
    private const double MarkHeight = 11;
    private const int ManyNodes = 80;
    private const int MostToTry = 400;

    private static readonly (double Width, double Height) Wide = (1340, 620);
    private static readonly (double Width, double Height) Narrow = (380, 560);

    private readonly Picture _picture;
    private readonly IReadOnlyDictionary<string, string> _anchors;
    private readonly IReadOnlyList<(int From, int To)> _edges;
    private readonly (double Width, double Height)[] _sizes;
    private readonly bool _isDense;
    private readonly StringBuilder _text = new();

    private HtmlGraph(Picture picture, IReadOnlyDictionary<string, string> anchors)
    {
        (_picture, _anchors, _edges) = (picture, anchors, picture.EdgePositions());
        _isDense = picture.Nodes.Count > ManyNodes;
        _sizes = [.. picture.Nodes.Select(Size)];
    }

    /// <summary>Renders the graph of a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="anchors">The anchors to which clicks on nodes lead, by label; empty for a graph inside another one.</param>
    public static string Render(Picture picture, IReadOnlyDictionary<string, string> anchors)
    {
        if (picture.Nodes.Count == 0)
            return "<p>There are no nodes.</p>\n";
        var graph = new HtmlGraph(picture, anchors);
        var wide = graph.Best(Wide, out var isOnly);
        var narrow = isOnly ? wide : graph.Best(Narrow, out _);
        graph.Draw(wide, wide == narrow ? "" : " for-wide");
        if (wide != narrow)
            graph.Draw(narrow, " for-narrow");
        return graph._text.ToString();
    }

    // People expect layers side by side. Use the other direction only if the graph would be much smaller otherwise.
    private GraphLayout Best((double Width, double Height) room, out bool isOnly)
    {
        var layouts = new List<GraphLayout> { LayeredLayout.Arrange(_sizes, _edges, new LayerSpacing(false, 25)) };
        isOnly = _sizes.Length > MostToTry || layouts[0].ScaleIn(Narrow.Width, Narrow.Height) > 0.9;
        if (!isOnly)
        {
            layouts.Add(LayeredLayout.Arrange(_sizes, _edges, new LayerSpacing(true, 8, 44)));
            layouts.Add(LayeredLayout.Arrange(_sizes, _edges, new LayerSpacing(true, 3, 40)));
            layouts.Add(LayeredLayout.Arrange(_sizes, _edges, new LayerSpacing(false, 12)));
        }

        var first = layouts[0].ScaleIn(room.Width, room.Height) * 1.1;
        var other = layouts.Skip(1).MaxBy(layout => layout.ScaleIn(room.Width, room.Height));
        return other is null || first >= other.ScaleIn(room.Width, room.Height) ? layouts[0] : other;
    }

    private (double Width, double Height) Size(PictureNode node)
    {
        var (least, most) = _isDense ? (90, 170) : (110, 230);
        var label = TextWidth.Estimate(HtmlEncoding.Visible(node.Label), LabelSize);
        var caption = _isDense ? 0 : TextWidth.Estimate(node.ShortCaption, CaptionSize);
        var width = Math.Clamp(Math.Ceiling(Math.Max(label, caption)) + (2 * Padding), least, most);
        var height = (_isDense ? 26 : 46) + (node.Mark is null ? 0 : MarkHeight);
        return node.IsComposite ? (width + Rim, height + Rim) : (width, height);
    }

    private void Draw(GraphLayout layout, string kind)
    {
        var (width, height) = (HtmlEncoding.Number(layout.Width), HtmlEncoding.Number(layout.Height));
        _text.Append(
            CultureInfo.InvariantCulture,
            $"<svg class=\"graph{(_isDense ? " dense" : "")}{kind}\" viewBox=\"0 0 {width} {height}\" style=\"max-width:{width}px\" "
                + $"role=\"group\" aria-label=\"Graph of {HtmlEncoding.Escape(_picture.Title)}\">\n");
        for (var edge = 0; edge < _edges.Count; edge++)
            WriteEdge(_edges[edge], layout.Routes[edge]);
        for (var node = 0; node < _sizes.Length; node++)
            WriteNode(_picture.Nodes[node], layout.Boxes[node]);
        _text.Append("</svg>\n");
    }

    private void WriteEdge((int From, int To) edge, Route route)
    {
        if (route.Points.Count == 0)
            return;
        var (from, to) = (_picture.Nodes[edge.From], _picture.Nodes[edge.To]);
        _text.Append(to.When is NodeWhen.Succeeded ? "<path class=\"edge\"" : "<path class=\"edge closing\"");
        if (_anchors.Count > 0)
            _text.Append(CultureInfo.InvariantCulture, $" data-ends=\"#{_anchors[from.Label]} #{_anchors[to.Label]}\"");
        _text.Append(" d=\"M").Append(Pair(route.Points[0]));
        for (var point = 1; point < route.Points.Count; point++)
        {
            var (last, next) = (route.Points[point - 1], route.Points[point]);
            if (point % 2 == 0)
            {
                _text.Append('L').Append(Pair(next));
                continue;
            }

            var (start, end) = Route.Bow(last, next, route.IsDown);
            _text.Append('C').Append(Pair(start)).Append(' ').Append(Pair(end)).Append(' ').Append(Pair(next));
        }

        _text.Append("\"/>");
        WriteTip(route);
        _text.Append('\n');
    }

    // Draw the arrow head instead of using a marker: ids must be unique in a page, and a marker of a hidden graph is not drawn.
    private void WriteTip(Route route)
    {
        var (x, y) = route.Points[^1];
        var (fromX, fromY) = route.Points[^2];
        var sign = (route.IsDown ? fromY <= y : fromX <= x) ? 1 : -1;
        (double X, double Y) one = route.IsDown ? (x - 4, y - (7 * sign)) : (x - (7 * sign), y - 4);
        (double X, double Y) other = route.IsDown ? (x + 4, y - (7 * sign)) : (x - (7 * sign), y + 4);
        _text.Append(CultureInfo.InvariantCulture, $"<path class=\"tip\" d=\"M{Pair((x, y))}L{Pair(one)}L{Pair(other)}z\"/>");
    }

    private static string Pair((double X, double Y) point) => $"{HtmlEncoding.Number(point.X)} {HtmlEncoding.Number(point.Y)}";

    private void WriteNode(PictureNode node, Box box)
    {
        var anchor = _anchors.GetValueOrDefault(node.Label);
        var said = HtmlEncoding.Escape($"{node.Label}: {node.Caption}");
        if (anchor is not null)
            _text.Append(CultureInfo.InvariantCulture, $"<a href=\"#{anchor}\" aria-label=\"{said}\">");
        var top = node.Mark is null ? 0 : MarkHeight;
        var rim = node.IsComposite ? Rim : 0;
        var (width, height) = (HtmlEncoding.Number(box.Width - rim), HtmlEncoding.Number(box.Height - top - rim));
        _text.Append(
            CultureInfo.InvariantCulture,
            $"<g class=\"node {node.Look}\" transform=\"translate({Pair((box.X, box.Y + top))})\"><title>{said}</title>");
        if (node.IsComposite)
            _text.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Rim}\" y=\"{Rim}\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>");
        _text.Append(CultureInfo.InvariantCulture, $"<rect width=\"{width}\" height=\"{height}\" rx=\"8\"/>");
        WriteText("label", _isDense ? 17 : 19, HtmlEncoding.Visible(node.Label), LabelSize, box);
        if (!_isDense)
            WriteText("caption", 36, node.ShortCaption, CaptionSize, box);
        if (node.Mark is { } mark)
            WriteMark(mark);
        _text.Append("</g>").Append(anchor is null ? "\n" : "</a>\n");
    }

    private void WriteText(string kind, int y, string content, double size, Box box)
    {
        var shown = TextWidth.Fit(content, size, box.Width - (2 * Padding) + 2);
        _text.Append(
            CultureInfo.InvariantCulture, $"<text x=\"{Padding}\" y=\"{y}\" class=\"{kind}\">{HtmlEncoding.Content(shown)}</text>");
    }

    private void WriteMark(string mark)
    {
        var width = HtmlEncoding.Number(Math.Ceiling(TextWidth.Estimate(mark, 10)) + 12);
        _text.Append(
            CultureInfo.InvariantCulture,
            $"<g class=\"mark\"><rect x=\"8\" y=\"-11\" width=\"{width}\" height=\"15\" rx=\"7\"/>"
                + $"<text x=\"14\" y=\"0\">{mark}</text></g>");
    }
}
