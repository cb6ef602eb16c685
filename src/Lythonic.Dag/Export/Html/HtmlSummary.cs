using System.Globalization;
using System.Text;
using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Export;

/// <summary>The top of a page: the result of the run in one line, and facts about the run.</summary>
internal static class HtmlSummary
{
    // The look of the banner if all nodes that ran completed, but not all nodes ran.
    private const string Partial = "omitted";
    private const int OthersNamed = 5;

    /// <summary>Renders the top of the page of a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="anchors">Where the details of nodes and elements are.</param>
    public static string Render(Picture picture, HtmlAnchors anchors)
    {
        var text = new StringBuilder();
        if (!string.IsNullOrEmpty(picture.Description))
            text.Append(CultureInfo.InvariantCulture, $"<p class=\"description\">{HtmlEncoding.Content(picture.Description)}</p>\n");
        if (picture.Run is { } run)
            WriteBanner(picture, run, anchors, text);
        text.Append("<dl class=\"facts\">");
        if (picture.Run is { } facts)
            WriteFacts(facts, text);
        Item("Nodes", Counts(picture), text);
        Item("Retried", HtmlEncoding.Content(Retried(picture)), text);
        Item("Edges", picture.Edges.Count.ToString(CultureInfo.InvariantCulture), text);
        return text.Append("</dl>\n").ToString();
    }

