using System.Globalization;
using System.Text;

namespace Lythonic.Dag.Export;

/// <summary>Draws as a digraph of Graphviz.</summary>
internal sealed class DotDiagram : IDiagram
{
    private readonly StringBuilder _text = new();
    private string _indent = "  ";

    /// <summary>The text of a digraph.</summary>
    public static string Render(Picture picture)
    {
        var graph = new DotDiagram();
        graph._text.Append(CultureInfo.InvariantCulture, $"digraph {Quoted(picture.Title)} {{\n")
            .Append("  rankdir=LR;\n  compound=true;\n  fontname=\"sans-serif\";\n")
            .Append("  node [shape=box, style=\"rounded,filled\", fillcolor=\"#ffffff\", fontname=\"sans-serif\"];\n");
        if (picture.Run is { } run)
            graph._text.Append(
                CultureInfo.InvariantCulture, $"  labelloc=t;\n  label={Quoted($"{picture.Title}\n{run.RunId}\n{run.Caption}")};\n");
        new DiagramWalk(graph).Write(picture);
        return graph._text.Append("}\n").ToString();
    }

    /// <inheritdoc/>
    public void Node(string id, IReadOnlyList<string> lines, string status, bool isComposite)
    {
        var (fill, line) = StatusColour.Get(status);
        var rim = isComposite ? ", peripheries=2" : "";
        var name = status == PictureNode.None ? "" : $", class=\"{status}\"";
        _text.Append(
            CultureInfo.InvariantCulture,
            $"{_indent}{id} [label={Quoted(string.Join('\n', lines))}, fillcolor=\"{fill}\", color=\"{line}\"{rim}{name}];\n");
    }

    /// <inheritdoc/>
    public void Open(string id, string title, string status)
    {
        _text.Append(CultureInfo.InvariantCulture, $"{_indent}subgraph cluster_{id} {{\n");
        _indent += "  ";
        _text.Append(CultureInfo.InvariantCulture, $"{_indent}label={Quoted(title)};\n");
        // The colour is set on every frame, because in Graphviz a frame inherits the colour of the one around it.
        _text.Append(CultureInfo.InvariantCulture, $"{_indent}color=\"{StatusColour.Get(status).Line}\";\n");
    }

    /// <inheritdoc/>
    public void Close()
    {
        _indent = _indent[2..];
        _text.Append(_indent).Append("}\n");
    }

    /// <inheritdoc/>
    public void Edge(string from, string to, string? when)
    {
        var closing = when is null ? "" : $" [style=dashed, label={Quoted(when)}]";
        _text.Append(CultureInfo.InvariantCulture, $"{_indent}{from} -> {to}{closing};\n");
    }

    // Graphviz draws edges only between nodes; lhead makes this one end at the frame.
    /// <inheritdoc/>
    public void Inside(string node, string frame, string first) =>
        _text.Append(CultureInfo.InvariantCulture, $"{_indent}{node} -> {first} [style=dashed, lhead=cluster_{frame}];\n");

    // Graphviz decodes HTML entities inside its strings.
    private static string Quoted(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var letter in value)
        {
            _ = letter switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append(@"\\"),
                '&' => text.Append("&amp;"),
                '\n' => text.Append("\\n"),
                _ when char.IsControl(letter) => text.Append(' '),
                _ => text.Append(letter),
            };
        }

        return text.Append('"').ToString();
    }
}
