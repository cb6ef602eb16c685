using System.Globalization;
using System.Text;
using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Export;

/// <summary>
/// The time line of a page: a row for each node that started, with a bar for each attempt along the time of the run, and its messages.
/// </summary>
internal static class HtmlTimeLine
{
    private const int MostMessages = 3;
    private const int MostGaps = 5;
    private const int MessageLength = 160;

    /// <summary>Renders the time line of a run; empty if no node started.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="anchors">The anchors to which clicks on rows lead, by label.</param>
    public static string Render(Picture picture, IReadOnlyDictionary<string, string> anchors)
    {
        var rows = picture.Nodes.Where(node => node.Run is not null)
            .Select(node => (Node: node, Bars: Bars(node.Run!)))
            .Where(row => row.Bars.Count > 0)
            .OrderBy(row => row.Bars[0].StartedAt).ToList();
        if (rows.Count == 0)
            return "";
        // Of a node whose process died, the last thing that is known is what its sub-runs did.
        var last = rows.SelectMany(row => row.Bars).Select(bar => bar.FinishedAt ?? bar.StartedAt!.Value)
            .Concat(rows.SelectMany(row => EndsInside(row.Node))).Max();
        if (picture.Run is { IsLive: true } run && run.AsOf > last)
            last = run.AsOf;
        var axis = new TimeAxis(rows.SelectMany(row => row.Bars).Select(bar => (bar.StartedAt!.Value, EndOf(bar, last))),
            picture.Run?.Idle ?? default);
        var text = new StringBuilder("<section id=\"time-line\"><h2>Time line</h2>\n")
            .Append(
                "<div class=\"gantt scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Time line\">"
                    + "<div class=\"row scale\"><span></span><span class=\"track\">");
        foreach (var (place, label) in axis.Marks())
            text.Append(CultureInfo.InvariantCulture, $"<i style=\"left:{HtmlEncoding.Number(place)}%\">{label}</i>");
        text.Append("</span><span></span></div>\n");
        foreach (var (node, bars) in rows)
            WriteRow(node, bars, last, picture.Run?.IsLive == true, axis, anchors[node.Label], text);
        text.Append("</div>\n");
        return text.Append(Legend(axis)).Append("</section>\n").ToString();
    }

    /// <summary>Explains the hatches of an axis, with a sample; empty if there are none.</summary>
    public static string Legend(TimeAxis axis)
    {
        if (axis.Gaps.Count == 0)
            return "";
        var gaps = string.Join(", ", axis.Gaps.Take(MostGaps).Select(gap => axis.Said(gap.Length)));
        var left = axis.Gaps.Count - MostGaps;
        var more = left > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {left:N0} more") : "";
        return $"<p class=\"muted legend\"><u></u>no node ran, not drawn in full: {HtmlEncoding.Unbroken(gaps)}{more}</p>\n";
    }

    /// <summary>Renders the bars on an axis.</summary>
    /// <param name="bars">The node runs that have a start.</param>
    /// <param name="axis">The axis.</param>
    public static string Track(IEnumerable<(DateTimeOffset From, DateTimeOffset To, string Look)> bars, TimeAxis axis)
    {
        var text = new StringBuilder("<span class=\"track\">");
        foreach (var (start, end, length) in axis.Gaps)
            text.Append(
                CultureInfo.InvariantCulture,
                $"<u title=\"no node ran for {axis.Said(length)}\" style="
                    + $"\"left:{HtmlEncoding.Number(start)}%;width:{HtmlEncoding.Number(end - start)}%\"></u>");
        foreach (var (from, to, look) in bars)
        {
            var (left, right) = (axis.At(from), axis.At(to));
            text.Append(
                CultureInfo.InvariantCulture,
                $"<b class=\"{look}\" style="
                    + $"\"left:{HtmlEncoding.Number(left)}%;width:{HtmlEncoding.Number(Math.Max(0, right - left))}%\"></b>");
        }

        return text.Append("</span>").ToString();
    }

    // A node that was reused, or that did not run because another failed, took no time.
    private static List<NodeFacts> Bars(NodeFacts run) =>
        [.. run.Earlier.Append(run)
            .Where(attempt => attempt.StartedAt is not null && attempt.Status is not ("skipped" or "omitted" or "upstream_failed"))];

    private static IEnumerable<DateTimeOffset> EndsInside(PictureNode node) => node.Parts.SelectMany(part => part.Picture.Nodes
        .SelectMany(EndsInside)
        .Concat(part.Picture.Nodes.Select(inner => inner.Run?.FinishedAt).OfType<DateTimeOffset>()));

