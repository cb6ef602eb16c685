using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Runs;

namespace Lythonic.Dag.Commands;

/// <summary>Makes a new run that runs the named nodes again and reuses the old run's outputs for the rest.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "DagReplay", SupportsShouldProcess = true, DefaultParameterSetName = NodeSet)]
[OutputType(typeof(DagRun))]
[OutputType(typeof(Job))]
public sealed class InvokeDagReplayCommand : DagStoredRunCmdlet
{
    private const string NodeSet = "Node";
    private const string FailedSet = "FailedOnly";

    /// <summary>
    /// The labels of the nodes to run again. With <c>-FailedOnly</c> it may be left out: then all maps with elements that did not complete.
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = NodeSet)]
    [Parameter(Position = 1, ParameterSetName = FailedSet)]
    [ArgumentCompleter(typeof(LabelCompleter))]
    [ValidateNotNull]
    public string[] Node { get; set; } = [];

    /// <summary>Also run every node downstream of the named ones.</summary>
    [Parameter]
    public SwitchParameter IncludeDownstream { get; set; }

    /// <summary>In the named maps, run only the elements that did not complete, and reuse the outputs of the others.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FailedSet)]
    public SwitchParameter FailedOnly { get; set; }

    /// <inheritdoc/>
    internal override void Continue(StoredRun run, Dag dag, DagProvenance store)
    {
        var launcher = new RunLauncher(this, dag, store);
        var options = Options(dag) with { IncludeDownstream = IncludeDownstream, FailedOnly = FailedOnly };
        var nodes = IsGiven(nameof(Node)) ? Node : MapsToRun(run, store);
        var plan = new DagRunner(dag, store, launcher.WithPlanSeams(options)).PrepareReplay(run.RunId, nodes);
        WarnOfUnusedInput(run.RunId, plan.UnusedInput, store);
        WarnOfStale(plan.Nodes);
        Warn(dag, options, () => plan.Nodes);
        if (IsWhatIf)
            WritePlan(plan.Nodes);
        else if (ShouldProcess(run.RunId, $"Replay the nodes {string.Join(", ", nodes)} of the run"))
            launcher.RunAndWrite(options, AsJob, (runner, stop) => runner.ExecuteAsync(plan, stop));
    }

    private string[] MapsToRun(StoredRun run, DagProvenance store) => FailedOnly ? FailedElements.MapsOf(run, store)
        : throw new DagException(
            DagErrorId.DagInputMissing,
            "No node is named, and without -FailedOnly a replay needs one.",
            nameof(Node),
            "Name the nodes to run again with -Node.");

    // Nothing shows that a reused output was made from an old value. Users who did not intend that need a warning.
    private void WarnOfStale(IReadOnlyList<PlannedNode> plan)
    {
        var stale = plan.Where(node => node.IsStale).Select(node => node.Label).ToList();
        if (stale.Count > 0)
            WriteWarning(
                $"Downstream of what runs again, these nodes keep outputs that were made from the old values: {LabelList.Join(stale)}. "
                    + $"-IncludeDownstream runs them too.");
    }
}
