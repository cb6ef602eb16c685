using System.Globalization;
using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Export;

/// <summary>The squares of a grid of runs by nodes: their signs, and the legend that explains them.</summary>
internal static class HtmlSigns
{
    private static readonly (string Look, string Sign, string Meaning)[] All =
    [
        ("completed", "", "completed"),
        (DagText.Warned, "!", "completed with errors"),
        ("failed", "×", "failed"),
        ("interrupted", "×", "interrupted"),
        ("upstream_failed", "–", "not run, because another node failed"),
        ("cancelled", "–", "cancelled"),
        ("paused", "‖", "paused"),
        ("running", "…", "running"),
        ("waiting", "…", "waiting"),
        ("skipped", "", "reused"),
        ("omitted", "–", "omitted"),
        ("pending", "", "pending"),
    ];

    /// <summary>The sign of a look. It shows what did not go well, for people who cannot tell the colours apart.</summary>
    public static string Of(string look) => All.FirstOrDefault(entry => entry.Look == look).Sign ?? "";

    /// <summary>Explains the squares of nodes.</summary>
    /// <param name="nodes">The nodes that are drawn.</param>
    public static string Legend(IEnumerable<DagNodeRun> nodes)
    {
        var looks = nodes.Select(node => DagText.Look(node.Status, node.Node.Errors)).ToHashSet(StringComparer.Ordinal);
        var entries = All.Where(entry => looks.Contains(entry.Look)).Select(entry => string.Create(
            CultureInfo.InvariantCulture,
            $"<span><span class=\"cell {entry.Look}\" aria-hidden=\"true\">{entry.Sign}</span>{entry.Meaning}</span>"));
        return $"<p class=\"muted signs\">{string.Concat(entries)}</p>\n";
    }
}
