using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Loading;
using Lythonic.Dag.Runs;

namespace Lythonic.Dag.Commands;

/// <summary>Asks a live run, in any process, to pause.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "DagRun")]
public sealed class SuspendDagRunCommand : DagCmdlet
{
    /// <summary>The id of the run; a unique prefix is enough.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RunCompleter))]
    public string RunId { get; set; } = "";

    /// <summary>The path of the database file.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? DatabasePath { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => OrWrite(() =>
    {
        using var store = StoreLoader.Open(DatabaseFile.Resolve(this, DatabasePath), false);
        store.RequestPause(StoredRuns.Find(store, RunId).RunId);
    });
}
