using System.Globalization;
using System.Text;
using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Export;

/// <summary>The time line of a page: a row for each node that started, with a bar for each attempt, along the time of the run.</summary>
internal static class HtmlTimeLine
{
    private const int Marks = 4;

    /// <summary>The time line of a run; empty if no node started.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="anchors">Where a click on a row leads, by label.</param>
    public static string Render(Picture picture, IReadOnlyDictionary<string, string> anchors)
    {
        var rows = picture.Nodes.Where(node => node.Run is not null)
            .Select(node => (Node: node, Bars: Bars(node.Run!)))
            .Where(row => row.Bars.Count > 0)
            .OrderBy(row => row.Bars[0].StartedAt).ToList();
        if (rows.Count == 0)
            return "";
        var last = rows.SelectMany(row => row.Bars).Max(bar => bar.FinishedAt ?? bar.StartedAt!.Value);
        if (picture.Run?.Status == DagRunStatus.Running.ToName() && DateTimeOffset.UtcNow > last)
            last = DateTimeOffset.UtcNow;
        var axis = new TimeAxis(rows.SelectMany(row => row.Bars).Select(bar => (bar.StartedAt!.Value, EndOf(bar, last))));
        var text = new StringBuilder("<section id=\"time-line\"><h2>Time line</h2>\n")
            .Append(
                "<div class=\"gantt scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Time line\">"
                    + "<div class=\"row scale\"><span></span><span class=\"track\">");
        for (var mark = 0; mark <= Marks; mark++)
        {
            var place = 100d * mark / Marks;
            text.Append(
                CultureInfo.InvariantCulture,
                $"<i style=\"left:{HtmlEncoding.Number(place)}%\">{DagText.Duration(axis.Elapsed(place))}</i>");
        }

        text.Append("</span><span></span></div>\n");
        foreach (var (node, bars) in rows)
            WriteRow(node, bars, last, axis, anchors[node.Label], text);
        text.Append("</div>\n");
        foreach (var gap in axis.Gaps)
            text.Append(
                CultureInfo.InvariantCulture,
                $"<p class=\"muted\">Hatched, and not drawn in full: {DagText.Duration(gap.Length)} in which no node ran.</p>\n");
        return text.Append("</section>\n").ToString();
    }

    // A node that was reused, or that did not run because another failed, took no time.
    private static List<NodeFacts> Bars(NodeFacts run) =>
        [.. run.Earlier.Append(run)
            .Where(attempt => attempt.StartedAt is not null && attempt.Status is not ("skipped" or "omitted" or "upstream_failed"))];

    private static DateTimeOffset EndOf(NodeFacts bar, DateTimeOffset last) => bar.FinishedAt ?? last;

    private static void WriteRow(
        PictureNode node, List<NodeFacts> bars, DateTimeOffset last, TimeAxis axis, string anchor, StringBuilder text)
    {
        var took = DagText.Duration(bars[^1].Duration);
        var said = string.Join(
            "; ",
            bars.Select(bar => $"{bar.Status} {DagText.Duration(bar.Duration)}".TrimEnd()
                + $", from {DagText.Duration(bar.StartedAt!.Value - axis.Begin)}"));
        text.Append(
            CultureInfo.InvariantCulture, $"<a class=\"row\" href=\"#{anchor}\" title=\"{HtmlEncoding.Escape($"{node.Label}: {said}")}\">")
            .Append(CultureInfo.InvariantCulture, $"<span class=\"name\">{HtmlEncoding.Escape(node.Label)}</span><span class=\"track\">");
        foreach (var (start, end, _) in axis.Gaps)
            text.Append(
                CultureInfo.InvariantCulture,
                $"<u style=\"left:{HtmlEncoding.Number(start)}%;width:{HtmlEncoding.Number(end - start)}%\"></u>");
        foreach (var bar in bars)
        {
            var (left, right) = (axis.At(bar.StartedAt!.Value), axis.At(EndOf(bar, last)));
            text.Append(
                CultureInfo.InvariantCulture,
                $"<b class=\"{bar.Look}\" style="
                    + $"\"left:{HtmlEncoding.Number(left)}%;width:{HtmlEncoding.Number(Math.Max(0, right - left))}%\"></b>");
        }

        text.Append(CultureInfo.InvariantCulture, $"</span><span class=\"took\">{took}</span></a>\n");
    }
}
