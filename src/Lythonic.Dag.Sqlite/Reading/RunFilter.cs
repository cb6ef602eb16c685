using System.Text;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Sqlite;

/// <summary>A query as a condition in SQL.</summary>
internal static class RunFilter
{
    /// <summary>The further conditions and their values.</summary>
    public static (string Where, object?[] Values) From(RunQuery query)
    {
        var (conditions, values) = (new List<string>(), new List<object?>());
        string Value(object? value)
        {
            values.Add(value);
            return $"${values.Count}";
        }

        string Any<T>(IEnumerable<T> all, Func<T, string> condition) => $"({string.Join(" OR ", all.Select(condition))})";

        if (!query.IncludeSubRuns)
            conditions.Add("r.parent IS NULL");
        if (query.RunIds.Count > 0)
            conditions.Add($"r.run_id IN ({string.Join(", ", query.RunIds.Select(id => Value(id)))})");
        if (query.DagNames.Count > 0)
            conditions.Add(Any(query.DagNames, name => Named(name, query.IncludeSubRuns, Value)));
        if (query.Statuses.Count > 0)
        {
            var stored = query.Statuses.Select(status => status == DagRunStatus.Interrupted ? DagRunStatus.Running : status).Distinct();
            conditions.Add($"r.status IN ({string.Join(", ", stored.Select(status => Value(status.ToName())))})");
        }

        if (query.Tags.Count > 0)
            conditions.Add(Any(query.Tags,
                tag => $"EXISTS (SELECT 1 FROM json_each(r.tags) t WHERE t.value = {Value(tag)} COLLATE NOCASE)"));
        if (query.Since is { } since)
            conditions.Add($"r.started_at >= {Value(StoreStatements.Seconds(since))}");
        if (query.Until is { } until)
            conditions.Add($"r.started_at <= {Value(StoreStatements.Seconds(until))}");
        return (string.Concat(conditions.Select(condition => $" AND {condition}")), [.. values]);
    }

    private static string Named(string name, bool withSubRuns, Func<object?, string> value)
    {
        // The index finds names whose case SQLite can fold. Others are compared like labels, run by run.
        return withSubRuns || NameMatch.IsPattern(name) || !Ascii.IsValid(name)
            ? $"{NameMatch.Function}(r.path, {value(name)}, {(withSubRuns ? 1 : 0)})"
            : $"r.path = {value(name)} COLLATE NOCASE";
    }
}
