using System.Text.RegularExpressions;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>How the store in memory finds runs.</summary>
internal static class MemoryQuery
{
    /// <summary>One run, by its id or a unique prefix of it.</summary>
    public static StoredRun? ById(IReadOnlyList<StoredRun> runs, string runIdOrPrefix)
    {
        if (runs.FirstOrDefault(run => run.RunId == runIdOrPrefix) is { } exact)
            return exact;
        var fitting = runs.Where(run => run.RunId.StartsWith(runIdOrPrefix, StringComparison.OrdinalIgnoreCase)).ToList();
        if (fitting.Any(run => run.ParentRunId is null))
            fitting.RemoveAll(run => run.ParentRunId is not null);
        return fitting.Count <= 1 ? fitting.FirstOrDefault() : throw new DagException(
            DagErrorId.DagRunNotFound, $"Several runs begin with '{runIdOrPrefix}': {string.Join(", ", fitting.Select(run => run.RunId))}.",
                runIdOrPrefix);
    }

    /// <summary>Runs, newest first.</summary>
    public static IReadOnlyList<StoredRun> Find(IReadOnlyList<StoredRun> runs, RunQuery query) => [.. runs
        .Where(run => (query.IncludeSubRuns || run.ParentRunId is null)
            && (query.RunIds.Count == 0 || query.RunIds.Contains(run.RunId))
            && (query.DagNames.Count == 0 || query.DagNames.Any(name => IsNamed(run, name, query.IncludeSubRuns)))
            && (query.Statuses.Count == 0 || query.Statuses.Contains(run.Status))
            && (query.Tags.Count == 0 || query.Tags.Any(tag => run.Tags.Contains(tag, StringComparer.OrdinalIgnoreCase)))
            && !(run.StartedAt < query.Since) && !(run.StartedAt > query.Until))
        .OrderByDescending(run => run.StartedAt).ThenByDescending(run => run.Key)
        .Take(query.First ?? int.MaxValue)];

    private static bool IsNamed(StoredRun run, string name, bool withSubRuns)
    {
        var pattern = Regex.Escape(name).Replace(@"\*", ".*", StringComparison.Ordinal).Replace(@"\?", ".", StringComparison.Ordinal);
        return Regex.IsMatch(
            run.Path, $"^(?:{pattern}){(withSubRuns ? "(?:/.*)?" : "")}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    }
}
