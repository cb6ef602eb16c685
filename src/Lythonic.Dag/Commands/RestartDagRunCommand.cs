using System.Management.Automation;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Runs;
using Lythonic.Dag.Sessions;

namespace Lythonic.Dag.Commands;

/// <summary>Continues a run that was paused, failed, cancelled or interrupted.</summary>
[Cmdlet(VerbsLifecycle.Restart, "DagRun", SupportsShouldProcess = true)]
[OutputType(typeof(DagRun))]
[OutputType(typeof(Job))]
public sealed class RestartDagRunCommand : DagStoredRunCmdlet
{
    /// <summary>
    /// Keep the stored outputs of completed nodes even if their code has changed since, and take the run over from a process on another
    /// machine.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    internal override void Continue(StoredRun run, Dag dag, DagProvenance store)
    {
        var launcher = new RunLauncher(this, dag, store);
        var left = MapRuns.Find(run.RunId)?.ForRestart(run, store, launcher.Codec);
        if (left is not null && Override is { Count: > 0 })
            throw NoOverride(dag);
        var options = Options(dag) with { Force = Force, Feed = left?.Feed };
        var plan = new DagRunner(dag, store, launcher.WithPlanSeams(options)).PrepareRestart(run.RunId);
        WarnOfUnusedInput(run.RunId, plan.UnusedInput, store);
        Warn(dag, options, () => plan.Nodes);
        if (IsWhatIf)
            WritePlan(plan.Nodes);
        else if (ShouldProcess(run.RunId, "Restart the run"))
        {
            if (left is not null)
                MapRuns.Remember(run.RunId, left);
            launcher.RunAndWrite(options, AsJob, (runner, stop) => runner.ExecuteAsync(plan, stop));
        }
    }

    /// <inheritdoc/>
    internal override Dag DagOfMap(StoredRun run) =>
        run.Status != DagRunStatus.Completed && MapRuns.Find(run.RunId) is { } left
            ? left.Dag
            : throw FedDag.NotRestartable(run);

    private static DagException NoOverride(Dag dag) => new(
        DagErrorId.DagTypeMismatch,
        $"The nodes of '{dag.Name}' take what came through a pipeline and cannot run other code.",
        dag.Name,
        "Leave -Override out.");
}
