using Lythonic.Dag.Commands;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Binding;

/// <summary>The runs that a cmdlet accepts, as far as that can be decided quickly.</summary>
internal static class FittingRuns
{
    private static readonly DagRunStatus[] Unfinished =
        [DagRunStatus.Paused, DagRunStatus.Failed, DagRunStatus.Cancelled, DagRunStatus.Interrupted];

    /// <summary>The newest runs that a cmdlet accepts, newest first.</summary>
    /// <param name="cmdlet">Its name.</param>
    /// <param name="store">The store.</param>
    /// <param name="most">How many at the most.</param>
    public static List<StoredRun> Find(string cmdlet, DagProvenance store, int most)
    {
        if (StatusesFor(cmdlet) is not { } statuses)
            return [.. store.FindRuns(new RunQuery { First = most }).Where(run => !IsReplay(cmdlet) || HasOutput(run, store))];
        // The file does not say whether a run is interrupted, so a query for that reads all runs with the status running. Those are few.
        var stored = statuses.Where(status => status is not (DagRunStatus.Running or DagRunStatus.Interrupted)).ToList();
        var live = statuses.Except(stored).ToList();
        IEnumerable<StoredRun> Found(List<DagRunStatus> some) =>
            some.Count == 0
                ? []
                : store.FindRuns(new RunQuery { Statuses = some, First = most })
                    .Where(run => statuses != Unfinished || CanGoOn(run, store));
        return [.. Found(stored).Concat(Found(live)).OrderByDescending(run => run.StartedAt).Take(most)];
    }

    /// <summary>Whether a cmdlet has no use for a run that has ended.</summary>
    public static bool TakesLiveRunsAlone(string cmdlet) => cmdlet.Equals("Suspend-DagRun", StringComparison.OrdinalIgnoreCase);

    private static DagRunStatus[]? StatusesFor(string cmdlet) => cmdlet.ToUpperInvariant() switch
    {
        "RESTART-DAGRUN" => Unfinished,
        "SUSPEND-DAGRUN" or "WATCH-DAGRUN" => [DagRunStatus.Running],
        "REMOVE-DAGRUN" => [DagRunStatus.Completed, .. Unfinished],
        _ => null,
    };

    // A run whose pipeline is gone goes on only in the session that remembers what is left of it.
    private static bool CanGoOn(StoredRun run, DagProvenance store) => MapRuns.Find(run.RunId) is not null || !FedDag.IsOf(run, store);

    private static bool IsReplay(string cmdlet) => cmdlet.Equals("Invoke-DagReplay", StringComparison.OrdinalIgnoreCase);

    // A completed run has outputs; for any other run, look at its nodes.
    private static bool HasOutput(StoredRun run, DagProvenance store) =>
        run.Status == DagRunStatus.Completed || store.GetNodeRuns(run).Any(NodeRestoration.IsDone);
}
