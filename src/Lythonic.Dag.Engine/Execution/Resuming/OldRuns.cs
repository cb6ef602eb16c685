using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Execution;

/// <summary>Removes completed runs of a DAG that keeps the newest few alone.</summary>
internal static class OldRuns
{
    /// <summary>Removes those beyond the newest. That it fails is a warning: the run that has completed is none the worse.</summary>
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
                provenance.RemoveRuns(old);
        }
#pragma warning disable CA1031 // Whatever it is, the run has completed.
        catch (Exception error)
#pragma warning restore CA1031
        {
            run.Warn($"Completed runs of '{run.Path}' beyond the newest {kept} could not be removed: {ExceptionText.MessageOf(error)}");
        }
    }
}
