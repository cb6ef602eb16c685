namespace Lythonic.Dag;

/// <summary>
/// What a user can do about an error, as data. Its text is for a C# program. A host with commands of its own, such as the PowerShell
/// module, writes a text that names those.
/// </summary>
/// <param name="Kind">What to do.</param>
internal sealed record DagRemedy(DagRemedyKind Kind)
{
    /// <summary>The run that it is about, or <see langword="null"/>.</summary>
    public string? RunId { get; init; }

    /// <summary>The label of the node, or the name of the DAG, that it is about; or <see langword="null"/>.</summary>
    public string? Node { get; init; }

    /// <summary>The labels of the nodes that it is about, if there may be several; otherwise empty.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>The parameter that it is about, or <see langword="null"/>.</summary>
    public string? Parameter { get; init; }

    /// <summary>What a user can do about the fault of a database, without its full stop; or <see langword="null"/>.</summary>
    public string? Mend { get; init; }

    /// <summary>The database of the run, or <see langword="null"/>.</summary>
    public string? Database { get; init; }

    /// <summary>Whether outputs of the run can be reused; <see langword="null"/> if that is not known.</summary>
    public bool? HasReuse { get; init; }

    /// <summary>The remedy for a C# program.</summary>
    public override string ToString() => Kind switch
    {
        DagRemedyKind.UseStore => "Give the runner a store that keeps runs.",
        DagRemedyKind.ListRuns => "List the runs with FindRuns, or open the database that holds it.",
        DagRemedyKind.LookAtRun => "See what became of it with FindRun.",
        DagRemedyKind.ReplayFailedElements =>
            $"Run the elements of {RunId} that failed again with ReplayAsync and FailedOnly, or run the DAG anew.",
        DagRemedyKind.ReplaySomeNodes => $"Run some nodes of {RunId} again with ReplayAsync, or run the DAG anew.",
        DagRemedyKind.ReplayNode => $"Replay the node '{Node}' of the run {RunId} with IncludeDownstream.",
        DagRemedyKind.ReplayItsNode => "Run its node again with ReplayAsync.",
        DagRemedyKind.GiveDagOfRun => $"Give the DAG '{Node}'. With the option Force the run goes on as a run of the DAG that you gave.",
        DagRemedyKind.KeepOutputs =>
            $"Restart the run {RunId} by the option Force, which keeps their stored outputs, or run them again with ReplayAsync.",
        DagRemedyKind.GiveSourceInput =>
            $"Give {(Parameter is null ? "it" : $"'{Parameter}'")} again in the option SourceInput, under '{Node}'.",
        DagRemedyKind.NameSource =>
            "Give source input by the label of a source, as a dictionary by parameter, or by the name of a parameter.",
        DagRemedyKind.NameNode => $"The node '{Node}' has upstreams, so give '{Parameter}' under its label.",
        DagRemedyKind.FillSourceParameter => $"Give it in the source input, under '{Node}' and '{Parameter}', or in the node's Constants.",
        DagRemedyKind.FillParameter => $"Name '{Parameter}' where the edge is made, by Connect, or give it in the node's Constants.",
        DagRemedyKind.ConnectParameter => $"Name '{Parameter}' where the edge is made, by Connect.",
        DagRemedyKind.ChooseOverload => "Declare the types of the upstreams, fill parameters by Constants, or pass a MethodInfo.",
        DagRemedyKind.DeclareList => "Declare a list type, or use a call node.",
        DagRemedyKind.NameOneUpstream => "Name one upstream; collect several in a node of their own first.",
        DagRemedyKind.ChooseOneBranch => "Give the name of one branch and nothing else.",
        DagRemedyKind.WaitOrPause => "Wait for it to end, or ask it to pause with RequestPause.",
        DagRemedyKind.ForceOrBeginAnew =>
            $"Restart the run {RunId} by the option Force, which keeps their stored outputs, or begin anew with RunAsync.",
        DagRemedyKind.WaitForTurn => "Wait for it to end, by the option Overlap too; or ask it to pause with RequestPause.",
        DagRemedyKind.MapAgain => $"Hand the elements of '{Node}' over again, with reuse of what has completed.",
        DagRemedyKind.MendThenTryAgain => $"{Mend}, then try again, or name another file.",
        DagRemedyKind.MendThenRestart => $"{Mend}, then restart the run {RunId}.",
        DagRemedyKind.MendThenMapAgain => $"{Mend}, then hand the elements of '{Node}' over again.",
        DagRemedyKind.TakeOver => "Wait for it to end, or restart it on that machine. "
            + "If that machine or process is gone for good, take the run over by the option Force.",
        _ => throw new InvalidOperationException($"There are no words for {Kind}."),
    };
}
