using System.Globalization;
using System.Text;
using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Export;

/// <summary>
/// The nodes of a page: the code of each, and for a run its input, output and messages. Sub-runs are inside their node.
/// </summary>
internal sealed class HtmlNodes
{
    private const int MostOfValue = 20_000;
    private const int MostOfElement = 2_000;
    private const int DrawnAlone = 3;
    private const int MostOpen = 5;
    private const int CauseLength = 200;

    private static readonly Dictionary<string, string> NoAnchors = [];

    private readonly StringBuilder _text = new();
    private readonly HtmlValue _values = new();
    private TimeSpan _idle;

    /// <summary>Renders the details of each node.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="anchors">The ids of the details, by label.</param>
    public static string Render(Picture picture, IReadOnlyDictionary<string, string> anchors)
    {
        var nodes = new HtmlNodes { _idle = picture.Run?.Idle ?? default };
        nodes._text.Append(
            "<section id=\"nodes\"><h2>Nodes</h2>\n<p class=\"tools\" hidden><label>Show nodes with <input id=\"filter\" type=\"search\"")
            .Append(" placeholder=\"a label or a status\"></label> <output id=\"found\" for=\"filter\"></output></p>\n");
        if (picture.Run is { } run)
            nodes.Section("Source input", nodes._values.RenderInput(run.SourceInput, MostOfValue));
        // What the last nodes gave is the result, which people look for first.
        var used = picture.Edges.Select(edge => edge.From).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var sinks = picture.Nodes.Where(node => node.Run is not null && !used.Contains(node.Label)).Take(MostOpen).ToHashSet();
        foreach (var node in picture.Nodes)
            nodes.WriteNode(node, anchors[node.Label], IsToSee(node) || sinks.Contains(node), MostOfValue);
        return nodes._text.Append("</section>\n").ToString();
    }

    private static bool IsToSee(string status) => status is "failed" or "paused";

    // A node that was stopped is shown if something failed in it.
    private static bool IsToSee(PictureNode node) => IsToSee(node.Status)
        || (node.Status is "cancelled" or "running" && DagDetails.HasFailedInside(node.Kind, node.Errors));

    private void WriteNode(PictureNode node, string anchor, bool isOpen, int most, string told = "")
    {
        var subRuns = node.SubRunCount > 1 ? $"; {node.SubRunCount:N0} sub-runs: {DagText.Counts(node)}" : "";
        var marks = string.Concat(
            node.Mark is { } mark ? $", {mark}" : "",
            DagDetails.Retried(node.Run?.RetriedElements ?? 0) is { } retried ? $", {retried}" : "",
            node.Run?.Host is { } host ? $", on {host}" : "",
            node.Run?.ReusedFrom is { } reused ? $", from the run {DagText.ShortId(reused)}" : "");
        Open(
            node.Look,
            node.Label,
            $"{(node.Status == PictureNode.None ? node.KindName : $"{node.KindName}, {node.Caption}")}{marks}{subRuns}",
            anchor,
            isOpen);
        WriteInside(node, anchor, most, told);
        _text.Append("</details>\n");
    }

    private void WriteInside(PictureNode node, string anchor, int most, string told)
    {
        if (node.Run is { } run)
            WriteRun(node, run, most, told);
        Text("Why", node.Why, most);
        Text("Runs", node.Code.Length > 0 ? node.Code : node.Description, most);
        WriteParts(node, anchor);
    }

    // Each error is in a box once. The part of an element tells its error, and the caption of a part the first line of what is inside.
    private void WriteRun(PictureNode node, NodeFacts run, int most, string told)
    {
        foreach (var attempt in run.Earlier)
        {
            var host = attempt.Host is null ? "" : $" on {attempt.Host}";
            Text(
                string.Create(CultureInfo.InvariantCulture, $"Attempt {attempt.Attempt}"),
                $"{DagText.Word(attempt.Status)} {DagText.Duration(attempt.Duration)}{host}\n{attempt.Error}".TrimEnd(),
                most);
        }

        var parts = node.Parts.Where(part => part.Picture.Run?.Error is not null).Select(part => $"{node.Label}[{part.Key}]").ToList();
        bool IsInPart(string line) => parts.Exists(part => line.StartsWith(part, StringComparison.OrdinalIgnoreCase));
        var lines = (run.Error ?? "").ReplaceLineEndings("\n").Split('\n').ToList();
        var isTold = told.Length > 0 && lines[0].Trim() == told;
        // The lines below the error of an element say where it failed, as its part does.
        bool IsLeft(string line) => !IsInPart(line)
            && (!IsInPart(lines[0]) || line.StartsWith($"{node.Label}[", StringComparison.OrdinalIgnoreCase));
        var error = string.Join('\n', lines.Skip(isTold ? 1 : 0).Where(IsLeft));
        var isError = DagDetails.HasFailedInside(node.Kind, run.Errors)
            || run.Status is "failed" or "completed" or "skipped" or "interrupted";
        Text(isTold ? "Where" : isError ? "Error" : "Why", error, most);
        var messages = run.Messages().Where(message => message.Stream != "error"
            || (!IsInPart(message.Text) && !lines.Contains(message.Text.ReplaceLineEndings("\n").Split('\n')[0])));
        Text(
            "Messages",
            string.Join('\n', messages.Select(message => $"{MomentText.Clock(message.Time)} {message.Stream}: {message.Text}")),
            most);
        Section("Input", _values.RenderInput(run.Input, most));
        Section("Output", _values.Render(run.Output, most));
    }

