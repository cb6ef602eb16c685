using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>Says which parts of a node's code and inputs have changed since the run whose output it could have reused.</summary>
internal static class ReuseChanges
{
    private const int MostNamed = 5;

    /// <summary>Names the parts that differ; <see langword="null"/> if none does.</summary>
    public static string? Between(IReadOnlyList<ReusePart> before, IReadOnlyList<ReusePart> now)
    {
        var known = before.ToLookup(part => part.Name, part => part.Hash, StringComparer.OrdinalIgnoreCase);
        var names = now.Where(part => !known[part.Name].Contains(part.Hash)).Select(part => part.Name)
            .Concat(before.Select(part => part.Name).Except(now.Select(part => part.Name), StringComparer.OrdinalIgnoreCase))
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToList();
        if (names.Count == 0)
            return null;
        var shown = names.Count <= MostNamed ? names : [.. names.Take(MostNamed), $"{names.Count - MostNamed} more"];
        return shown.Count == 1
            ? $"{shown[0]} has changed"
            : $"{string.Join(", ", shown.SkipLast(1))} and {shown[^1]} have changed";
    }

    /// <summary>
    /// Says how many elements of a map are reused and, in a run that goes on, how many are completed. If not all are, says which parts of
    /// its code have changed. The map is reused if none of its elements would run.
    /// </summary>
    public static PlannedNode OfElements(RunExecution run, CompiledNode map, int completed, int reused, int count)
    {
        var rest = count - completed - reused;
        var numbers = Numbers(completed, reused, rest, count);
        if (rest == 0)
            return new(map.Label, count == 0 ? PlannedAction.Run : PlannedAction.Reuse, numbers);
        var changes = run.Session.Provenance.GetReuseParts(run.Path, map.Label) is { } before
            ? Between(before, run.Session.Reuse.For(run.Dag, map).Code)
            : null;
        return new(map.Label, PlannedAction.Run, changes is null ? numbers : $"{numbers}: {changes}");
    }

    private static string Numbers(int completed, int reused, int rest, int count)
    {
        var (all, left) = (NumberText.Count(count), $"{NumberText.Count(rest)} {(rest == 1 ? "runs" : "run")}");
        return completed + reused == 0 ? $"0 of its {all} elements are reused"
            : completed == 0 ? $"{NumberText.Count(reused)} of its {all} elements {Are(reused)} reused, {left}"
            : $"{NumberText.Count(completed)} of its {all} elements {Are(completed)} completed, "
                + $"{NumberText.Count(reused)} {Are(reused)} reused, {left}";
    }

    private static string Are(int count) => count == 1 ? "is" : "are";
}
