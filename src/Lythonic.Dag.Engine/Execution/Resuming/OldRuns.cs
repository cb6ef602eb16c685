using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Execution;

/// <summary>Removes completed runs of a DAG that keeps only its newest runs.</summary>
internal static class OldRuns
{
    /// <summary>
    /// Removes all but the newest runs. A failure to do so is a warning, because the completed run is unaffected.
    /// </summary>
    /// <param name="run">The run that has completed.</param>
    /// <param name="kept">How many are kept.</param>
    public static void Remove(RunExecution run, int kept)
    {
        var provenance = run.Session.Provenance;
        try
        {
            var query = new RunQuery { DagNames = [run.Path], Statuses = [DagRunStatus.Completed] };
            var old = provenance.FindRuns(query)
                .Where(stored => stored.Path.Equals(run.Path, StringComparison.OrdinalIgnoreCase))
                .Skip(kept)
                .Select(stored => stored.RunId)
                .ToList();
            if (old.Count > 0)
                provenance.RemoveOldRuns(old);
        }
#pragma warning disable CA1031 // Whatever it is, the run has completed.
        catch (Exception error)
#pragma warning restore CA1031
        {
            run.Warn($"Completed runs of '{run.Path}' beyond the newest {kept} could not be removed: {ExceptionText.MessageOf(error)}");
        }
    }
}
