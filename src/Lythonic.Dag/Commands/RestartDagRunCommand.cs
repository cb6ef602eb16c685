using System.Collections;
using System.Management.Automation;
using Lythonic.Dag.Binding;

namespace Lythonic.Dag.Commands;

/// <summary>Goes on with a run that was paused, failed, cancelled or interrupted.</summary>
[Cmdlet(VerbsLifecycle.Restart, "DagRun", SupportsShouldProcess = true)]
[OutputType(typeof(DagRun))]
[OutputType(typeof(Job))]
public sealed class RestartDagRunCommand : DagRunCmdlet
{
    /// <summary>The run; a unique prefix of its id is enough.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RunCompleter))]
    public string RunId { get; set; } = "";

    /// <summary>The DAG; where it is left out, the one of the run's name that was made in this session.</summary>
    [Parameter]
    public Dag? Dag { get; set; }

    /// <summary>Source input over the stored one.</summary>
    [Parameter]
    public IDictionary? SourceInput { get; set; }

    /// <summary>Keep the stored outputs of completed nodes that have changed since.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    internal override IDictionary? Input => SourceInput;

    /// <inheritdoc/>
    protected override void ProcessRecord() => OrThrow(() =>
    {
        var store = OpenStore();
        var run = StoredRuns.Find(store, RunId);
        var dag = Dag ?? StoredRuns.DagOf(run);
        var launcher = new RunLauncher(this, dag, store);
        var options = Options(dag) with { Force = Force };
        if (IsWhatIf)
            WritePlan(new DagRunner(dag, store, launcher.Plan(options)).PlanRestart(run.RunId));
        else if (ShouldProcess(run.RunId, "Restart the run"))
            launcher.RunAndWrite(options, (runner, stop) => runner.RestartAsync(run.RunId, stop));
    });
}
