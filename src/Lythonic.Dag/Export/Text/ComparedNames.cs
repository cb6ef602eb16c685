using Lythonic.Dag.Internal;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Export;

/// <summary>Two compared runs by their names, so that people know which is which.</summary>
internal static class ComparedNames
{
    private const int MostName = 30;

    /// <summary>A line for each run, with the sign of <see cref="DagDifference.SideIndicator"/> that stands for it alone.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="now">What today is told by.</param>
    public static string Lines(ComparedRuns runs, DateTimeOffset now) =>
        $"<= Reference:  {Of(runs.Reference, now)}\n=> Difference: {Of(runs.Difference, now)}";

    /// <summary>A sentence for two runs that do not differ.</summary>
    public static string Equal(ComparedRuns runs) => runs.Reference.RunId == runs.Difference.RunId
        ? $"The run {DagText.ShortId(runs.Reference.RunId)} of '{runs.Reference.Path}' was compared with itself."
        : $"The runs {DagText.ShortId(runs.Reference.RunId)} and {DagText.ShortId(runs.Difference.RunId)} are equal: no node differs.";

    // The ids of sub-runs begin with the time and look alike; their names tell them apart.
    private static string Of(StoredRun run, DateTimeOffset now)
    {
        var id = run.ParentRunId is null ? $"{DagText.ShortId(run.RunId)} " : "";
        var tags = run.Tags.Count == 0 ? "" : $", {DagText.Middle(string.Join(", ", run.Tags), MostName)}";
        var status = DagText.Word(run.Status.ToName(), DagText.Told(run));
        return $"{id}{DagText.Middle(run.Path, MostName)}, {status}, {MomentText.Short(run.StartedAt, now, inSeconds: true)}{tags}";
    }
}
