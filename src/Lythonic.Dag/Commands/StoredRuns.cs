using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Commands;

/// <summary>Finds stored runs, and the DAGs that they are of.</summary>
internal static class StoredRuns
{
    /// <summary>A run by its id or a unique prefix of it.</summary>
    /// <exception cref="DagException">There is none, or nothing is kept.</exception>
    public static StoredRun Find(DagProvenance store, string runId)
    {
        if (!store.KeepsRuns)
            throw new DagException(DagErrorId.DagProvenanceRequired, "Without provenance there is no run to find.", runId, "Leave -NoProvenance out.");
        return store.FindRun(runId) ?? throw new DagException(
            DagErrorId.DagRunNotFound, $"There is no run '{runId}' in {store.Location}.", runId, "List the runs with Get-DagRun, or name the database with -DatabasePath.");
    }

    /// <summary>The DAG of a run's name that was made in this session.</summary>
    /// <exception cref="DagException">There is none.</exception>
    public static Dag DagOf(StoredRun run) => DagSession.Find(run.DagName) ?? throw new DagException(
        DagErrorId.DagNodeNotFound, $"No DAG '{run.DagName}' was made in this session, so the run {run.RunId} cannot go on.", run.DagName, "Make the DAG again, or give it with -Dag.");
}
