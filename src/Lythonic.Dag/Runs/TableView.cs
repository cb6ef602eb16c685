using System.Management.Automation;
using Lythonic.Dag.Export;
using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Commands;

/// <summary>
/// Chooses the table that shows a run or a node run. A table has columns of a fixed width, so that each row is on the screen as soon as it
/// is written; one that is made to fit its content shows nothing until the script ends, and nothing at all where that fails. What asks for
/// other widths has a type name of its own, by which its view is found.
/// </summary>
internal static class TableView
{
    // As wide as the column of the status in the plain views.
    private const int StatusWidth = 10;

    /// <summary>Marks a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="isAmongSubRuns">Whether more of its id is shown: ids of sub-runs begin with the time, so often alike.</param>
    public static DagRun Mark(DagRun run, bool isAmongSubRuns)
    {
        if (isAmongSubRuns)
            Name(run, ScreenWidth.IsNarrow ? "NarrowSubRun" : "SubRun");
        else if (ScreenWidth.IsNarrow)
            Name(run, "Narrow");
        else if (IsLong(run.Status, run.Stored.Errors))
            Name(run, "Long");
        return run;
    }

    /// <summary>Marks the node runs of a run, which stand in one table.</summary>
    public static DagNodeRun[] Mark(DagNodeRun[] nodes)
    {
        var view = ScreenWidth.IsNarrow ? "Narrow" : nodes.Any(node => IsLong(node.Status, node.Node.Errors)) ? "Long" : null;
        if (view is not null)
            Array.ForEach(nodes, node => Name(node, view));
        return nodes;
    }

    private static bool IsLong(string status, ErrorCounts errors) => DagText.Word(status, errors).Length > StatusWidth;

    private static void Name(object seen, string view) => PSObject.AsPSObject(seen).TypeNames.Insert(0, $"{seen.GetType()}#{view}");
}
