using System.Globalization;
using System.Text;

namespace Lythonic.Dag.Export;

/// <summary>Renders a picture as one self-contained page: summary, graph, time line and nodes.</summary>
internal static class HtmlPage
{
    /// <summary>How many sub-runs of a node are drawn.</summary>
    public const int MostParts = 50;

    private const string Tools = """
        <p class="tools" hidden>
        <button type="button" data-zoom="1.25">Larger</button> <button type="button" data-zoom="0.8">Smaller</button>
        <button type="button" data-zoom="all">Whole graph</button> <span class="muted hint">Drag to move; Ctrl and the wheel zoom.</span>
        </p>

        """;

    /// <summary>The page.</summary>
    public static string Render(Picture picture)
    {
        var anchors = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var node in picture.Nodes)
            anchors[node.Label] = string.Create(CultureInfo.InvariantCulture, $"node-{anchors.Count}");
        var elements = HtmlAnchors.OfElements(picture, anchors);
        var timeLine = HtmlTimeLine.Render(picture, anchors);
        var text = new StringBuilder(HtmlSummary.Render(picture, new(anchors, elements)))
            .Append("<nav aria-label=\"Sections\"><a href=\"#graph\">Graph</a>")
            .Append(timeLine.Length > 0 ? " <a href=\"#time-line\">Time line</a>" : "")
            .Append(" <a href=\"#nodes\">Nodes</a></nav>\n<section id=\"graph\"><h2>Graph</h2>\n")
            .Append(Tools)
            .Append("<div class=\"canvas\" id=\"canvas\" tabindex=\"0\" role=\"region\" aria-label=\"Graph\">\n")
            .Append(HtmlGraph.Render(picture, anchors)).Append("</div></section>\n")
            .Append(timeLine)
            .Append(HtmlNodes.Render(picture, anchors));
        return HtmlFrame.Render(picture.Title, text.ToString(), picture.Run?.IsLive == true);
    }
}
