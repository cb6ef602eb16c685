using System.Globalization;
using System.Text;
using Lythonic.Dag.Internal;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Export;

/// <summary>
/// Renders what two runs differ in as one self-contained page: which runs they are, and a table with one row for each difference.
/// </summary>
internal static class HtmlDifferences
{
    private const int Width = 2_000;

    /// <summary>The page.</summary>
    /// <param name="differences">The differences, of one pair of runs or several.</param>
    /// <param name="equal">Two runs that do not differ, where there is nothing else; or <see langword="null"/>.</param>
    public static string Render(IReadOnlyList<DagDifference> differences, ComparedRuns? equal)
    {
        var text = new StringBuilder();
        var pairs = differences.GroupBy(difference => difference.Runs).ToList();
        foreach (var pair in pairs)
            WritePair(text, pair.Key, [.. pair]);
        if (equal is not null)
            WritePair(text, equal, []);
        var runs = equal ?? (pairs.Count == 1 ? pairs[0].Key : null);
        return HtmlFrame.Render(Title(runs), text.ToString());
    }

    private static void WritePair(StringBuilder text, ComparedRuns? runs, IReadOnlyList<DagDifference> differences)
    {
        var count = differences.Count(difference => difference.Change is not null);
        var look = count == 0 ? "completed" : DagText.Warned;
        text.Append(
            CultureInfo.InvariantCulture,
            $"<div class=\"banner {look}\" role=\"status\"><p><b>{Count(differences, count)}</b></p></div>\n");
        if (runs is not null)
            WriteRuns(text, runs);
        if (differences.Count == 0)
            return;
        text.Append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Differences\">\n<table class=\"differences\">\n")
            .Append("<thead><tr><th>Node</th><th>Change</th><th>Path</th><th>Reference</th><th></th><th>Difference</th></tr></thead>\n")
            .Append("<tbody>\n");
        foreach (var difference in differences)
        {
            text.Append("<tr>");
            Cell(text, difference.Node);
            Cell(text, difference.Change?.ToString());
            Cell(text, difference.Path);
            Cell(text, Shown(difference, difference.Reference));
            Cell(text, difference.SideIndicator);
            Cell(text, Shown(difference, difference.Difference));
            text.Append("</tr>\n");
        }

        text.Append("</tbody>\n</table></div>\n");
    }

    private static void WriteRuns(StringBuilder text, ComparedRuns runs)
    {
        void Row(string name, Func<StoredRun, string> of) => text.Append(
            CultureInfo.InvariantCulture,
            $"<tr><th scope=\"row\">{name}</th><td>{of(runs.Reference)}</td><td>{of(runs.Difference)}</td></tr>\n");
        text.Append("<table class=\"value compared\">\n")
            .Append("<thead><tr><th></th><th>Reference</th><th>Difference</th></tr></thead>\n<tbody>\n");
        Row("Run", run => HtmlEncoding.Content(run.RunId));
        Row("DAG", run => HtmlEncoding.Content(run.Path));
        Row("Status", Status);
        Row($"Started ({MomentText.Zone(runs.Difference.StartedAt)})", run => MomentText.Whole(run.StartedAt));
        Row("Duration", run => HtmlEncoding.Content(DagText.Duration(run.FinishedAt - run.StartedAt)));
        if (runs.Reference.ReplayedFrom is not null || runs.Difference.ReplayedFrom is not null)
            Row("Replay of", run => HtmlEncoding.Content(run.ReplayedFrom ?? ""));
        if (runs.Reference.Tags.Count + runs.Difference.Tags.Count > 0)
            Row("Tags", run => HtmlEncoding.Content(string.Join(", ", run.Tags)));
        text.Append("</tbody></table>\n");
    }

    private static string Status(StoredRun run)
    {
        var status = run.Status.ToName();
        return $"<b class=\"dot {DagText.Look(status, run.Errors)}\"></b>{DagText.Word(status, run.Errors)}";
    }

    private static string Title(ComparedRuns? runs)
    {
        if (runs is not var (one, other))
            return "Differences of runs";
        return one.Path == other.Path
            ? $"{one.Path}: {DagText.ShortId(one.RunId)} and {DagText.ShortId(other.RunId)}"
            : $"{one.Path} {DagText.ShortId(one.RunId)} and {other.Path} {DagText.ShortId(other.RunId)}";
    }

    private static string Count(IReadOnlyList<DagDifference> differences, int count)
    {
        if (count == 0)
            return "The runs are equal: no node differs.";
        var nodes = differences.Where(difference => difference.Change is not null).Select(difference => difference.Node).Distinct().Count();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{count:N0} {(count == 1 ? "difference" : "differences")} in {nodes:N0} {(nodes == 1 ? "node" : "nodes")}.");
    }

    // Code keeps its lines.
    private static string Shown(DagDifference difference, object? value) =>
        value is not string text || !text.Contains('\n', StringComparison.Ordinal) ? DagText.Side(difference, value, Width)
            : text.Length <= Width ? text
            : DagText.Middle(text, Width);

    private static void Cell(StringBuilder text, string? content) =>
        text.Append(CultureInfo.InvariantCulture, $"<td>{HtmlEncoding.Escape(content)}</td>");
}
