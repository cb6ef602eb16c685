using System.Globalization;
using System.Text;
using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Export;

/// <summary>
/// Draws how long the runs of a DAG took: a bar for each run, the newest first, as in the table below. Both ends say so, because time runs
/// the other way in most drawings.
/// </summary>
internal static class HtmlDurations
{
    private const double MostWidth = 1_000;
    private const double LeastWidth = 340;
    private const double Height = 116;
    private const double WidestBar = 40;

    /// <summary>Renders the bars as SVG, with the text around them: a small screen makes the bars narrower, and not the letters.</summary>
    /// <param name="newestFirst">The runs.</param>
    /// <param name="addressOf">Returns the address to which a click on the bar of a run leads; or <see langword="null"/>.</param>
    public static string Render(IReadOnlyList<DagRun> newestFirst, Func<DagRun, string?> addressOf)
    {
        var runs = newestFirst;
        var longest = runs.Max(Took);
        var unit = longest > TimeSpan.Zero ? Height / longest.TotalSeconds : 0;
        var step = Math.Min(WidestBar, MostWidth / runs.Count);
        var width = HtmlEncoding.Number(Math.Max(LeastWidth, runs.Count * step));
        var text = new StringBuilder().Append(
            CultureInfo.InvariantCulture,
            $"<div class=\"bars\" style=\"max-width:{width}px\"><p><span></span><span>{DagText.Duration(longest)}</span></p>\n"
                + $"<svg viewBox=\"0 0 {width} {Height}\" preserveAspectRatio=\"none\" role=\"img\" "
                + $"aria-label=\"Durations of {runs.Count:N0} runs, the newest first, at most {DagText.Duration(longest)}\">\n");
        for (var index = 0; index < runs.Count; index++)
            WriteBar(runs[index], index * step, step, Math.Max(2, Took(runs[index]).TotalSeconds * unit), addressOf(runs[index]), text);
        text.Append(
            CultureInfo.InvariantCulture,
            $"</svg><p><span>newest: {When(runs[0])}</span><span>oldest: {When(runs[^1])}</span></p></div>\n");
        return text.ToString();
    }

    private static TimeSpan Took(DagRun run) =>
        run.Stored.Ran(DateTimeOffset.UtcNow) ?? TimeSpan.Zero;

    private static string When(DagRun run) => MomentText.Short(run.StartedAt, DateTimeOffset.Now);

    private static void WriteBar(DagRun run, double left, double step, double height, string? address, StringBuilder text)
    {
        var said = $"{When(run)} {DagText.Took(run)}";
        var bar = string.Create(
            CultureInfo.InvariantCulture,
            $"<rect class=\"{DagText.Look(run.Status, run.Stored.Errors)}\" x=\"{HtmlEncoding.Number(left + (step * 0.1))}\" "
                + $"y=\"{HtmlEncoding.Number(Height - height)}\" width=\"{HtmlEncoding.Number(step * 0.8)}\" "
                + $"height=\"{HtmlEncoding.Number(height)}\"><title>{HtmlEncoding.Content(said)}</title></rect>");
        if (address is null)
            text.Append(bar).Append('\n');
        else
            text.Append(
                CultureInfo.InvariantCulture,
                $"<a href=\"{HtmlEncoding.Escape(address)}\" aria-label=\"{HtmlEncoding.Escape(said)}\">{bar}</a>\n");
    }
}
