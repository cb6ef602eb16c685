namespace Lythonic.Dag.Sqlite;

/// <summary>Who may have a stored run. Knows no SQL.</summary>
internal static class ClaimRule
{
    /// <summary>Checks that this process may take a run over.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="status">Its stored status.</param>
    /// <param name="owner">The process that ran it last; <see langword="null"/> for a sub-run, which has none of its own.</param>
    /// <param name="database">The database that holds it.</param>
    /// <param name="force">Whether to take it from a process on another machine of which nobody can tell whether it lives.</param>
    /// <exception cref="DagException">
    /// <see cref="DagErrorId.DagRunNotRestartable"/>: it is a sub-run, or completed; <see cref="DagErrorId.DagRunOwned"/>: a process that
    /// may live runs it.
    /// </exception>
    public static void Require(string runId, string status, Owner? owner, string database, bool force)
    {
        if (owner is null)
            throw new DagException(DagErrorId.DagRunNotRestartable, $"The run {runId} is a sub-run, so it cannot be restarted alone.",
                runId, "Restart the run that contains it.");
        if (status == DagRunStatus.Completed.ToName())
            throw new DagException(DagErrorId.DagRunNotRestartable, $"The run {runId} is completed, so it cannot be restarted.", runId)
            {
                Remedy = new(DagRemedyKind.ReplaySomeNodes) { RunId = runId, Database = database },
            };
        if (status == DagRunStatus.Running.ToName() && !owner.HasLeft(runId) && !(force && owner.IsElsewhere))
            throw Owned(runId, owner);
    }

    private static DagException Owned(string runId, Owner owner) => new(
        DagErrorId.DagRunOwned,
        $"The run {runId} is running in {owner}.{(owner.IsElsewhere ? " Nobody can tell from here whether that process lives." : "")}",
        runId)
    {
        Remedy = new(owner.IsElsewhere ? DagRemedyKind.TakeOver : DagRemedyKind.WaitOrPause),
    };
}
