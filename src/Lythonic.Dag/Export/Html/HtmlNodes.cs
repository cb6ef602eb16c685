using System.Globalization;
using System.Text;
using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Export;

/// <summary>
/// The nodes of a page: the code of each, and for a run its input, output and messages. Sub-runs are inside the node that they belong to.
/// </summary>
internal sealed class HtmlNodes
{
    private static readonly Dictionary<string, string> NoAnchors = [];

    private readonly StringBuilder _text = new();
    private readonly PayloadPreview _payloads = new();

    /// <summary>The details of each node.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="anchors">The ids of the details, by label.</param>
    public static string Render(Picture picture, IReadOnlyDictionary<string, string> anchors)
    {
        var nodes = new HtmlNodes();
        nodes._text.Append(
            "<section id=\"nodes\"><h2>Nodes</h2>\n<p class=\"tools\" hidden><label>Show nodes with <input id=\"filter\" type=\"search\"")
            .Append(" placeholder=\"a label or a status\"></label> <output id=\"found\" for=\"filter\"></output></p>\n");
        if (picture.Run is { } run && nodes._payloads.Read(run.SourceInput) is { Length: > 0 } input)
            nodes.Block("Source input", input);
        foreach (var node in picture.Nodes)
            nodes.WriteNode(node, anchors[node.Label], node.Status is "failed" or "paused");
        return nodes._text.Append("</section>\n").ToString();
    }

    private void WriteNode(PictureNode node, string? anchor, bool isOpen)
    {
        var subRuns = node.SubRunCount > 1 ? $"; {node.SubRunCount:N0} sub-runs: {DagText.Counts(node)}" : "";
        Open(
            node.Look,
            node.Label,
            node.Status == PictureNode.None ? node.KindName : $"{node.KindName}, {node.Caption}{subRuns}",
            anchor,
            isOpen);
        Block("Runs", node.Code.Length > 0 ? node.Code : node.Description);
        if (node.Run is { } run)
        {
            foreach (var attempt in run.Earlier)
                Block(
                    string.Create(CultureInfo.InvariantCulture, $"Attempt {attempt.Attempt}"),
                    $"{DagText.Word(attempt.Status)} {DagText.Duration(attempt.Duration)}\n{attempt.Error}".TrimEnd());
            WriteRun(run);
        }

        WriteParts(node);
        _text.Append("</details>\n");
    }

    private void WriteRun(NodeFacts run)
    {
        Block("Error", run.Error);
        Block("Input", _payloads.Read(run.Input));
        Block("Output", _payloads.Read(run.Output));
        Block("Messages", string.Join('\n', run.Messages().Select(message => string.Create(
            CultureInfo.InvariantCulture, $"{message.Time.UtcDateTime:HH:mm:ss.fff} {message.Stream}: {_payloads.Cut(message.Text)}"))));
    }

    private void WriteParts(PictureNode node)
    {
        if (node.SubRunCount > 0)
            _text.Append(
                CultureInfo.InvariantCulture, $"<h3>{node.SubRunCount:N0} sub-runs: {HtmlEncoding.Escape(DagText.Counts(node))}</h3>\n");
        foreach (var part in node.Parts)
        {
            var picture = part.Picture;
            var status = picture.Run?.Look ?? PictureNode.None;
            var caption = picture.Run is { } run
                ? $"{run.Caption}{(run.Error is null ? "" : $": {DagText.Middle(run.Error, 100)}")}"
                : "sub-DAG";
            Open(
                status,
                part.Key is null ? picture.Title : $"[{part.Key}]",
                caption,
                null,
                node.Parts.Count == 1 || status is "failed" or "paused");
            if (picture.Nodes.Count > 1)
                _text.Append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Graph\">")
                    .Append(HtmlGraph.Render(picture, NoAnchors))
                    .Append("</div>\n");
            foreach (var inner in picture.Nodes)
                WriteNode(inner, null, inner.Status is "failed" or "paused" || picture.Nodes.Count == 1);
            _text.Append("</details>\n");
        }

        if (node.Hidden > 0)
            _text.Append(CultureInfo.InvariantCulture, $"<p class=\"muted\">{HtmlEncoding.Escape(DagText.More(node))}</p>\n");
    }

    private void Open(string status, string name, string caption, string? anchor, bool isOpen)
    {
        _text.Append("<details").Append(anchor is null ? "" : $" id=\"{anchor}\"").Append(isOpen ? " open>" : ">")
            .Append(
                CultureInfo.InvariantCulture,
                $"<summary><b class=\"dot {status}\"></b><span class=\"name\">{HtmlEncoding.Escape(name)}</span> ")
            .Append(CultureInfo.InvariantCulture, $"<span class=\"muted\">{HtmlEncoding.Escape(caption)}</span></summary>\n");
    }

    private void Block(string name, string? content)
    {
        if (!string.IsNullOrEmpty(content))
            _text.Append(
                CultureInfo.InvariantCulture,
                $"<h3>{name}</h3><pre tabindex=\"0\" aria-label=\"{name}\">{HtmlEncoding.Escape(content)}</pre>\n");
    }
}