    private static void WriteBanner(Picture picture, RunFacts run, HtmlAnchors anchors, StringBuilder text)
    {
        var omitted = picture.Nodes.Sum(Omitted);
        var look = run.Look == "completed" && omitted > 0 ? Partial : run.Look;
        var error = run.Error?.Trim().ReplaceLineEndings("\n") ?? "";
        var lines = error.Split('\n', 2);
        var more = omitted == 0 || run.Status != "completed" ? "" : string.Create(
            CultureInfo.InvariantCulture, $" {omitted:N0} {(omitted == 1 ? "node was" : "nodes were")} omitted.");
        if (more.Length > 0 && lines[0].Length > 0)
            lines[0] = lines[0].TrimEnd(':', '.') + ".";
        // The error of a run that completed begins with the label of the node that wrote it.
        var place = run.FailedNode ?? picture.Nodes.FirstOrDefault(
            node => lines[0].StartsWith($"{node.Label}: ", StringComparison.OrdinalIgnoreCase))?.Label;
        var said = anchors.Link(run.FailedNode is { } failed ? ErrorPlace.After(failed, lines[0]) : lines[0], place);
        var head = HtmlEncoding.Unbroken(Head(run));
        text.Append(CultureInfo.InvariantCulture, $"<div class=\"banner {look}\" role=\"status\"><p><b>{head}</b> ")
            .Append(look == "completed" ? "All nodes are done." : said + more)
            .Append("</p>");
        WriteStopped(picture, run, anchors, text);
        WriteOthers(picture, run, anchors, text);
        if (lines.Length > 1 && run.Status != "paused")
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n<pre class=\"error\" tabindex=\"0\" aria-label=\"Error\">{Links(lines[1], anchors)}</pre>");
        if (run.GoOn() is { } advice)
            text.Append(CultureInfo.InvariantCulture, $"\n<p class=\"advice\">{HtmlEncoding.Content(advice)}</p>");
        text.Append("</div>\n");
    }

    // A run that was stopped, or that goes on, has no error of its own, but some of its elements may have failed until then.
    private static void WriteStopped(Picture picture, RunFacts run, HtmlAnchors anchors, StringBuilder text)
    {
        if (DagDetails.IsStopped(run.Status) && picture.Nodes.FirstOrDefault(
                node => DagDetails.HasFailedInside(node.Kind, node.Errors) && node.Run?.Error is not null) is { Run.Error: { } error } map)
            text.Append(CultureInfo.InvariantCulture, $"\n<p>{anchors.Link(error.Split('\n')[0].TrimEnd(), map.Label)}</p>");
    }

    // The error of a run is that of the first node that failed.
    private static void WriteOthers(Picture picture, RunFacts run, HtmlAnchors anchors, StringBuilder text)
    {
        var others = picture.Nodes
            .Where(node => node.Status == "failed" && !node.Label.Equals(run.FailedNode, StringComparison.OrdinalIgnoreCase))
            .Select(node => anchors.Link(node.Label, node.Label))
            .ToList();
        if (run.FailedNode is null || others.Count == 0)
            return;
        var more = others.Count > OthersNamed
            ? string.Create(CultureInfo.InvariantCulture, $" and {others.Count - OthersNamed:N0} more")
            : "";
        text.Append(CultureInfo.InvariantCulture, $"\n<p>Failed too: {string.Join(", ", others.Take(OthersNamed))}{more}</p>");
    }

    private static string Links(string lines, HtmlAnchors anchors) =>
        string.Join('\n', lines.Split('\n').Select(line => anchors.Link(line, node: null)));

    private static string Head(RunFacts run)
    {
        var word = DagText.Word(run.Status, run.Errors);
        var took = run.ElapsedText;
        return $"{char.ToUpperInvariant(word[0])}{word[1..]}"
            + (word.Contains(',', StringComparison.Ordinal) && took.Length > 0 ? "," : "")
            + (took.Length == 0 ? "" : run.IsLive ? $" for {took}" : $" after {took}")
            + (run.Error is null ? "." : ":");
    }

    private static int Omitted(PictureNode node) =>
        (node.Status == "omitted" ? 1 : 0) + node.Parts.Sum(part => part.Picture.Nodes.Sum(Omitted));

    private static void WriteFacts(RunFacts run, StringBuilder text)
    {
        Item("Status", $"<b class=\"dot {run.Look}\"></b>{DagText.Word(run.Status, run.Errors)}", text);
        Item(run.IsLive ? "Elapsed" : "Duration", HtmlEncoding.Unbroken(run.ElapsedText), text);
        if (run.Idle > TimeSpan.Zero)
            Item("Idle", HtmlEncoding.Unbroken($"{DagText.Duration(run.Idle)} before it was restarted"), text);
        Item("Started", HtmlEncoding.Content(MomentText.WithZone(run.StartedAt)), text);
        if (run.IsLive)
            Item("As of", string.Create(
                CultureInfo.InvariantCulture,
                $"{MomentText.Clock(run.AsOf)}; this page loads itself again every {HtmlFrame.ReloadSeconds} s"), text);
        Item("Run", HtmlEncoding.Content(run.RunId), text);
        Item("Started by", HtmlEncoding.Content(run.Starter), text);
        Item("Runs in", HtmlEncoding.Content(run.Owner), text);
        Item("Replay of", HtmlEncoding.Content(run.ReplayedFrom), text);
        Item("Replayed as", HtmlEncoding.Content(run.ReplayedAs), text);
        Item("Targets", HtmlEncoding.Content(string.Join(", ", run.Targets)), text);
        Item("Tags", HtmlEncoding.Content(string.Join(", ", run.Tags)), text);
    }

    private static string Counts(Picture picture) => picture.Run is null
        ? picture.Nodes.Count.ToString(CultureInfo.InvariantCulture)
        : string.Join(" ", picture.Nodes.GroupBy(node => (node.Look, node.Status)).OrderByDescending(group => group.Count())
            .Select(group => string.Create(
                CultureInfo.InvariantCulture,
                $"<span class=\"count\"><b class=\"dot {group.Key.Look}\"></b>{group.Count():N0} "
                    + $"{DagText.WithErrors(group.Key.Status, group.Key.Look)}</span>")));

    // The elements of a map are counted by the map, because not all are drawn.
    private static string? Retried(Picture picture)
    {
        var nodes = Inside(picture).Select(node => node.Run).OfType<NodeFacts>().ToList();
        return DagDetails.Retried(nodes.Sum(node => node.RetriedElements), nodes.Count(node => node.Attempt > 1));
    }

    private static IEnumerable<PictureNode> Inside(Picture picture) => picture.Nodes.Concat(picture.Nodes
        .Where(node => node.Kind.RunsOneSubRun()).SelectMany(node => node.Parts).SelectMany(part => Inside(part.Picture)));

    private static void Item(string name, string html, StringBuilder text)
    {
        if (html.Length > 0)
            text.Append(CultureInfo.InvariantCulture, $"<div><dt>{name}</dt><dd>{html}</dd></div>");
    }
}
