using System.Management.Automation;
using Lythonic.Dag.Export;
using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Runs;

/// <summary>
/// Chooses the table view that shows a run or a node run. The columns have fixed widths, so that PowerShell shows each row as soon as it is
/// written; with automatic widths it would show nothing until the script ends, and nothing at all if the script fails. An object that needs
/// other widths gets an additional type name, and PowerShell finds the view by that name. The width of the screen decides. If nobody sees
/// the screen, the width of the text is not known; then a long status and the id of a sub-run decide.
/// </summary>
internal static class TableView
{
    private const string Plain = "";
    private const string Narrow = "Narrow";
    private const string Long = "Long";
    private const string Wide = "Wide";
    private const string SubRun = "SubRun";
    private const string LongPath = "Path";

    // The width of the column for paths in the plain view of differences, and how many differences decide whether it is enough.
    private const int PathWidth = 10;
    private const int DecidingDifferences = 100;

    // The width of the status column in the plain views.
    private const int StatusWidth = 11;

    /// <summary>Chooses the view of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="isAmongSubRuns">
    /// Whether it is listed together with sub-runs. Their ids begin with the time and look alike, so more of each id is shown, if there is
    /// room for it.
    /// </param>
    public static DagRun Mark(DagRun run, bool isAmongSubRuns)
    {
        AddTypeName(run, ScreenWidth.Kind switch
        {
            ScreenKind.Narrow => Narrow,
            ScreenKind.Usual => Plain,
            ScreenKind.Wide => isAmongSubRuns ? Wide + SubRun : Wide,
            _ => isAmongSubRuns ? SubRun : IsLong(DagText.Shown(run.Stored), DagText.Told(run.Stored)) ? Long : Plain,
        });
        return run;
    }

    /// <summary>Chooses the view of the node runs of a run: the same for all, because they are one table.</summary>
    public static DagNodeRun[] Mark(DagNodeRun[] nodes)
    {
        var view = ScreenWidth.Kind switch
        {
            ScreenKind.Narrow => Narrow,
            ScreenKind.Usual => Plain,
            ScreenKind.Wide => Wide,
            _ => nodes.Any(node => IsLong(node.Status, node.Node.Errors)) ? Long : Plain,
        };
        Array.ForEach(nodes, node => AddTypeName(node, view));
        if (nodes.Length > 0)
            PSObject.AsPSObject(nodes[0]).TypeNames.Add($"{typeof(DagNodeRun)}{DagLines.FirstNode}");
        return nodes;
    }

    /// <summary>
    /// Chooses the view of the differences of two runs: the same for all. The first of them decide how wide their paths are, so that they
    /// are on the screen before the others are found.
    /// </summary>
    public static IEnumerable<DagDifference> Mark(IEnumerable<DagDifference> differences)
    {
        using var all = differences.GetEnumerator();
        var first = new List<DagDifference>();
        while (first.Count < DecidingDifferences && all.MoveNext())
            first.Add(all.Current);
        var view = ScreenWidth.Kind == ScreenKind.Wide ? Wide
            : first.Exists(difference => difference.Path?.Length > PathWidth) ? LongPath
            : Plain;
        foreach (var difference in first)
            yield return Mark(difference, view);
        while (all.MoveNext())
            yield return Mark(all.Current, view);
    }

    private static DagDifference Mark(DagDifference difference, string view)
    {
        AddTypeName(difference, view);
        return difference;
    }

    private static bool IsLong(string status, ErrorCounts errors) => DagText.Word(status, errors).Length > StatusWidth;

    private static void AddTypeName(object shown, string view)
    {
        if (view != Plain)
            PSObject.AsPSObject(shown).TypeNames.Insert(0, $"{shown.GetType()}#{view}");
    }
}
