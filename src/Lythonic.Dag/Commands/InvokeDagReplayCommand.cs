using System.Collections;
using System.Management.Automation;
using Lythonic.Dag.Binding;

namespace Lythonic.Dag.Commands;

/// <summary>Makes a new run that runs the named nodes again and reuses the old run's outputs for the rest.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "DagReplay", SupportsShouldProcess = true)]
[OutputType(typeof(DagRun))]
[OutputType(typeof(Job))]
public sealed class InvokeDagReplayCommand : DagRunCmdlet
{
    /// <summary>The old run; a unique prefix of its id is enough.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RunCompleter))]
    public string RunId { get; set; } = "";

    /// <summary>The nodes to run again.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ArgumentCompleter(typeof(LabelCompleter))]
    public string[] Node { get; set; } = [];

    /// <summary>The DAG; where it is left out, the one of the run's name that was made in this session.</summary>
    [Parameter]
    public Dag? Dag { get; set; }

    /// <summary>Run all that lies downstream of the named nodes too.</summary>
    [Parameter]
    public SwitchParameter IncludeDownstream { get; set; }

    /// <summary>Source input over the stored one.</summary>
    [Parameter]
    public IDictionary? SourceInput { get; set; }

    /// <inheritdoc/>
    internal override IDictionary? Input => SourceInput;

    /// <inheritdoc/>
    protected override void ProcessRecord() => OrThrow(() =>
    {
        var store = OpenStore();
        var run = StoredRuns.Find(store, RunId);
        var dag = Dag ?? StoredRuns.DagOf(run);
        var launcher = new RunLauncher(this, dag, store);
        var options = Options(dag) with { IncludeDownstream = IncludeDownstream };
        if (IsWhatIf)
            WritePlan(new DagRunner(dag, store, launcher.Plan(options)).PlanReplay(run.RunId, Node));
        else if (ShouldProcess(run.RunId, $"Replay the nodes {string.Join(", ", Node)} of the run"))
            launcher.RunAndWrite(options, (runner, stop) => runner.ReplayAsync(run.RunId, Node, stop));
    });
}
