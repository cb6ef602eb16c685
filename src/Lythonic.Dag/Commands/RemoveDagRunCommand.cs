using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Errors;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Internal;
using Lythonic.Dag.Loading;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Runs;

namespace Lythonic.Dag.Commands;

/// <summary>Removes runs and their sub-runs from the database. A live run is never removed.</summary>
[Cmdlet(VerbsCommon.Remove, "DagRun", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = ById)]
public sealed class RemoveDagRunCommand : DagCmdlet
{
    private const string ById = "RunId";
    private const string ByAge = "OlderThan";
    private const string ByCount = "KeepLast";

    // With what PowerShell puts in front, a line of -WhatIf fits 80 columns.
    private const int MostOfName = 18;

    /// <summary>The ids of the runs; a unique prefix is enough.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ById)]
    [RunReference]
    [ArgumentCompleter(typeof(RunCompleter))]
    [ValidateNotNull]
    public string[] RunId { get; set; } = [];

    /// <summary>Remove the runs that began longer ago than this: a timespan, or a text with a unit, such as <c>30d</c>.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByAge)]
    [SecondsTransformation(NeedsUnit = true)]
    [ValidateSpan(AllowZero = true)]
    public TimeSpan OlderThan { get; set; }

    /// <summary>
    /// How many of the newest runs to keep, of all DAGs together. With <c>-OlderThan</c>, only runs that are also older are removed.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = ByCount)]
    [Parameter(ParameterSetName = ByAge)]
    [ValidateRange(0, int.MaxValue)]
    public int KeepLast { get; set; }

    /// <summary>The path of the database file.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? DatabasePath { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => OrWrite(() =>
    {
        using var store = StoreLoader.Open(DatabaseFile.Resolve(this, DatabasePath), false);
        var doomed = new List<string>();
        if (ParameterSetName == ById)
        {
            foreach (var id in RunId)
                OrWrite(() => Choose(doomed, StoredRuns.Find(store, id), explicitly: true));
        }
        else
        {
            OrThrow(() =>
            {
                foreach (var run in Doomed(store))
                    Choose(doomed, run, explicitly: false);
            });
        }

        // Call this even without a run to remove: it finishes an earlier removal whose process was killed.
        if (doomed.Count > 0 || !IsWhatIf)
            OrThrow(() => store.RemoveRuns(doomed));
    });

    private IEnumerable<StoredRun> Doomed(DagProvenance store)
    {
        if (ParameterSetName == ByCount)
            return store.FindRuns(new RunQuery()).Skip(KeepLast);
        var now = DateTimeOffset.UtcNow;
        var until = OlderThan < now - DateTimeOffset.MinValue ? now - OlderThan : DateTimeOffset.MinValue;
        return KeepLast == 0
            ? store.FindRuns(new RunQuery { Until = until })
            : store.FindRuns(new RunQuery()).Skip(KeepLast).Where(run => run.StartedAt <= until);
    }

    private void Choose(List<string> doomed, StoredRun run, bool explicitly)
    {
        if (run.ParentRunId is { } parent)
            throw new DagException(
                DagErrorId.DagRunNotFound,
                $"The run {run.RunId} is a sub-run of {parent}.",
                run.RunId,
                "Remove the run that contains it.");
        if (run.Status == DagRunStatus.Running)
        {
            if (explicitly)
                throw new DagException(
                    DagErrorId.DagRunOwned,
                    $"The run {run.RunId} is running in {run.Owner}, and is not removed.",
                    run.RunId,
                    "Wait for it to end, or pause it with Suspend-DagRun. If its machine is gone for good, take it over with "
                        + "Restart-DagRun -Force first.");
            return;
        }

        var named = $"{GoingOn.Named(Advice.ShortId(run), run.StartedAt)}: '{DagText.Middle(run.Path, MostOfName)}', {run.Status.ToName()}";
        if (ShouldProcess($"Remove run {named}", $"Are you sure you want to remove the run {named}?", "Confirm"))
            doomed.Add(run.RunId);
    }
}
