using System.Globalization;
using Lythonic.Dag.Commands;
using Lythonic.Dag.Errors;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Hosting;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Sessions;

namespace Lythonic.Dag.Runs;

/// <summary>
/// Says after <c>Ctrl+C</c> how much is done, and how to go on. The cmdlet cannot write its run then, and the variable that was to have
/// it is not set.
/// </summary>
internal static class StopNotice
{
    /// <summary>Writes a line to the host, because a stopped pipeline takes nothing any more. Call this on the pipeline's thread.</summary>
    /// <param name="cmdlet">The cmdlet. If nobody stopped its pipeline, nothing is written.</param>
    /// <param name="store">The store of the run.</param>
    /// <param name="run">The run. If it has not ended, nothing is written.</param>
    /// <param name="done">How much is done, as words; <see langword="null"/> for the number of nodes.</param>
    public static void Write(DagStoppableCmdlet cmdlet, DagProvenance store, Task<DagRunResult> run, string? done = null)
    {
        if (cmdlet.IsInterrupted && run.IsCompletedSuccessfully && !CommonParameters.HidesWarnings(cmdlet)
            && Find(store, run.Result.RunId) is { } stored && GoOn(store, stored) is { } way)
        {
            var id = Advice.ShortId(stored);
            var named = way.Contains(id, StringComparison.Ordinal) ? "" : " " + id;
            cmdlet.Host.UI.WriteWarningLine($"The run{named} of '{stored.DagName}' was stopped, {done ?? NodesDone(run.Result)}. {way}");
        }
    }

    /// <summary>A sentence that says how to go on with a run that did not complete, or <see langword="null"/>.</summary>
    /// <param name="store">The store of the run.</param>
    /// <param name="runId">The id of the run.</param>
    public static string? GoOn(DagProvenance store, string runId) =>
        Find(store, runId) is { } stored ? GoOn(store, stored) : null;

    private static string? GoOn(DagProvenance store, StoredRun run)
    {
        var isMap = FedDag.IsOf(run, store);
        if (isMap && MapRuns.Find(run.RunId) is null && MapRuns.HasReuse(run.RunId) != true)
        {
            return run.Status == DagRunStatus.Completed
                ? null
                : (MapRuns.HasReuse(run.RunId) == false ? "It had no -Reuse, so the same line runs everything again. " : "")
                    + "With -Reuse from the first time on, the same line goes on where it was stopped.";
        }

        // The input of such a map is in the memory of this process.
        return Advice.GoOn(run, () => isMap, DatabaseFile.NameOf(store)) is { } way
            ? Advice.GoOnSentence(way, isMap ? "Go on in this session with" : "Go on with")
            : null;
    }

    private static string NodesDone(DagRunResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"{result.Nodes.Count(node => RunState.IsDone(node.Status)):N0} of {result.Nodes.Count:N0} nodes done");

    private static StoredRun? Find(DagProvenance store, string runId)
    {
        try
        {
            return store.KeepsRuns ? store.FindRun(runId) : null;
        }
        catch (DagException)
        {
            // The database cannot be read any more. Nobody can go on with the run.
            return null;
        }
    }
}
