using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Loading;

namespace Lythonic.Dag.Commands;

/// <summary>Asks a live run, in any process, to pause.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "DagRun")]
public sealed class SuspendDagRunCommand : DagCmdlet
{
    /// <summary>The run; a unique prefix of its id is enough.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RunCompleter))]
    public string RunId { get; set; } = "";

    /// <summary>The database.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? DatabasePath { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => OrWrite(() =>
    {
        using var store = StoreLoader.Open(DatabaseFile.Resolve(this, DatabasePath), false);
        store.RequestPause(StoredRuns.Find(store, RunId).RunId);
    });
}
