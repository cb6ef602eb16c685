using System.Collections;
using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Errors;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Hosting;
using Lythonic.Dag.Runs;

namespace Lythonic.Dag.Commands;

/// <summary>Runs a DAG.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "Dag", SupportsShouldProcess = true, DefaultParameterSetName = DagSet)]
[OutputType(typeof(DagRun))]
[OutputType(typeof(Job))]
public sealed class InvokeDagCommand : DagRunCmdlet
{
    private const string DagSet = "Dag";
    private const string PipelineSet = "Pipeline";

    /// <summary>The DAG.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = DagSet)]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = PipelineSet)]
    [DagTransformation]
    public Dag Dag { get; set; } = null!;

    /// <summary>Source input: by label, or by parameter name.</summary>
    [Parameter(Position = 1, ParameterSetName = DagSet)]
    [Parameter(Position = 0, ParameterSetName = PipelineSet)]
    [Alias("Inputs")]
    [RefuseCode]
    [ArgumentCompleter(typeof(KeyCompleter))]
    public IDictionary? SourceInput { get; set; }

    /// <summary>What to do if a run of a DAG of this name is live: begin beside it, refuse, or wait until it ends.</summary>
    [Parameter]
    public DagOverlap Overlap { get; set; }

    /// <summary>The labels of the wanted nodes. They and the nodes that they need run; all others are omitted.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(LabelCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Target { get; set; }

    /// <summary>Restart the newest run of the DAG if it has not completed; otherwise begin a new run.</summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <inheritdoc/>
    internal override IDictionary? Input => SourceInput;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        // If there is a second processor, a worker opens while the commands before this one make the DAG.
        if (Dag is not null || Environment.ProcessorCount > 1)
            OpenWorkerAhead();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => OrThrow(() =>
    {
        DagTransformationAttribute.Require(Dag, "Invoke-Dag");
        OpenWorkerAhead();
        var store = OpenStore();
        var launcher = new RunLauncher(this, Dag, store);
        var options = Options(Dag) with
        {
            Overlap = Overlap,
            Targets = Target ?? [],
            UnfinishedRunsShownBy = $"Get-DagRun -DagName {Completions.Quoted(WildcardPattern.Escape(Dag.Name))} "
                + $"-Status failed, paused, cancelled, interrupted{Advice.Database(DatabaseFile.NameOf(store))}",
        };
        var planner = new DagRunner(Dag, store, launcher.WithPlanSeams(options));
        var plan = Resume ? planner.PrepareResume() : planner.PrepareRun();
        RunWarnings.Write(this, Dag, options);
        if (plan.Resumed is { } resumed)
            WarnOfUnusedInput(resumed.RunId, plan.UnusedInput, store);
        else if (options.Targets.Count == 0)
            RunWarnings.WriteEdges(this, Dag, options);
        if (IsWhatIf)
            WritePlan(plan);
        else if (ShouldProcess(Dag.Name, "Run the DAG"))
            launcher.RunAndWrite(options, AsJob, (runner, stop) => runner.ExecuteAsync(plan, stop));
    });

    private void WritePlan(RunPlan plan)
    {
        if (plan.Resumed is { } resumed)
        {
            var done = plan.Nodes.Count(node => node.Action != PlannedAction.Run);
            WriteInformation(new OwnInformation(GoingOn.Say(resumed, done, plan.Nodes.Count)).Message, [OwnInformation.Shown]);
        }

        WritePlan(plan.Nodes);
    }

    private void OpenWorkerAhead()
    {
        if (!Inline)
            RunLauncher.OpenWorkerAhead(this, Dag);
    }
}
