using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using Lythonic.Dag.Commands;
using Lythonic.Dag.Loading;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Binding;

/// <summary>Completes what the database holds: run ids newest first, DAG names, tags and statuses.</summary>
public sealed class RunCompleter : IArgumentCompleter
{
    private const int Most = 50;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        ArgumentNullException.ThrowIfNull(parameterName);
        ArgumentNullException.ThrowIfNull(fakeBoundParameters);
        if (parameterName.Equals("Status", StringComparison.OrdinalIgnoreCase))
            return Completions.Of(wordToComplete, Enum.GetValues<DagRunStatus>().Select(status => (status.ToName(), status.ToString())));
        var runs = Recent(fakeBoundParameters["DatabasePath"] as string);
        return Completions.Of(wordToComplete, parameterName.ToUpperInvariant() switch
        {
            "DAGNAME" => runs.Select(run => (run.Path, $"last run {run.Status.ToName()}")).Concat(DagSession.Names.Select(name => (name, "made in this session"))),
            "TAG" => runs.SelectMany(run => run.Tags.Select(tag => (tag, $"on {run.Path}"))),
            _ => runs.Select(run => (run.RunId, $"{run.Path}, {run.Status.ToName()}, {Age(run.StartedAt)} ago")),
        });
    }

    // Completion helps or stays silent: a database that cannot be read completes nothing.
    private static List<StoredRun> Recent(string? path)
    {
        try
        {
            using var store = StoreLoader.Open(DatabaseFile.Default(path), false);
            return [.. store.FindRuns(new RunQuery { First = Most })];
        }
        catch (Exception error) when (error is DagException or IOException or ArgumentException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string Age(DateTimeOffset at)
    {
        var age = DateTimeOffset.UtcNow - at;
        return age.TotalDays >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalDays:N0} d")
            : age.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:N0} h")
            : age.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalMinutes:N0} min")
            : string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:N0} s");
    }
}
