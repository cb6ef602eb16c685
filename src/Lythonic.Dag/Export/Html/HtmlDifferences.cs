using System.Globalization;
using System.Text;
using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Export;

/// <summary>Renders what two runs differ in as one self-contained page: a table, one row for each difference.</summary>
internal static class HtmlDifferences
{
    private const int Width = 2_000;

    /// <summary>The page.</summary>
    public static string Render(IReadOnlyList<DagDifference> differences)
    {
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"<p>{Count(differences)}</p>\n")
            .Append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Differences\">\n<table class=\"differences\">\n")
            .Append("<thead><tr><th>Node</th><th>Change</th><th>Path</th><th>Reference</th><th></th><th>Difference</th></tr></thead>\n")
            .Append("<tbody>\n");
        foreach (var difference in differences)
        {
            text.Append("<tr>");
            Cell(text, difference.Node);
            Cell(text, difference.Change?.ToString());
            Cell(text, difference.Path);
            Cell(text, Shown(difference.Reference));
            Cell(text, difference.SideIndicator);
            Cell(text, Shown(difference.Difference));
            text.Append("</tr>\n");
        }

        return HtmlFrame.Render("Differences of two runs", text.Append("</tbody>\n</table></div>\n").ToString());
    }

    private static string Count(IReadOnlyList<DagDifference> differences)
    {
        var count = differences.Count(difference => difference.Change is not null);
        var nodes = differences.Where(difference => difference.Change is not null).Select(difference => difference.Node).Distinct().Count();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{count:N0} {(count == 1 ? "difference" : "differences")} in {nodes:N0} {(nodes == 1 ? "node" : "nodes")}.");
    }

    // Code keeps its lines.
    private static string Shown(object? value) => value is string text && text.Contains('\n', StringComparison.Ordinal)
        ? text.Length <= Width ? text : DagText.Middle(text, Width)
        : DagText.Short(value, Width);

    private static void Cell(StringBuilder text, string? content) =>
        text.Append(CultureInfo.InvariantCulture, $"<td>{HtmlEncoding.Escape(content)}</td>");
}
