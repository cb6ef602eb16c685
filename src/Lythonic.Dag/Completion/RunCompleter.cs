using System.Management.Automation;
using Lythonic.Dag.Internal;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Sessions;

namespace Lythonic.Dag.Binding;

/// <summary>
/// Completes what the database holds: the ids of runs that the cmdlet accepts, newest first; DAG names; tags; and statuses.
/// </summary>
public sealed class RunCompleter : QuietCompleter
{
    // How many run ids to offer, and how many runs to search.
    private const int Shown = 50;
    private const int Searched = 500;

    private protected override IEnumerable<(string Text, string Tip)> Candidates(CompletionContext context)
    {
        switch (context.Parameter.ToUpperInvariant())
        {
            case "STATUS":
                return Enum.GetValues<DagRunStatus>().Select(status => (status.ToName(), status.ToName()));
            case "DAGNAME":
                var recent = Recent(context, Searched);
                return recent.Concat(recent.Count < Searched ? [] : LastOfEach(context, DagSession.Names))
                    .Select(run => (run.Path, $"last run {run.Status.ToName()}, {DagText.Age(run.StartedAt)}"));
            case "TAG":
                return Recent(context, Searched)
                    .SelectMany(run => run.Tags.Select(tag => (tag, $"on {run.Path}, {DagText.Age(run.StartedAt)}")));
            default:
                return Ids(context);
        }
    }

    // If there is no run to choose, say so: for an empty list PowerShell would offer file names.
    private protected override IReadOnlyList<CompletionResult> Results(CompletionContext context, string? word)
    {
        var found = base.Results(context, word);
        if (found.Count > 0 || context.Word.Length > 0)
            return found;
        var none = context.Parameter.Equals("DagName", StringComparison.OrdinalIgnoreCase) ? "no run is kept"
            : FittingRuns.NoneOf(context.Cmdlet);
        return none is null ? found : [new CompletionResult(" ", none, CompletionResultType.Text, none)];
    }

    private static IEnumerable<(string Text, string Tip)> Ids(CompletionContext context) =>
        (context.Word.Length == 0 ? Fitting(context, Shown) : Typed(context))
            .Select(run => (run.RunId, $"{run.Path}, {run.Status.ToName()}, {DagText.Age(run.StartedAt)}"));

    // If only one run's id begins with what was typed, the store finds it, however old it is. If several do, search the newest runs.
    private static List<StoredRun> Typed(CompletionContext context)
    {
        if (context.Cmdlet.Equals("Suspend-DagRun", StringComparison.OrdinalIgnoreCase))
            return Fitting(context, Searched);
        try
        {
            using var store = context.Store();
            return store.FindRun(context.Word) is { } run ? [run] : Fitting(context, Shown);
        }
        catch (DagException)
        {
            return Fitting(context, Searched);
        }
    }

    // If the cmdlet accepts none of the runs, and another cmdlet may be meant, offer all of them with their statuses.
    private static List<StoredRun> Fitting(CompletionContext context, int most) =>
        Read(context, store => FittingRuns.Find(context.Cmdlet, store, most)) is var fitting
            && (fitting.Count > 0 || FittingRuns.NoneOf(context.Cmdlet) is not null)
                ? fitting
                : Recent(context, most);

    private static List<StoredRun> Recent(CompletionContext context, int most) =>
        Read(context, store => [.. store.FindRuns(new RunQuery { First = most })]);

    // A DAG of this session may have run only before the runs that are searched.
    private static List<StoredRun> LastOfEach(CompletionContext context, IEnumerable<string> names) => Read(context, store =>
    [
        .. names.SelectMany(name => store.FindRuns(new RunQuery { DagNames = [WildcardPattern.Escape(name)], First = 1 })),
    ]);

    // If the database cannot be read, it offers none.
    private static List<StoredRun> Read(CompletionContext context, Func<DagProvenance, List<StoredRun>> read)
    {
        try
        {
            using var store = context.Store();
            return read(store);
        }
        catch (DagException)
        {
            return [];
        }
    }
}