    private static DateTimeOffset EndOf(NodeFacts bar, DateTimeOffset last) => bar.FinishedAt ?? last;

    private static void WriteRow(
        PictureNode node, List<NodeFacts> bars, DateTimeOffset last, bool isLive, TimeAxis axis, string anchor, StringBuilder text)
    {
        var latest = bars[^1];
        // When a node ended whose process died is not known.
        var took = DagText.Duration(latest.Duration ?? (isLive ? last - latest.StartedAt!.Value : null));
        var said = string.Join(
            "; ",
            bars.Select(bar => $"{DagText.Word(bar.Status)} {DagText.Duration(bar.Duration)}".TrimEnd()
                + $", from {DagText.Duration(bar.StartedAt!.Value - axis.Begin)}"));
        text.Append(
            CultureInfo.InvariantCulture, $"<a class=\"row\" href=\"#{anchor}\" title=\"{HtmlEncoding.Escape($"{node.Label}: {said}")}\">")
            .Append(CultureInfo.InvariantCulture, $"<span class=\"name\"><bdi>{HtmlEncoding.Content(node.Label)}</bdi>")
            .Append(latest.Host is null ? "" : $" <span class=\"muted\">on {HtmlEncoding.Content(latest.Host)}</span>")
            .Append("</span>")
            .Append(Track(bars.Select(bar => (bar.StartedAt!.Value, EndOf(bar, last), bar.Look)), axis))
            .Append(CultureInfo.InvariantCulture, $"<span class=\"took\">{took}</span>");
        WriteSaid(Cause(node, latest), latest.Messages(), latest.Errors.Failed, text);
        text.Append("</a>\n");
    }

    // Why it failed, on one line. Where it failed is in the details of the node, and of elements that failed the messages tell, if there
    // are any: those of a node in flight are stored with its end.
    private static (string How, string Cause) Cause(PictureNode node, NodeFacts run)
    {
        if (run.Status == "paused" && run.Error is { Length: > 0 } reason && !DagDetails.HasFailedInside(node.Kind, run.Errors))
            return ("paused", reason);
        var isFailed = run.Status is "failed" or "interrupted" && run.Errors.Failed == 0;
        var isToldByError = run.Status is "cancelled" or "paused" or "running" or "completed" && run.Errors.All > 0
            && run.Messages().All(message => message.Stream != "error");
        if (!(isFailed || isToldByError) || run.Error?.Trim().ReplaceLineEndings("\n") is not { } error)
            return ("", "");
        var cause = ErrorPlace.Beside(node.Label, isFailed ? DagDetails.WithoutPlace(error) : DagDetails.Cause(error.Split('\n')[0]));
        return (isFailed ? "failed" : "error", cause);
    }

    private static void WriteSaid((string How, string Cause) why, IReadOnlyList<NodeMessage> all, long failed, StringBuilder text)
    {
        var messages = all.Where(message => !Says(message, why.Cause)).ToList();
        if (messages.Count == 0 && why.Cause.Length == 0)
            return;
        text.Append("<span class=\"said\">");
        var kind = why.How == "paused" ? "warning" : "error";
        if (why.Cause.Length > 0)
            text.Append(
                CultureInfo.InvariantCulture,
                $"<span class=\"{kind}\">{HtmlEncoding.Content($"{why.How}: {DagText.Sentence(why.Cause, MessageLength)}")}</span>");
        foreach (var message in messages.Take(MostMessages))
            text.Append(
                CultureInfo.InvariantCulture,
                $"<span class=\"{HtmlEncoding.Escape(message.Stream)}\">{MomentText.Clock(message.Time)} "
                    + $"{HtmlEncoding.Content(message.Stream)}: "
                    + $"{HtmlEncoding.Content(DagText.Sentence(message.Text, MessageLength))}</span>");
        // Of a map in which many elements failed, there are messages of the first ones only; of one in flight there is none, and the cause
        // is the first of its errors.
        var untold = why.How == "error" ? Math.Max(0, failed - 1) + messages.Count
            : Math.Max(messages.Count, failed - (all.Count - messages.Count));
        if (untold - Math.Min(messages.Count, MostMessages) is > 0 and var more)
            text.Append(CultureInfo.InvariantCulture, $"<span class=\"muted\">and {more:N0} more</span>");
        text.Append("</span>");
    }

    // The failure is among the messages of a composite node too.
    private static bool Says(NodeMessage message, string cause) => cause.Length > 0 && message.Stream == "error"
        && message.Text.TrimEnd().ReplaceLineEndings("\n").EndsWith(cause, StringComparison.Ordinal);
}
