using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Export;

/// <summary>Renders a picture as one self-contained page: graph, time line and nodes.</summary>
internal static class HtmlPage
{
    /// <summary>How many sub-runs of a node are drawn.</summary>
    public const int MostParts = 50;

    /// <summary>The page.</summary>
    public static string Render(Picture picture)
    {
        var anchors = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var node in picture.Nodes)
            anchors[node.Label] = string.Create(CultureInfo.InvariantCulture, $"node-{anchors.Count}");
        var timeLine = HtmlTimeLine.Render(picture, anchors);
        var title = HtmlEncoding.Escape(picture.Title);
        // The policy allows this script alone, by its hash: a script inside the text of a value cannot run, and nothing is fetched.
        var script = "\n" + PageFile.Read(PageFile.Script);
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        return new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append(
                CultureInfo.InvariantCulture,
                $"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
                    + $"script-src 'sha256-{hash}'\">\n")
            .Append(
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                    + "<meta name=\"color-scheme\" content=\"light dark\">\n")
            .Append(
                CultureInfo.InvariantCulture,
                $"<title>{title}</title>\n<style>\n{PageFile.Read(PageFile.Style)}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n")
            .Append(Summary(picture))
            .Append("<nav aria-label=\"Sections\"><a href=\"#graph\">Graph</a>")
            .Append(timeLine.Length > 0 ? " <a href=\"#time-line\">Time line</a>" : "")
            .Append(" <a href=\"#nodes\">Nodes</a></nav>\n<section id=\"graph\"><h2>Graph</h2>\n<p class=\"tools\" hidden>")
            .Append(
                "<button type=\"button\" data-zoom=\"0.8\">Smaller</button> <button type=\"button\" data-zoom=\"1.25\">Larger</button> ")
            .Append(
                "<button type=\"button\" data-zoom=\"fit\">Fit the width</button> "
                    + "<button type=\"button\" data-zoom=\"1\">Full size</button></p>\n")
            .Append("<div class=\"scroll\" id=\"canvas\" tabindex=\"0\" role=\"region\" aria-label=\"Graph\">\n")
            .Append(HtmlGraph.Render(picture, anchors)).Append("</div></section>\n")
            .Append(timeLine)
            .Append(HtmlNodes.Render(picture, anchors))
            .Append("</main>\n<script>").Append(script).Append("</script>\n</body>\n</html>\n")
            .ToString();
    }

    private static string Summary(Picture picture)
    {
        var text = new StringBuilder();
        if (!string.IsNullOrEmpty(picture.Description))
            text.Append(CultureInfo.InvariantCulture, $"<p>{HtmlEncoding.Escape(picture.Description)}</p>\n");
        text.Append("<dl>");
        if (picture.Run is { } run)
        {
            Item("Status", $"<b class=\"dot {run.Look}\"></b>{DagText.Word(run.Status, run.Errors)}", text);
            Item("Duration", HtmlEncoding.Escape(DagText.Duration(run.Duration)), text);
            Item(
                "Started",
                HtmlEncoding.Escape(run.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)),
                text);
            Item("Run", HtmlEncoding.Escape(run.RunId), text);
            Item("Failed node", HtmlEncoding.Escape(run.FailedNode), text);
            Item("Replay of", HtmlEncoding.Escape(run.ReplayedFrom), text);
            Item("Tags", HtmlEncoding.Escape(string.Join(", ", run.Tags)), text);
        }

        Item("Nodes", Counts(picture), text);
        Item("Edges", picture.Edges.Count.ToString(CultureInfo.InvariantCulture), text);
        text.Append("</dl>\n");
        if (picture.Run?.Error is { } error)
            text.Append(
                CultureInfo.InvariantCulture,
                $"<pre class=\"error {picture.Run.Look}\" tabindex=\"0\" aria-label=\"Error\">{HtmlEncoding.Escape(error)}</pre>\n");
        return text.ToString();
    }

    private static string Counts(Picture picture) => picture.Run is null
        ? picture.Nodes.Count.ToString(CultureInfo.InvariantCulture)
        : string.Join(" ", picture.Nodes.GroupBy(node => (node.Look, node.Status)).OrderByDescending(group => group.Count())
            .Select(group => string.Create(
                CultureInfo.InvariantCulture,
                $"<span class=\"count\"><b class=\"dot {group.Key.Look}\"></b>{group.Count():N0} "
                    + $"{DagText.Word(group.Key.Status)}{(group.Key.Look == DagText.Warned ? " with errors" : "")}</span>")));

    private static void Item(string name, string html, StringBuilder text)
    {
        if (html.Length > 0)
            text.Append(CultureInfo.InvariantCulture, $"<div><dt>{name}</dt><dd>{html}</dd></div>");
    }
}
