using System.Globalization;
using System.Text;
using Lythonic.Dag.Internal;
using Lythonic.Dag.Runs;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Export;

/// <summary>
/// Renders several runs as one page: for each DAG, the durations of its runs over time, and a grid of its runs by nodes. A run links to its
/// own page if that was written, and otherwise to its details on this page.
/// </summary>
/// <param name="pages">The addresses of the pages of runs, by the run's id.</param>
internal sealed class HtmlIndex(IReadOnlyDictionary<string, string> pages)
{
    /// <summary>How many runs have a page of their own, or details on this page: the newest ones.</summary>
    public const int MostDetails = 100;

    private const int MostFailed = 5;

    private const int MostRuns = 1_000;

    private readonly StringBuilder _text = new();
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    /// <summary>The page.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="pages">The addresses of the pages of runs, by the run's id.</param>
    public static string Render(IReadOnlyList<DagRun> runs, IReadOnlyDictionary<string, string> pages)
    {
        var index = new HtmlIndex(pages);
        var newest = runs.OrderByDescending(run => run.StartedAt).ToList();
        index._told.UnionWith(newest.Take(MostDetails).Select(run => run.RunId));
        index._text.Append(
            CultureInfo.InvariantCulture,
            $"<p class=\"muted\">{NumberText.Count(runs.Count, "run")}{index.Failed(newest)}, "
                + $"as of {MomentText.WithZone(DateTimeOffset.Now)}.{Folder(pages)}</p>\n");
        foreach (var group in newest.GroupBy(NameOf, StringComparer.OrdinalIgnoreCase))
            index.WriteGroup(group.Key, [.. group]);
        index._text.Append("<section id=\"runs\"><h2>Details</h2>\n");
        foreach (var run in newest.Take(MostDetails))
            index.WriteRun(run);
        index._text.Append("</section>\n");
        var names = newest.Select(NameOf).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return HtmlFrame.Render(
            names.Count == 1 ? $"Runs of {names[0]}" : "Runs", index._text.ToString(), runs.Any(run => run.Status == "running"));
    }

    // Each sub-run has a path of its own. Group those of one node together.
    private static string NameOf(DagRun run) =>
        run.ParentRunId is null ? run.DagName : run.DagName[..Math.Max(1, run.DagName.LastIndexOf('['))];

    // Without the folder, the links of a page that was sent to somebody lead nowhere.
    private static string Folder(IReadOnlyDictionary<string, string> pages) => pages.Values.FirstOrDefault() is { } page
        ? $" The links need the folder <bdi>{HtmlEncoding.Content(Uri.UnescapeDataString(page.Split('/')[0]))}</bdi> beside this file."
        : "";

    private static string Look(DagRun run) => DagText.Look(run.Status, DagText.Told(run.Stored));

    private string? AddressOf(DagRun run) => pages.TryGetValue(run.RunId, out var page) ? page
        : _told.Contains(run.RunId) ? $"#run-{run.RunId}"
        : null;

    private string Linked(DagRun run, string html) =>
        AddressOf(run) is { } address ? $"<a href=\"{HtmlEncoding.Escape(address)}\">{html}</a>" : html;

    // Whoever is on call looks for these first.
    private string Failed(List<DagRun> newest)
    {
        var failed = newest.Where(run => run.Status is "failed" or "interrupted").ToList();
        if (failed.Count == 0)
            return "";
        var links = failed.Take(MostFailed).Select(run => Linked(run, HtmlEncoding.Content($"{run.DagName} {DagText.ShortId(run.RunId)}")));
        var more = failed.Count > MostFailed ? ", …" : "";
        return string.Create(CultureInfo.InvariantCulture, $", {failed.Count:N0} failed or interrupted ({string.Join(", ", links)}{more})");
    }

