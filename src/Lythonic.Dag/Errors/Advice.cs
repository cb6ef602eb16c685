using System.Management.Automation.Language;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Runs;
using Lythonic.Dag.Sessions;

namespace Lythonic.Dag.Errors;

/// <summary>Says in PowerShell's terms what a user can do about an error of the engine or of the store.</summary>
internal static class Advice
{
    private const string Comment = " # ";
    private const string SameLine = "Run the same line again";

    /// <summary>The recommended action of an error, of each of its problems; or <see langword="null"/>.</summary>
    public static string? For(DagException error)
    {
        var actions = error.Problems.Count > 1 ? error.Problems.Select(For).OfType<string>().Distinct().ToList() : [];
        return actions.Count > 0 ? string.Join(' ', actions) : For(error.Id, error.Remedy, error.RecommendedAction);
    }

    /// <summary>The recommended action of a problem, or <see langword="null"/>.</summary>
    public static string? For(DagProblem problem) => For(problem.ErrorId, problem.Remedy, problem.RecommendedAction);

    /// <summary>
    /// What is added to the message of an error if the error is about one node of one run, because many users see only the message. It says
    /// what to do in a few words; how to do it is in the recommended action, which the same view may show.
    /// </summary>
    public static string InMessage(DagException error) => Joined(error, Outline);

    /// <summary>As <see cref="InMessage"/>, in full, for a message that has another recommended action.</summary>
    public static string InFull(DagException error) => Joined(error, remedy => Outline(remedy) is null ? null : Say(remedy));

    private static string Joined(DagException error, Func<DagRemedy, string?> say)
    {
        var remedies = error.Problems.Count > 0 ? error.Problems.Select(problem => problem.Remedy) : [error.Remedy];
        var said = remedies.OfType<DagRemedy>().Select(say).OfType<string>().Distinct();
        return string.Concat(said.Select(text => " " + text));
    }

    /// <summary>
    /// What continues a run that has ended; <see langword="null"/> if there is nothing, because the run is completed, running or a sub-run,
    /// or was stopped downstream.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="isFed">Whether its elements came from a pipeline. Such a run can be restarted only in its own session.</param>
    /// <param name="database">The database, if the command must name it; or <see langword="null"/>.</param>
    /// <param name="nodes">Its nodes, of which a failed map may need more than the command; or <see langword="null"/>.</param>
    public static string? GoOn(
        StoredRun run, Func<bool> isFed, string? database = null,
        Func<IEnumerable<(string Label, NodeKind Kind, ErrorCounts Errors)>>? nodes = null) =>
        run.Status is DagRunStatus.Completed or DagRunStatus.Running || run.ParentRunId is not null || run.IsStoppedDownstream ? null
            : MapRuns.Find(run.RunId) is not null ? Restart(run, database)
            : !isFed() ? Restart(run, database) + (nodes is null ? "" : IfChanged(run.FailedNode, run.Error, nodes()))
            : LineAgain(run);

    private static string LineAgain(StoredRun run) => MapRuns.HasReuse(run.RunId) switch
    {
        true => SameLine,
        false => SameLine + "; nothing is reused",
        null => SameLine + ", if it has -Reuse",
    };

    private static string Restart(StoredRun run, string? database) => $"Restart-DagRun {ShortId(run)}{Database(database)}";

    /// <summary>
    /// What follows the command that restarts a run in which a map failed, also one inside a sub-DAG, or was stopped after some of its
    /// elements had failed, as a comment, so that the command works as it stands. All its elements have the same code: who mends it has
    /// changed those that completed too, and a restart refuses that without <c>-Force</c>.
    /// </summary>
    /// <param name="failed">The label of the node that failed; <see langword="null"/> if the run was stopped.</param>
    /// <param name="error">The error of the run, which begins with the path of what failed; or <see langword="null"/>.</param>
    /// <param name="nodes">The nodes of the run, without those that are done.</param>
    public static string IfChanged(
        string? failed, string? error, IEnumerable<(string Label, NodeKind Kind, ErrorCounts Errors)> nodes)
    {
        var map = nodes.FirstOrDefault(node => (failed ?? node.Label).Equals(node.Label, StringComparison.OrdinalIgnoreCase)
            && ((node.Kind == NodeKind.Map && node.Errors.Failed > 0 && node.Errors.Elements > node.Errors.Failed)
                || (failed is not null && node.Kind.IsComposite() && IsOfMapInside(failed, error ?? ""))));
        return map.Label is null ? "" : $"{Comment}with -Force if the code of '{map.Label}' changed";
    }

    /// <summary>A command without the comment that may follow it.</summary>
    public static string WithoutComment(string way) => way.Split(Comment, 2)[0];

    // Whether what failed is an element inside the node: "call/each[2]/price: …", or "feeds[north]/each[2]: …".
    private static bool IsOfMapInside(string label, string error)
    {
        if (!error.StartsWith(label, StringComparison.OrdinalIgnoreCase))
            return false;
        var path = error[label.Length..].Split(": ")[0];
        var inside = path.IndexOf('/', path.StartsWith('[') ? Math.Max(0, path.IndexOf(']', StringComparison.Ordinal)) : 0);
        return inside >= 0 && path.IndexOf('[', inside) >= 0;
    }

