using System.Globalization;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Execution;

/// <summary>Tells the user that no new run begins but an older one goes on: its input and its outputs are those of another day.</summary>
internal static class GoingOn
{
    /// <summary>Names the run that goes on, and warns of the others that could.</summary>
    /// <param name="run">The run that goes on, with the nodes that are done.</param>
    /// <param name="left">The runs that could go on, as they were before, the newest first. That is the one that goes on.</param>
    public static void Tell(RunExecution run, IReadOnlyList<StoredRun> left)
    {
        var (nodes, newest) = (run.Results(), left[0]);
        run.Inform(string.Create(
            CultureInfo.InvariantCulture,
            $"'{run.Dag.Name}' goes on with run {RunIds.Short(newest.RunId)} of {newest.StartedAt.ToLocalTime():yyyy-MM-dd HH:mm}, "
                + $"{Name(newest.Status)}: {nodes.Count(node => RunState.IsDone(node.Status)):N0} of {nodes.Count:N0} nodes done."));
        var others = left.Count - 1;
        if (others > 0)
            run.Warn(
                $"{(others == 1 ? "Another run" : $"{others} other runs")} of '{run.Dag.Name}' can go on too, beside the newest, "
                    + $"{newest.RunId}.");
    }

    private static string Name(DagRunStatus status) => status.ToString().ToLowerInvariant();
}
