using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Errors;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Export;
using Lythonic.Dag.Hosting;
using Lythonic.Dag.Loading;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Runs;
using Lythonic.Dag.Values;
using Lythonic.Dag.Watching;

namespace Lythonic.Dag.Commands;

/// <summary>Shows a run of any process, live, until it ends.</summary>
[Cmdlet(VerbsCommon.Watch, "DagRun")]
[OutputType(typeof(DagRun))]
public sealed class WatchDagRunCommand : DagCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>The id of the run; a unique prefix is enough. If it is left out, the newest run that is running.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [RunReference]
    [ArgumentCompleter(typeof(RunCompleter))]
    [ValidateNotNullOrEmpty]
    public string? RunId { get; set; }

    /// <summary>The path of the database file.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? DatabasePath { get; set; }

    /// <summary>Write a line for each change instead of drawing a screen.</summary>
    [Parameter]
    public SwitchParameter Plain { get; set; }

    /// <summary>Write the run at the end.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    /// <inheritdoc/>
    protected override void ProcessRecord() => OrWrite(() =>
    {
        using var store = StoreLoader.Open(DatabaseFile.Resolve(this, DatabasePath), false);
        var seen = Watch(store, RunId is null ? StoredRuns.FindLive(store) : StoredRuns.Find(store, RunId));
        if (PassThru)
            WriteObject(new RunReader(store, new JsonValueCodec(new PowerShellValueAdapter())).FromStored(seen));
    });

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The cmdlet had already finished.
        }
    }

    private StoredRun Watch(DagProvenance store, StoredRun run)
    {
        using var screen = WatchScreens.Open(this, Plain, WriteLine);
        var watch = new RunWatch(
            store, run, TimeProvider.System, element => ElementName.OfInput(store, element), keepsAll: screen is PlainScreen);
        var seen = new WatchLoop(watch.Read, screen, () => Pause(store, run), TimeProvider.System).Run(_stop.Token)
            ?? throw StoredRuns.NotFound(store, run.RunId);
        if (!_stop.IsCancellationRequested)
            screen.Leave(seen, Advise(store, seen.Run));
        return seen.Run;
    }

    private static (bool IsAsked, string Notice) Pause(DagProvenance store, StoredRun run)
    {
        try
        {
            store.RequestPause(run.RunId);
            var way = Advice.GoOn(run with { Status = DagRunStatus.Paused }, () => FedDag.IsOf(run, store), DatabaseFile.NameOf(store));
            var goOn = way is null ? "" : "\n" + Advice.GoOnSentence(way, "Go on later");
            return (true, $"It pauses: what is in flight finishes, and nothing starts.{goOn}");
        }
        catch (DagException error)
        {
            return (false, error.Message);
        }
    }

    // The lines of -Plain end with the end of a completed run.
    private string? Advise(DagProvenance store, StoredRun run)
    {
        var named = DatabaseFile.NameOf(store);
        return run.Status == DagRunStatus.Running
            ? $"It is still running. See it again: Watch-DagRun {Advice.ShortId(run)}{Advice.Database(named)}"
            : Advice.GoOn(
                run, () => FedDag.IsOf(run, store), named,
                () => store.GetNodeRuns(run).Where(node => !NodeRestoration.IsDone(node))
                    .Select(node => (node.Label, node.Kind, node.Errors))) is { } way
                ? Advice.GoOnSentence(way, "Go on")
            : !Plain && Advice.Again(
                run, () => store.GetNodeRuns(run).Select(node => (node.Label, node.Kind, node.Errors)), named) is { } again
                ? Advice.AgainSentence(again)
            : null;
    }

    // Writes a line as Write-Host does.
    private void WriteLine(string text) => WriteInformation(new OwnInformation(text).Message, [OwnInformation.Shown]);
}
