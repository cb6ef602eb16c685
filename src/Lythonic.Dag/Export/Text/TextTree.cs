using System.Globalization;
using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Export;

/// <summary>Draws a DAG as text for a console.</summary>
/// <param name="width">How many columns there are.</param>
internal sealed class TextTree(int width)
{
    private const int MostLines = 60;
    private const int LongestLabel = 36;

    private int LabelColumns => Math.Min(LongestLabel, Math.Max(12, width / 2 - 6));

    /// <summary>Renders a line for each node, after its upstreams.</summary>
    public string Render(Picture picture)
    {
        var title = string.IsNullOrEmpty(picture.Description) ? picture.Title : $"{picture.Title}: {picture.Description}";
        var lines = new List<string> { DagText.Middle(title, width) };
        Write(picture, "", lines);
        if (lines.Count > MostLines)
        {
            var more = string.Create(CultureInfo.InvariantCulture, $"… and {lines.Count - MostLines:N0} more lines");
            lines = [.. lines.Take(MostLines), more];
        }

        return string.Join(Environment.NewLine, lines);
    }

    private void Write(Picture picture, string indent, List<string> lines)
    {
        var upstreams = picture.Edges.ToLookup(edge => edge.To, edge => edge.From, StringComparer.OrdinalIgnoreCase);
        var ranks = Ranks.Compute(picture.Nodes.Count, picture.EdgePositions());
        var order = Enumerable.Range(0, ranks.Length).OrderBy(node => ranks[node]).Select(node => picture.Nodes[node]).ToList();
        for (var row = 0; row < order.Count; row++)
        {
            var (node, last) = (order[row], row == order.Count - 1);
            var kind = node.IsOnCycle ? $"{node.KindName}, {PictureNode.OnCycle}" : node.KindName;
            var start = $"{indent}{(last ? "└─ " : "├─ ")}{DagText.Middle(node.Label, LabelColumns)} ({kind})";
            lines.Add(start + After([.. upstreams[node.Label]], width - TextCells.Count(start)));
            foreach (var part in node.Parts)
            {
                var inner = indent + (last ? "   " : "│  ");
                lines.Add(DagText.Middle($"{inner}{(part.Key is null ? "" : $"[{part.Key}] ")}{part.Picture.Title}", Math.Max(3, width)));
                Write(part.Picture, inner, lines);
            }
        }
    }

    // Name as many upstreams as there is room for, and count the others.
    private string After(List<string> upstreams, int room)
    {
        if (upstreams.Count == 0)
            return "";
        for (var shown = upstreams.Count; shown > 0; shown--)
        {
            var more = shown == upstreams.Count
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $" and {upstreams.Count - shown:N0} more");
            var text = $" ← {string.Join(", ", upstreams.Take(shown).Select(label => DagText.Middle(label, LabelColumns)))}{more}";
            if (TextCells.Count(text) <= room)
                return text;
            shown = Math.Min(shown, (room / 2) + 1);
        }

        return string.Create(CultureInfo.InvariantCulture, $" ← {upstreams.Count:N0}");
    }
}
