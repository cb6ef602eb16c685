using Lythonic.Dag.Execution;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Sessions;

namespace Lythonic.Dag.Binding;

/// <summary>Finds the runs that a cmdlet accepts, as far as that can be decided quickly.</summary>
internal static class FittingRuns
{
    private static readonly DagRunStatus[] Unfinished =
        [DagRunStatus.Paused, DagRunStatus.Failed, DagRunStatus.Cancelled, DagRunStatus.Interrupted];

    /// <summary>The newest runs that a cmdlet accepts, newest first.</summary>
    /// <param name="cmdlet">The name of the cmdlet.</param>
    /// <param name="store">The store.</param>
    /// <param name="most">How many runs to find at most.</param>
    public static List<StoredRun> Find(string cmdlet, DagProvenance store, int most)
    {
        if (StatusesFor(cmdlet) is not { } statuses)
            return [.. store.FindRuns(new RunQuery { First = most }).Where(run => !IsReplay(cmdlet) || HasOutput(run, store))];
        // The file stores an interrupted run as running, so a query for either reads all runs of that status. There are only a few.
        var stored = statuses.Where(status => status is not (DagRunStatus.Running or DagRunStatus.Interrupted)).ToList();
        var live = statuses.Except(stored).ToList();
        IEnumerable<StoredRun> Found(List<DagRunStatus> some) =>
            some.Count == 0
                ? []
                : store.FindRuns(new RunQuery { Statuses = some, First = most })
                    .Where(run => statuses != Unfinished || CanGoOn(run, store));
        return [.. Found(stored).Concat(Found(live)).OrderByDescending(run => run.StartedAt).Take(most)];
    }

    /// <summary>What a cmdlet says that is offered no run rather than one that it refuses; <see langword="null"/> for any other.</summary>
    public static string? NoneOf(string cmdlet) => cmdlet.ToUpperInvariant() switch
    {
        "SUSPEND-DAGRUN" => "no run is running",
        "RESTART-DAGRUN" => "no run can go on",
        _ => null,
    };

    private static DagRunStatus[]? StatusesFor(string cmdlet) => cmdlet.ToUpperInvariant() switch
    {
        "RESTART-DAGRUN" => Unfinished,
        "SUSPEND-DAGRUN" or "WATCH-DAGRUN" => [DagRunStatus.Running],
        "REMOVE-DAGRUN" => [DagRunStatus.Completed, .. Unfinished],
        _ => null,
    };

    // A run of Invoke-DagMap can be restarted only in the session that remembers its elements.
    private static bool CanGoOn(StoredRun run, DagProvenance store) => MapRuns.Find(run.RunId) is not null || !FedDag.IsOf(run, store);

    private static bool IsReplay(string cmdlet) => cmdlet.Equals("Invoke-DagReplay", StringComparison.OrdinalIgnoreCase);

    // A completed run always has outputs. Any other run has some if one of its nodes is done.
    private static bool HasOutput(StoredRun run, DagProvenance store) =>
        run.Status == DagRunStatus.Completed || store.GetNodeRuns(run).Any(NodeRestoration.IsDone);
}
