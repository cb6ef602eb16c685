using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Lythonic.Dag.Internal;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Export;

/// <summary>
/// Renders the differences between runs as one self-contained page, which names the runs and has a table with one row for each difference.
/// </summary>
internal static partial class HtmlDifferences
{
    private const int Width = 2_000;

    /// <summary>The page.</summary>
    /// <param name="differences">The differences, of one pair of runs or several.</param>
    /// <param name="equal">Two equal runs, if there are no differences; or <see langword="null"/>.</param>
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
        var look = differences.All(difference => difference.Change is null) ? "completed" : DagText.Warned;
        text.Append(
            CultureInfo.InvariantCulture,
            $"<div class=\"banner {look}\" role=\"status\"><p><b>{Count(differences)}</b></p></div>\n");
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
            Place(text, difference.Node);
            Cell(text, difference.Change?.ToString());
            Place(text, difference.Path);
            Cell(text, ComparedValue.RenderLines(difference, difference.Reference, Width));
            Cell(text, difference.SideIndicator);
            Cell(text, ComparedValue.RenderLines(difference, difference.Difference, Width));
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
        Row("Duration", run => HtmlEncoding.Unbroken(run.Status == DagRunStatus.Running ? "" : DagText.Ran(run)));
        if (runs.Reference.ReplayedFrom is not null || runs.Difference.ReplayedFrom is not null)
            Row("Replay of", run => HtmlEncoding.Content(run.ReplayedFrom ?? ""));
        if (runs.Reference.Tags.Count + runs.Difference.Tags.Count > 0)
            Row("Tags", run => HtmlEncoding.Content(string.Join(", ", run.Tags)));
        text.Append("</tbody></table>\n");
    }

    private static string Status(StoredRun run)
    {
        var status = run.Status.ToName();
        return $"<b class=\"dot {DagText.Look(status, run.Errors)}\"></b>{DagText.Word(status, DagText.Told(run))}";
    }

    private static string Title(ComparedRuns? runs)
    {
        if (runs is not var (one, other))
            return "Differences of runs";
        return one.Path == other.Path
            ? $"{one.Path}: {DagText.ShortId(one.RunId)} and {DagText.ShortId(other.RunId)}"
            : $"{one.Path} {DagText.ShortId(one.RunId)} and {other.Path} {DagText.ShortId(other.RunId)}";
    }

    private static string Count(IReadOnlyList<DagDifference> differences)
    {
        var durations = differences.Count(difference => difference.Change == DagChange.Duration);
        var others = differences.Where(difference => difference.Change is not null and not DagChange.Duration).ToList();
        var nodes = others.Select(difference => difference.Place.Outermost).Distinct(StringComparer.OrdinalIgnoreCase).Count();
        var elements = others.Select(difference => difference.Place.Element).OfType<string>().Distinct(StringComparer.Ordinal).Count();
        var where = NumberText.Count(nodes, "node") + (elements == 0 ? "" : $" and {NumberText.Count(elements, "element")}");
        return (others.Count, durations) switch
        {
            (0, 0) => "The runs are equal: no node differs.",
            (0, _) => $"The runs differ in {NumberText.Count(durations, "duration")} alone.",
            (var count, 0) => $"{NumberText.Count(count, "difference")} in {where}.",
            var (count, _) => string.Create(
                CultureInfo.InvariantCulture,
                $"{NumberText.Count(count, "difference")} in {where}, and {NumberText.Count(durations, "duration")}: "
                    + $"{differences.Count:N0} in all."),
        };
    }

    // A path breaks between its steps.
    private static void Place(StringBuilder text, string? path)
    {
        var steps = Step().Replace(HtmlEncoding.Content(path), "<wbr><span class=\"time\">$0</span>");
        text.Append(CultureInfo.InvariantCulture, $"<td>{steps}</td>");
    }

    // A long key has to break inside, or it would not fit.
    [GeneratedRegex(@"\[[^\]]{1,24}\]")]
    private static partial Regex Step();

    private static void Cell(StringBuilder text, string? content) =>
        text.Append(CultureInfo.InvariantCulture, $"<td>{HtmlEncoding.Unbroken(content)}</td>");
}
