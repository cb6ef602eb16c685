using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Runs;

/// <summary>
/// The warning that a run is paused: why, and how to go on. Without it, a user who keeps the run in a variable would not see that.
/// </summary>
internal static class PauseNotice
{
    /// <summary>The text of the warning.</summary>
    /// <param name="store">The store of the run.</param>
    /// <param name="dagName">The name of its DAG.</param>
    /// <param name="result">The result of the run. If it is not paused, there is no text.</param>
    /// <param name="isFed">Whether its elements came from a pipeline.</param>
    public static string? Of(DagProvenance store, string dagName, DagRunResult result, bool isFed = false)
    {
        if (result.Status != DagRunStatus.Paused)
            return null;
        var why = Why(result.Error);
        var input = isFed ? " It takes no more of the input." : "";
        var way = store.KeepsRuns ? StopNotice.GoOn(store, result.RunId) : "It cannot go on, because it is not kept.";
        return $"The run {DagText.ShortId(result.RunId)} of '{dagName}' {why}{input}{(way is null ? "" : $" {way}")}";
    }

    // The reason of a request says itself that the run is paused.
    private static string Why(string? reason) => string.IsNullOrEmpty(reason) ? "is paused."
        : reason.StartsWith("Paused ", StringComparison.Ordinal) ? $"is p{reason[1..]}"
        : $"is paused: {reason}{(reason[^1] is '.' or '!' or '?' or '…' ? "" : ".")}";
}
