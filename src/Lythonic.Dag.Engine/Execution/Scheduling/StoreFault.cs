namespace Lythonic.Dag.Execution;

/// <summary>
/// The error of a run that a fault of its database ended. The error of the database names no run, and whoever tries again after it would
/// do everything a second time.
/// </summary>
internal static class StoreFault
{
    /// <summary>Names the run in the error of its database.</summary>
    /// <param name="error">The error.</param>
    /// <param name="run">The root run. The database has it.</param>
    /// <returns>The error of the run; the same one if it is no fault of the database, or if the run cannot go on in it.</returns>
    public static DagException InRun(DagException error, RunExecution run)
    {
        if (error.Remedy is not { Kind: DagRemedyKind.MendThenTryAgain } remedy)
            return error;
        var id = run.Handle.RunId;
        return new(error.Id, $"{error.Message} That ended the run {id} of '{run.Dag.Name}'.", error.Target, inner: error)
        {
            Remedy = remedy with
            {
                Kind = run.Session.Options.Feed is null ? DagRemedyKind.MendThenRestart : DagRemedyKind.MendThenMapAgain,
                RunId = id,
                Node = run.Dag.Name,
                Database = run.Session.Provenance.Location,
                HasReuse = Array.Exists(run.Dag.Nodes, node => node.Settings.Reuse),
            },
        };
    }
}
