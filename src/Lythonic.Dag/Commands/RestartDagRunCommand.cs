using System.Management.Automation;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Commands;

/// <summary>Goes on with a run that was paused, failed, cancelled or interrupted.</summary>
[Cmdlet(VerbsLifecycle.Restart, "DagRun", SupportsShouldProcess = true)]
[OutputType(typeof(DagRun))]
[OutputType(typeof(Job))]
public sealed class RestartDagRunCommand : DagStoredRunCmdlet
{
    /// <summary>
    /// Keep the stored outputs of completed nodes that have changed since; take the run from a process on another machine.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    internal override void Continue(StoredRun run, Dag dag, DagProvenance store)
    {
        var launcher = new RunLauncher(this, dag, store);
        var options = Options(dag) with { Force = Force };
        var plan = new DagRunner(dag, store, launcher.Plan(options)).PrepareRestart(run.RunId);
        WarnOfUnusedInput(run, plan.UnusedInput);
        Warn(dag, options, () => plan.Nodes);
        if (IsWhatIf)
            WritePlan(plan.Nodes);
        else if (ShouldProcess(run.RunId, "Restart the run"))
            launcher.RunAndWrite(options, AsJob, (runner, stop) => runner.ExecuteAsync(plan, stop));
    }
}