    /// <summary>
    /// What runs again what had errors in a run that completed all the same: the elements of its maps that failed, or else the nodes that
    /// wrote errors; <see langword="null"/> if there is nothing, or for a sub-run.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="nodes">Its nodes: their labels, kinds and errors.</param>
    /// <param name="database">The database, if the command must name it; or <see langword="null"/>.</param>
    /// <returns>The command, or what to do in words; and what it runs again.</returns>
    public static (string Way, string What)? Again(
        StoredRun run, Func<IEnumerable<(string Label, NodeKind Kind, ErrorCounts Errors)>> nodes, string? database = null)
    {
        if (run.Status != DagRunStatus.Completed || run.ParentRunId is not null || run.Errors.All == 0)
            return null;
        var all = nodes().ToList();
        var hasFailed = all.Exists(node => node.Kind == NodeKind.Map && node.Errors.Failed > 0);
        var what = hasFailed ? "failed elements" : "nodes with errors";
        if (FedDag.IsOf(all.Select(node => node.Kind)))
            return (LineAgain(run), what);
        // Elements that failed in a map inside a sub-DAG cannot be named: their node runs again as a whole.
        var some = string.Join(", ", all.Where(node => node.Errors.All > 0).Select(node => Completions.Quoted(node.Label)));
        return hasFailed ? (Replay("-FailedOnly"), what) : some.Length > 0 ? (Replay($"-Node {some}"), what) : null;

        string Replay(string which) => $"Invoke-DagReplay {ShortId(run)} {which} -IncludeDownstream{Database(database)}";
    }

    /// <summary>What runs again what had errors, as a sentence.</summary>
    /// <param name="again">The result of <see cref="Again"/>.</param>
    /// <param name="end">The end of what introduces a command.</param>
    public static string AgainSentence((string Way, string What) again, string end = "") =>
        GoOnSentence(again.Way, $"Run the {again.What} again{end}");

    /// <summary>How to continue, as a sentence: a command is introduced, and what is said in words stands alone.</summary>
    /// <param name="way">The result of <see cref="GoOn"/>.</param>
    /// <param name="before">What introduces a command.</param>
    public static string GoOnSentence(string way, string before = "Go on with") =>
        way.StartsWith(SameLine, StringComparison.Ordinal) ? way : $"{before}: {way}";

    /// <summary>The beginning of a run's id that is enough to name it. The ids of root runs are random.</summary>
    public static string ShortId(StoredRun run) =>
        run.ParentRunId is null && Guid.TryParseExact(run.RunId, "D", out _) ? run.RunId[..8] : run.RunId;

    /// <summary>The parameter that names a database; nothing for the default one.</summary>
    public static string Database(string? database) =>
        database is null ? "" : $" -DatabasePath '{CodeGeneration.EscapeSingleQuotedStringContent(database)}'";

    private static string? For(DagErrorId id, DagRemedy? remedy, string? action) => id switch
    {
        _ when remedy is not null => Say(remedy),
        DagErrorId.DagDatabaseInvalid or DagErrorId.DagDatabaseNewer or DagErrorId.DagDatabaseBusy when action is not null =>
            $"{action} -DatabasePath or $env:LYTHONIC_DAG_DB names the file.",
        _ => action,
    };

    private static string? Outline(DagRemedy remedy) => remedy.Kind switch
    {
        DagRemedyKind.ReplayNode => $"Run the node '{remedy.Node}' again.",
        DagRemedyKind.ReplaySomeNodes => "Run some of its nodes again, or the DAG anew.",
        DagRemedyKind.ReplayFailedElements => "Run the elements that failed again, or the DAG anew.",
        DagRemedyKind.GiveSourceInput => "Give it again with -SourceInput.",
        DagRemedyKind.NameNode => $"The node '{remedy.Node}' has this parameter: write {InputOf(remedy)}.",
        DagRemedyKind.MapAgain => "Run the line with Invoke-DagMap again, with -Reuse.",
        DagRemedyKind.MendThenRestart => "Once that is mended, Restart-DagRun goes on with it.",
        _ => null,
    };

