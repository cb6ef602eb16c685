using System.Globalization;
using System.Text;

namespace Lythonic.Dag.Export;

/// <summary>Draws as a flowchart of Mermaid.</summary>
internal sealed class MermaidDiagram : IDiagram
{
    // Mermaid's default limits. They are raised in its configuration, which a chart cannot change.
    private const int MostEdges = 500;
    private const int MostLetters = 50_000;

    private readonly StringBuilder _text = new();
    private readonly StringBuilder _frames = new();
    private readonly SortedSet<string> _used = new(StringComparer.Ordinal);
    private string _indent = "  ";
    private int _edges;

    /// <summary>The text of a flowchart.</summary>
    public static string Render(Picture picture)
    {
        var chart = new MermaidDiagram();
        new DiagramWalk(chart).Write(picture);
        chart._text.Append(chart._frames);
        foreach (var status in chart._used)
        {
            var (fill, line) = StatusColour.Get(status);
            chart._text.Append(CultureInfo.InvariantCulture, $"  classDef {status} fill:{fill},stroke:{line},color:#1f2328\n");
        }

        var head = new StringBuilder("flowchart LR\n").Append(CultureInfo.InvariantCulture, $"  accTitle: {Escaped(TitleOf(picture))}\n");
        if (chart._edges > MostEdges || chart._text.Length > MostLetters)
            head.Append(
                CultureInfo.InvariantCulture,
                $"  %% {chart._edges} edges: to render this chart, raise maxEdges and maxTextSize in the configuration of Mermaid.\n");
        return head.Append(chart._text).ToString();
    }

    /// <inheritdoc/>
    public void Node(string id, IReadOnlyList<string> lines, string status, bool isComposite)
    {
        var (open, close) = isComposite ? ("[[", "]]") : ("[", "]");
        _text.Append(CultureInfo.InvariantCulture, $"{_indent}{id}{open}\"{string.Join("<br/>", lines.Select(Escaped))}\"{close}");
        if (status != PictureNode.None)
        {
            _used.Add(status);
            _text.Append(":::").Append(status);
        }

        _text.Append('\n');
    }

    /// <inheritdoc/>
    public void Open(string id, string title, string status)
    {
        if (status != PictureNode.None)
            _frames.Append(CultureInfo.InvariantCulture, $"  style {id} fill:none,stroke:{StatusColour.Get(status).Line}\n");
        _text.Append(CultureInfo.InvariantCulture, $"{_indent}subgraph {id}[\"{Escaped(title)}\"]\n");
        _indent += "  ";
    }

    /// <inheritdoc/>
    public void Close()
    {
        _indent = _indent[2..];
        _text.Append(_indent).Append("end\n");
    }

    /// <inheritdoc/>
    public void Edge(string from, string to, string? when) => Line(from, when is null ? "-->" : $"-. {Escaped(when)} .->", to);

    /// <inheritdoc/>
    public void Inside(string node, string frame, string first) => Line(node, "-.->", frame);

    private static string TitleOf(Picture picture) =>
        picture.Run is { } run ? $"{picture.Title}, run {run.RunId}, {run.Caption}" : picture.Title;

    private void Line(string from, string arrow, string to)
    {
        _edges++;
        _text.Append(CultureInfo.InvariantCulture, $"{_indent}{from} {arrow} {to}\n");
    }

    // Writes as an entity every character that has a meaning in Mermaid, or in the HTML and Markdown of its labels.
    private static string Escaped(string value)
    {
        var text = new StringBuilder(value.Length);
        foreach (var rune in value.EnumerateRunes())
        {
            var couldBeList = rune.Value == '-'
                ? text.Length == 0
                : rune.Value == '.' && text.Length > 0 && text.ToString().All(char.IsAsciiDigit);
            if (couldBeList)
                text.Append(CultureInfo.InvariantCulture, $"#{rune.Value};");
            else if (Rune.IsLetterOrDigit(rune) || rune.Value is ' ' or '-' or '_' or '.' or ',' or ':' or '/' or '…' or 'µ')
                text.Append(rune);
            else if (Rune.IsControl(rune) || Rune.IsWhiteSpace(rune))
                text.Append(' ');
            else
                text.Append(CultureInfo.InvariantCulture, $"#{rune.Value};");
        }

        return text.ToString();
    }
}