    private void WriteGroup(string name, List<DagRun> all)
    {
        var runs = all.Take(MostRuns).ToList();
        var counts = string.Join(", ", all.GroupBy(run => (run.Status, Look: Look(run))).OrderByDescending(group => group.Count())
            .Select(group => string.Create(
                CultureInfo.InvariantCulture, $"{group.Count():N0} {DagText.WithErrors(group.Key.Status, group.Key.Look)}")));
        _text.Append(
            CultureInfo.InvariantCulture,
            $"<section><h2><bdi>{HtmlEncoding.Content(name)}</bdi></h2>\n<p>{NumberText.Count(all.Count, "run")}: {counts}.</p>\n");
        if (runs.Count > 1)
            _text.Append(HtmlDurations.Render(runs, AddressOf));
        var labels = runs.SelectMany(run => run.Nodes.Select(node => node.Label)).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        _text.Append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Runs by nodes\"><table class=\"grid\"><thead><tr>")
            .Append("<th scope=\"col\">Run</th><th scope=\"col\">Started</th>");
        foreach (var label in labels)
            _text.Append(
                CultureInfo.InvariantCulture,
                $"<th scope=\"col\" class=\"node\" title=\"{HtmlEncoding.Escape(label)}\"><span>{HtmlEncoding.Content(label)}</span></th>");
        _text.Append("<th scope=\"col\">Duration</th><th scope=\"col\">Status</th><th scope=\"col\">Details</th></tr></thead><tbody>\n");
        var moments = runs.Select(run => MomentText.Short(run.StartedAt, DateTimeOffset.Now)).Distinct().Take(2).Count();
        foreach (var run in runs)
            WriteRow(run, labels, inSeconds: moments < runs.Count && moments == 1);
        _text.Append("</tbody></table></div>\n").Append(HtmlSigns.Legend(runs.SelectMany(run => run.Nodes)));
        if (runs.Count < all.Count)
            _text.Append(
                CultureInfo.InvariantCulture, $"<p class=\"muted\">… and {NumberText.Count(all.Count - runs.Count, "older run")}</p>\n");
        _text.Append("</section>\n");
    }

    private void WriteRow(DagRun run, List<string> labels, bool inSeconds)
    {
        var nodes = run.Nodes.ToDictionary(node => node.Label, StringComparer.OrdinalIgnoreCase);
        var id = run.ParentRunId is null ? DagText.ShortId(run.RunId) : DagText.Key(run);
        _text.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Linked(run, HtmlEncoding.Content(id))}</th>")
            .Append(CultureInfo.InvariantCulture, $"<th>{MomentText.Short(run.StartedAt, DateTimeOffset.Now, inSeconds)}</th>");
        foreach (var label in labels)
        {
            var node = nodes.GetValueOrDefault(label);
            var look = node is null ? "" : DagText.Look(node.Status, node.Node.Errors);
            _text.Append(node is null ? "<td>" : $"<td data-label=\"{HtmlEncoding.Escape(label)}\">");
            if (node is not null)
                _text.Append(
                    CultureInfo.InvariantCulture,
                    $"<span class=\"cell {look}\" role=\"img\" title=\"{HtmlEncoding.Escape($"{label}: {Took(node)}")}\">"
                        + $"{HtmlSigns.Of(look)}</span>");
            _text.Append("</td>");
        }

        _text.Append(CultureInfo.InvariantCulture, $"<th>{HtmlEncoding.Unbroken(DagText.Elapsed(run))}</th>")
            .Append(CultureInfo.InvariantCulture, $"<th><b class=\"dot {Look(run)}\"></b>")
            .Append(CultureInfo.InvariantCulture, $"{DagText.Word(run.Status, DagText.Told(run.Stored))}</th>")
            .Append(CultureInfo.InvariantCulture, $"<td class=\"why\">{HtmlEncoding.WithCommands(DagDetails.Of(run))}</td></tr>\n");
    }

    private static string Took(DagNodeRun node) => DagText.Took(node.Status, node.Node.Errors, node.Duration);

    private void WriteRun(DagRun run)
    {
        var started = $"{run.StartedAt.ToLocalTime():yyyy-MM-dd HH:mm:ss}";
        _text.Append(
            CultureInfo.InvariantCulture,
            $"<details id=\"run-{HtmlEncoding.Escape(run.RunId)}\"><summary><b class=\"dot {Look(run)}\"></b>"
                + $"<span class=\"name\"><bdi>{HtmlEncoding.Content(run.DagName)}</bdi></span> "
                + $"<span class=\"muted\">{HtmlEncoding.Content(DagText.ShortId(run.RunId))}, {started}, "
                + $"{HtmlEncoding.Unbroken(DagText.Took(run))}</span></summary>\n");
        if (run.Description is { } what)
            _text.Append(CultureInfo.InvariantCulture, $"<p class=\"description\">{HtmlEncoding.Content(what)}</p>\n");
        _text.Append(CultureInfo.InvariantCulture, $"<p class=\"muted\">Run {HtmlEncoding.Content(run.RunId)}")
            .Append(run.ReplayedFrom is null ? "" : $", a replay of {HtmlEncoding.Content(run.ReplayedFrom)}")
            .Append(run.Tag.Count == 0 ? "" : $", tags: {HtmlEncoding.Content(string.Join(", ", run.Tag))}")
            .Append(pages.TryGetValue(run.RunId, out var page) ? $", <a href=\"{HtmlEncoding.Escape(page)}\">its page</a>" : "")
            .Append("</p>\n");
        var again = DagText.RunAgain(run.Stored, DagText.ErrorsOf(run), DatabaseFile.NameOf(run.DatabasePath));
        if ((DagText.GoOn(run) ?? again) is { } advice)
            _text.Append(CultureInfo.InvariantCulture, $"<p class=\"muted\">{HtmlEncoding.Content(advice)}</p>\n");
        _text.Append("<div class=\"wide\"><table class=\"value\"><tbody>\n");
        foreach (var node in run.Nodes)
            _text.Append(
                CultureInfo.InvariantCulture,
                $"<tr><th scope=\"row\">{HtmlEncoding.Content(node.Label)}</th><td><b class=\"dot "
                    + $"{DagText.Look(node.Status, node.Node.Errors)}\"></b>{HtmlEncoding.Unbroken(Took(node))}</td>"
                    + $"<td>{HtmlEncoding.Content(DagDetails.Of(node))}</td></tr>\n");
        _text.Append("</tbody></table></div></details>\n");
    }
}
