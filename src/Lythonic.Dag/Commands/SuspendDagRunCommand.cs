using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Errors;
using Lythonic.Dag.Hosting;
using Lythonic.Dag.Loading;
using Lythonic.Dag.Runs;

namespace Lythonic.Dag.Commands;

/// <summary>Asks a live run, in any process, to pause.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "DagRun", DefaultParameterSetName = OnlyLiveSet)]
public sealed class SuspendDagRunCommand : DagCmdlet
{
    private const string RunIdSet = "RunId";
    private const string OnlyLiveSet = "OnlyLive";

    /// <summary>The id of the run; a unique prefix is enough. If it is left out, the only run that is running.</summary>
    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = RunIdSet)]
    [RunReference]
    [ArgumentCompleter(typeof(RunCompleter))]
    public string RunId { get; set; } = "";

    /// <summary>The path of the database file.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? DatabasePath { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => OrWrite(() =>
    {
        using var store = StoreLoader.Open(DatabaseFile.Resolve(this, DatabasePath), false);
        var isNamed = ParameterSetName == RunIdSet;
        var run = isNamed ? StoredRuns.Find(store, RunId) : StoredRuns.FindOnlyLive(store);
        store.RequestPause(run.RunId);
        var said = $"The run {Advice.ShortId(run)} of '{run.DagName}' is asked to pause.";
        if (isNamed)
            WriteVerbose(said);
        else
            WriteInformation(new OwnInformation(said).Message, [OwnInformation.Shown]);
    });
}
