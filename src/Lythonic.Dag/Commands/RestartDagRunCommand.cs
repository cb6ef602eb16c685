using System.Management.Automation;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Commands;

/// <summary>Goes on with a run that was paused, failed, cancelled or interrupted.</summary>
[Cmdlet(VerbsLifecycle.Restart, "DagRun", SupportsShouldProcess = true)]
[OutputType(typeof(DagRun))]
[OutputType(typeof(Job))]
public sealed class RestartDagRunCommand : DagStoredRunCmdlet
{
    /// <summary>Keep the stored outputs of completed nodes that have changed since; take the run from a process on another machine.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    internal override void TakeUp(StoredRun run, Dag dag, DagProvenance store)
    {
        var launcher = new RunLauncher(this, dag, store);
        var options = Options(dag) with { Force = Force };
        var planner = new DagRunner(dag, store, launcher.Plan(options));
        WarnOfUnusedInput(run, planner.FindUnusedInput(run.RunId));
        Warn(dag, options, () => planner.PlanRestart(run.RunId));
        if (IsWhatIf)
            WritePlan(planner.PlanRestart(run.RunId));
        else if (ShouldProcess(run.RunId, "Restart the run"))
            launcher.RunAndWrite(options, AsJob, (runner, stop) => runner.RestartAsync(run.RunId, stop));
    }
}