    // Put what people look for first, and fold the rest.
    private void WriteParts(PictureNode node, string anchor)
    {
        if (node.Parts.Count == 0 && node.SubRunCount == 0)
            return;
        if (node.SubRunCount > 0)
            _text.Append(
                CultureInfo.InvariantCulture, $"<h3>{DagText.SubRuns(node)}: {HtmlEncoding.Content(DagText.Counts(node))}</h3>\n");
        var spans = node.Parts.Select(part => part.Picture.Run).OfType<RunFacts>().Select(run => (run.StartedAt, run.EndedAt)).ToList();
        var axis = spans.Count > 1 ? new TimeAxis(spans, _idle) : null;
        var isShort = node.Parts.Count <= DrawnAlone;
        var parts = node.Parts.Select((part, index) => (Part: part, Anchor: HtmlAnchors.Inside(anchor, index)))
            .ToLookup(part => !isShort && IsWell(part.Part.Picture.Run));
        var rest = parts[true].ToList();
        foreach (var (part, place) in parts[false])
            WritePart(node, part, place, axis);
        if (rest.Count > 0)
        {
            var how = rest.Exists(part => part.Part.Picture.Run!.IsReused) ? "completed or were reused" : "completed";
            _text.Append(CultureInfo.InvariantCulture, $"<details class=\"fold\"><summary>{rest.Count:N0} that {how}</summary>\n");
            foreach (var (part, place) in rest)
                WritePart(node, part, place, axis);
            _text.Append("</details>\n");
        }

        if (axis is not null)
            _text.Append(HtmlTimeLine.Legend(axis));
        if (node.Hidden > 0)
            _text.Append(CultureInfo.InvariantCulture, $"<p class=\"muted\">{HtmlEncoding.Content(DagText.More(node))}</p>\n");
    }

    private static bool IsWell(RunFacts? run) => run is { Look: "completed" } or { IsReused: true, Errors.All: 0 };

    private void WritePart(PictureNode node, PicturePart part, string anchor, TimeAxis? axis)
    {
        var parts = node.Parts.Count;
        var picture = part.Picture;
        var look = picture.Run?.Look ?? PictureNode.None;
        var told = picture.Run?.Error is { Length: <= CauseLength } cause ? cause.Trim() : "";
        Open(
            look, part.Name is { } name ? node.Label + name : picture.Title, CaptionOf(picture, axis), anchor, parts == 1,
            Bar(picture.Run, axis));
        var isNode = HtmlAnchors.IsNode(picture);
        if (picture.Nodes.Count > 1 && (parts <= DrawnAlone || IsToSee(picture.Run?.Status ?? "")))
            _text.Append("<div class=\"canvas\" tabindex=\"0\" role=\"region\" aria-label=\"Graph\">")
                .Append(HtmlGraph.Render(picture, NoAnchors))
                .Append("</div>\n");
        if (isNode)
            WriteInside(
                picture.Nodes[0] with { Code = parts > 1 ? "" : picture.Nodes[0].Code, Description = "" }, anchor, MostOfElement, told);
        foreach (var (inner, index) in isNode ? [] : picture.Nodes.Select((inner, index) => (inner, index)))
            WriteNode(
                inner, HtmlAnchors.Inside(anchor, index), IsToSee(inner) || picture.Nodes.Count == 1, MostOfElement, told);
        _text.Append("</details>\n");
    }

    private static string CaptionOf(Picture picture, TimeAxis? axis)
    {
        if (picture.Run is not { } run)
            return "sub-DAG";
        var tries = HtmlAnchors.IsNode(picture) && picture.Nodes[0].Run is { Attempt: > 1 and var attempt } ? $", try {attempt}" : "";
        return run.Caption + tries + (axis is null || run.IsReused ? "" : $", from {DagText.Duration(run.StartedAt - axis.Begin)}")
            + (run.Error is null ? "" : $": {DagText.Sentence(DagDetails.Cause(run.Error), CauseLength)}");
    }

    private static string Bar(RunFacts? run, TimeAxis? axis) => run is null || axis is null
        ? ""
        : HtmlTimeLine.Track([(run.StartedAt, run.EndedAt, run.Look)], axis);

    private void Open(string look, string name, string caption, string anchor, bool isOpen, string bar = "") =>
        _text.Append("<details id=\"").Append(anchor).Append(isOpen ? "\" open>" : "\">")
            .Append(
                CultureInfo.InvariantCulture,
                $"<summary><b class=\"dot {look}\"></b><span class=\"name\"><bdi>{HtmlEncoding.Content(name)}</bdi></span> ")
            .Append(CultureInfo.InvariantCulture, $"<span class=\"muted\">{HtmlEncoding.Unbroken(caption)}</span>{bar}</summary>\n");

    private void Text(string name, string? content, int most)
    {
        if (!string.IsNullOrEmpty(content))
            Section(name, _values.Block(content, name, most));
    }

    private void Section(string name, string html)
    {
        if (html.Length > 0)
            _text.Append(CultureInfo.InvariantCulture, $"<h3>{name}</h3><div role=\"group\" aria-label=\"{name}\">{html}</div>\n");
    }
}
