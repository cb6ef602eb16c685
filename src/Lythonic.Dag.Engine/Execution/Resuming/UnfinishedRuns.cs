using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Execution;

/// <summary>The runs of a DAG that can go on and are newer than its newest completed one.</summary>
internal static class UnfinishedRuns
{
    private const int LookedAtFirst = 64;

    /// <summary>Those of one name and with the same targets, newest first.</summary>
    public static IReadOnlyList<StoredRun> Find(DagProvenance provenance, string name, IReadOnlyList<string> targets)
    {
        var (found, isWhole) = Find(provenance, name, targets, LookedAtFirst);
        return isWhole ? found : Find(provenance, name, targets, null).Found;
    }

    private static (IReadOnlyList<StoredRun> Found, bool IsWhole) Find(
        DagProvenance provenance, string name, IReadOnlyList<string> targets, int? first)
    {
        var wanted = targets.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var runs = provenance.FindRuns(new RunQuery { DagNames = [name], First = first }).ToList();
        // The name may contain wildcard characters and match other names too.
        var newer = runs
            .Where(run => run.Path.Equals(name, StringComparison.OrdinalIgnoreCase) && wanted.SetEquals(run.Targets))
            .TakeWhile(run => run.Status != DagRunStatus.Completed)
            .ToList();
        var isWhole = runs.Count < first || newer.Count < runs.Count;
        // A run whose elements came from a pipeline belongs to no DAG that the user has.
        return ([.. newer.Where(run => run.Status != DagRunStatus.Running && !FedDag.IsOf(run, provenance))], isWhole);
    }
}