    private static string Say(DagRemedy remedy) => remedy.Kind switch
    {
        DagRemedyKind.UseStore => "Run the DAG with a database: leave -NoProvenance out.",
        DagRemedyKind.ListRuns => "List the runs with Get-DagRun, or name the database that holds it with -DatabasePath.",
        DagRemedyKind.LookAtRun => "See what became of it with Get-DagRun.",
        DagRemedyKind.ReplayFailedElements =>
            $"Use {OfRun("Invoke-DagReplay", remedy, " -FailedOnly -IncludeDownstream")}; or Invoke-Dag.",
        DagRemedyKind.ReplaySomeNodes when remedy.Nodes.Count > 0 =>
            $"Use {Replay(remedy, NodesOf(remedy), "IncludeDownstream")}; or Invoke-Dag.",
        DagRemedyKind.ReplaySomeNodes => $"Use {Replay(remedy, "…")}, for a map with -FailedOnly, "
            + "which takes only the elements that failed; or Invoke-Dag.",
        DagRemedyKind.ReplayNode => $"Use {Replay(remedy, Completions.Quoted(remedy.Node!), "IncludeDownstream")}",
        DagRemedyKind.ReplayItsNode => "Run its node again with Invoke-DagReplay.",
        DagRemedyKind.GiveDagOfRun => $"Give the DAG '{remedy.Node}' with -Dag. "
            + "With -Force the run would go on as a run of the DAG that you gave, which is a different one.",
        DagRemedyKind.KeepOutputs => $"Keep their stored outputs with {OfRun("Restart-DagRun", remedy, " -Force")}, "
            + $"or run them again with {Replay(remedy, NodesOf(remedy), "IncludeDownstream")}",
        DagRemedyKind.GiveSourceInput => $"Use -SourceInput {InputOf(remedy)}",
        DagRemedyKind.NameSource =>
            "Give source input by label, @{ label = @{ Parameter = value } }, or by the name of a source's parameter.",
        DagRemedyKind.NameNode =>
            $"The node '{remedy.Node}' has upstreams. Give input for it by its label: -SourceInput {InputOf(remedy)}.",
        DagRemedyKind.FillSourceParameter => $"Give it with -SourceInput {InputOf(remedy)}, or with -Parameter of Add-DagNode.",
        DagRemedyKind.FillParameter => $"Say which with Connect-DagNode -Parameter {remedy.Parameter}, or give it with -Parameter.",
        DagRemedyKind.ConnectParameter => $"Say which with Connect-DagNode -Parameter {remedy.Parameter}.",
        DagRemedyKind.ChooseOverload =>
            "Declare the types of the upstreams, fill parameters with -Parameter, or pass a MethodInfo or a scriptblock.",
        DagRemedyKind.DeclareList => "Declare a list type, such as [OutputType([string[]])], or use -Call.",
        DagRemedyKind.NameOneUpstream => "Name one upstream with -After; collect several in a node of their own first.",
        DagRemedyKind.ChooseOneBranch =>
            "Give the name of one branch and nothing else; drop what other commands emit with $null = ….",
        DagRemedyKind.WaitOrPause => "Wait for it to end, or ask it to pause with Suspend-DagRun.",
        DagRemedyKind.ForceOrBeginAnew => $"Keep their stored outputs with {OfRun("Restart-DagRun", remedy, " -Force")}, "
            + $"or begin anew: without -Resume, or after {OfRun("Remove-DagRun", remedy)}.",
        DagRemedyKind.WaitForTurn => "Wait for it to end, which -Overlap Wait does; or ask it to pause with Suspend-DagRun.",
        DagRemedyKind.MapAgain => $"Use … | Invoke-DagMap {{ … }} -Name '{remedy.Node}' -Reuse: {NotAgain(remedy)}",
        DagRemedyKind.MendThenTryAgain => $"{remedy.Mend}, then try again, or name another file with -DatabasePath.",
        DagRemedyKind.MendThenRestart =>
            $"{remedy.Mend}, then go on with: {OfRun("Restart-DagRun", remedy)}. What had not completed runs again.",
        DagRemedyKind.MendThenMapAgain => $"{remedy.Mend}, then run the same line again: {NotAgain(remedy)}",
        DagRemedyKind.TakeOver => "Wait for it to end, or restart it on that machine. "
            + "If that machine or process is gone for good, take the run over with Restart-DagRun -Force.",
        _ => remedy.ToString(),
    };

    private static string Replay(DagRemedy remedy, string nodes, string? option = null) =>
        OfRun("Invoke-DagReplay", remedy, $" -Node {nodes}{(option is null ? "" : $" -{option}")}");

    private static string NodesOf(DagRemedy remedy) =>
        remedy.Nodes.Count == 0 ? "…" : string.Join(", ", remedy.Nodes.Select(Completions.Quoted));

    private static string OfRun(string cmdlet, DagRemedy remedy, string arguments = "") =>
        $"{cmdlet} {RunIds.Short(remedy.RunId!)}{arguments}{Database(DatabaseFile.NameOf(remedy.Database))}";

    private static string NotAgain(DagRemedy remedy) => (remedy.HasReuse ?? MapRuns.HasReuse(remedy.RunId!)) switch
    {
        true => "what has completed is not run again.",
        false => "it had no -Reuse, so all elements run again.",
        null => "what completed in a run that had -Reuse is not run again; if this run had none, all elements run again.",
    };

    private static string InputOf(DagRemedy remedy) =>
        remedy.Parameter is null
            ? $"@{{ {remedy.Node} = … }}"
            : $"@{{ {remedy.Node} = @{{ {remedy.Parameter} = … }} }}";
}
