using Lythonic.Dag.Errors;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Sessions;

namespace Lythonic.Dag.Runs;

/// <summary>Finds stored runs and their DAGs, and makes the errors for those that are not found.</summary>
internal static class StoredRuns
{
    private const int MostNamed = 5;

    /// <summary>Finds a run by its id or a unique prefix of it.</summary>
    /// <exception cref="DagException">There is no such run, or the store keeps no runs.</exception>
    public static StoredRun Find(DagProvenance store, string runId)
    {
        if (!store.KeepsRuns)
            throw new DagException(
                DagErrorId.DagProvenanceRequired,
                $"The run '{runId}' can be used only with the database that keeps it: leave -NoProvenance out.",
                runId,
                "Leave -NoProvenance out.");
        return store.FindRun(runId) ?? throw NotFound(store, runId);
    }

    /// <summary>Finds the newest run that is running.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagRunNotFound"/>: none is running.</exception>
    public static StoredRun FindLive(DagProvenance store) => Live(store, 1).FirstOrDefault() ?? throw NoneIsLive(
        store, "Name a run that has ended to see it, as Get-DagRun lists them; or name another database with -DatabasePath.");

    /// <summary>Finds the run that is running, if there is only one.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagRunNotFound"/>: none is running, or several are.</exception>
    public static StoredRun FindOnlyLive(DagProvenance store)
    {
        var live = Live(store, MostNamed + 1);
        if (live.Count == 0)
            throw NoneIsLive(store, "List the runs with Get-DagRun, or name another database with -DatabasePath.");
        if (live.Count == 1)
            return live[0];
        var named = string.Join(", ", live.Take(MostNamed).Select(run => $"{Advice.ShortId(run)} of '{run.DagName}'"));
        throw new DagException(
            DagErrorId.DagRunNotFound,
            $"Several runs are running in {store.Location}: {named}{(live.Count > MostNamed ? " and more" : "")}.",
            store.Location,
            "Name one by its id; or take all with Get-DagRun -Status running | Suspend-DagRun.");
    }

    private static List<StoredRun> Live(DagProvenance store, int most) =>
        [.. store.FindRuns(new RunQuery { Statuses = [DagRunStatus.Running], First = most })];

    private static DagException NoneIsLive(DagProvenance store, string action) =>
        new(DagErrorId.DagRunNotFound, $"No run is running in {store.Location}.", store.Location, action);

    /// <summary>Finds a root run, that is, one that is not a sub-run.</summary>
    /// <exception cref="DagException">There is no such run, it is a sub-run, or the store keeps no runs.</exception>
    public static StoredRun FindRoot(DagProvenance store, string runId) =>
        Find(store, runId) is var run && run.ParentRunId is { } parent
            ? throw new DagException(
                DagErrorId.DagRunNotRestartable,
                $"The run {run.RunId} is a sub-run of {parent}.",
                run.RunId,
                "Name the run that contains it.")
            : run;

    /// <summary>The error for a run that is in no database because it ran with <c>-NoProvenance</c>.</summary>
    public static DagException NotKept(string runId) =>
        new(
            DagErrorId.DagProvenanceRequired,
            $"The run '{runId}' was not kept: without provenance there is nothing to go back to.",
            runId,
            "Run the DAG without -NoProvenance.");

    /// <summary>The error for the first of some runs that somebody has removed since they were found.</summary>
    /// <param name="store">The store that held them.</param>
    /// <param name="runs">The runs.</param>
    /// <returns>The error; <see langword="null"/> if all runs are still there.</returns>
    public static DagException? Removed(DagProvenance store, params StoredRun[] runs) =>
        runs.FirstOrDefault(run => store.FindRun(run.RunId) is null) is { } removed
            ? new(
                DagErrorId.DagRunNotFound,
                $"The run {removed.RunId} was removed from {store.Location} while it was read.",
                removed.RunId,
                "List the runs that are left with Get-DagRun, or run the DAG again.")
            : null;

    /// <summary>Finds the DAG of the run's name that was made in this session.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagNodeNotFound"/>: none was made.</exception>
    public static Dag DagOf(StoredRun run) => DagSession.Find(run.DagName) ?? throw new DagException(
        DagErrorId.DagNodeNotFound,
        $"No DAG '{run.DagName}' was made in this session, so the run {run.RunId} cannot go on.",
        run.DagName,
        "Run the part of its script that makes it, with New-Dag, and then this line; or give the DAG with -Dag."
            + (run.Status == DagRunStatus.Completed ? ""
                : " A script that runs it with Invoke-Dag -Resume needs only to be started again."));

    /// <summary>The error for a run id that is not in the store.</summary>
    /// <remarks>Users mistake the DAG's name for the id, because the table of runs shows both. The error then says how to go on.</remarks>
    public static DagException NotFound(DagProvenance store, string runId)
    {
        var message = $"There is no run '{runId}' in {store.Location}{(File.Exists(store.Location) ? "" : ", which does not exist")}.";
        if (runId.AsSpan().Trim("*?").IsEmpty)
            return new(
                DagErrorId.DagRunNotFound,
                $"{message} An id has no wildcards.",
                runId,
                "List the runs with Get-DagRun, or those of some DAGs with Get-DagRun -DagName.");
        return store.FindRuns(new RunQuery { DagNames = [runId], First = 1 }).Any()
            ? new(
                DagErrorId.DagRunNotFound,
                $"{message} It is the name of a DAG: list its runs with Get-DagRun -DagName '{runId}'"
                    + $"{Advice.Database(DatabaseFile.NameOf(store))}.",
                runId,
                "Name one of them by its id.")
            : new(DagErrorId.DagRunNotFound, message, runId, "List the runs with Get-DagRun, or name the database with -DatabasePath.");
    }
}
