using System.Management.Automation;
using Lythonic.Dag.Export;
using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Commands;

/// <summary>
/// Chooses the table view that shows a run or a node run. The columns have fixed widths, so that PowerShell shows each row as soon as it is
/// written; with automatic widths it would show nothing until the script ends, and nothing at all if the script fails. An object that needs
/// other widths gets an additional type name, and PowerShell finds the view by that name.
/// </summary>
internal static class TableView
{
    // The width of the status column in the plain views.
    private const int StatusWidth = 10;

    /// <summary>Chooses the view of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="isAmongSubRuns">
    /// Whether it is listed together with sub-runs. Their ids begin with the time and look alike, so more of each id is shown.
    /// </param>
    public static DagRun Mark(DagRun run, bool isAmongSubRuns)
    {
        if (isAmongSubRuns)
            AddTypeName(run, ScreenWidth.IsNarrow ? "NarrowSubRun" : "SubRun");
        else if (ScreenWidth.IsNarrow)
            AddTypeName(run, "Narrow");
        else if (IsLong(run.Status, run.Stored.Errors))
            AddTypeName(run, "Long");
        return run;
    }

    /// <summary>Chooses the view of the node runs of a run: the same for all, because they are one table.</summary>
    public static DagNodeRun[] Mark(DagNodeRun[] nodes)
    {
        var view = ScreenWidth.IsNarrow ? "Narrow" : nodes.Any(node => IsLong(node.Status, node.Node.Errors)) ? "Long" : null;
        if (view is not null)
            Array.ForEach(nodes, node => AddTypeName(node, view));
        return nodes;
    }

    private static bool IsLong(string status, ErrorCounts errors) => DagText.Word(status, errors).Length > StatusWidth;

    private static void AddTypeName(object shown, string view) =>
        PSObject.AsPSObject(shown).TypeNames.Insert(0, $"{shown.GetType()}#{view}");
}
