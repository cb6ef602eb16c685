using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Export;

/// <summary>
/// The colours of statuses in Mermaid and Graphviz: fills on which black text is easy to read, and lines that stand out on white and on
/// black.
/// </summary>
internal static class StatusColour
{
    private static readonly Dictionary<string, (string Fill, string Line)> All = new()
    {
        ["completed"] = ("#d3f2d9", "#1a7f37"),
        ["failed"] = ("#ffd8d3", "#c9302c"),
        ["interrupted"] = ("#ffd8d3", "#c9302c"),
        ["upstream_failed"] = ("#fbe6d4", "#b35900"),
        ["skipped"] = ("#e4e8ee", "#57606a"),
        ["omitted"] = ("#f6f8fa", "#8c959f"),
        ["paused"] = ("#fff3c4", "#8a6d00"),
        [DagText.Warned] = ("#fff3c4", "#8a6d00"),
        ["waiting"] = ("#d6e9ff", "#0a58ca"),
        ["running"] = ("#d6e9ff", "#0a58ca"),
        ["cancelled"] = ("#ece3f5", "#6f42c1"),
    };

    /// <summary>Fill and line of a status.</summary>
    public static (string Fill, string Line) Get(string status) => All.GetValueOrDefault(status, ("#ffffff", "#57606a"));
}
