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
        run.Inform(Say(newest, nodes.Count(node => RunState.IsDone(node.Status)), nodes.Count));
        var others = left.Count - 1;
        if (others > 0)
            run.Warn(string.Create(
                CultureInfo.InvariantCulture,
                $"{others:N0} other {(others == 1 ? "run" : "runs")} of '{run.Dag.Name}' can go on too")
                    + (run.Session.Options.UnfinishedRunsShownBy is { } command ? $": {command}" : "."));
    }

    /// <summary>The line that names a run that goes on.</summary>
    /// <param name="run">The run as it was before.</param>
    /// <param name="done">How many of its nodes are done.</param>
    /// <param name="nodes">How many nodes it has.</param>
    public static string Say(StoredRun run, int done, int nodes)
    {
        return string.Create(
            CultureInfo.InvariantCulture,
            $"'{run.DagName}' goes on with run {Named(run.RunId, run.StartedAt)}, {run.Status.ToName()}: "
                + $"{done:N0} of {nodes:N0} nodes done.");
    }

    /// <summary>A run by its short id and the local time of its begin, such as <c>1a2b3c4d of 28 Nov 23:46</c>.</summary>
    public static string Named(string runId, DateTimeOffset startedAt)
    {
        var begun = startedAt.ToLocalTime();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{RunIds.Short(runId)} of {begun:d MMM}"
                + $"{(begun.Year == DateTimeOffset.Now.Year ? $" {begun:HH:mm}" : $" {begun:yyyy}")}");
    }
}
