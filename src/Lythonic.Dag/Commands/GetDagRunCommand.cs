using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Loading;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Runs;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Commands;

/// <summary>Finds stored runs, newest first.</summary>
[Cmdlet(VerbsCommon.Get, "DagRun", DefaultParameterSetName = "Query")]
[OutputType(typeof(DagRun))]
public sealed class GetDagRunCommand : DagCmdlet
{
    private int _written;

    /// <summary>The ids of the runs; a unique prefix is enough.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [RunReference]
    [ArgumentCompleter(typeof(RunCompleter))]
    [ValidateNotNull]
    public string[] RunId { get; set; } = [];

    /// <summary>The names of the DAGs; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RunCompleter))]
    [ValidateNotNull]
    public string[] DagName { get; set; } = [];

    /// <summary>The statuses of the runs.</summary>
    [Parameter]
    [ValidateSet("running", "paused", "failed", "completed", "cancelled", "interrupted")]
    [ValidateNotNull]
    public string[] Status { get; set; } = [];

    /// <summary>How many runs to write at most.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; }

    /// <summary>Write only runs that began at this time or later.</summary>
    [Parameter]
    public DateTimeOffset? Since { get; set; }

    /// <summary>Write only runs that began at this time or earlier.</summary>
    [Parameter]
    public DateTimeOffset? Until { get; set; }

    /// <summary>Write only runs that have one of these tags.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(RunCompleter))]
    [ValidateNotNull]
    public string[] Tag { get; set; } = [];

    /// <summary>Write sub-runs too.</summary>
    [Parameter]
    public SwitchParameter IncludeChild { get; set; }

    /// <summary>The path of the database file.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? DatabasePath { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => OrWrite(() =>
    {
        var store = StoreLoader.Open(DatabaseFile.Resolve(this, DatabasePath), false);
        var reader = new RunReader(store, new JsonValueCodec(new PowerShellValueAdapter())) { IncludesSubRuns = IncludeChild };
        foreach (var id in RunId)
            OrWrite(() => WriteIfMeant(StoredRuns.Find(store, id), store, reader));
        // No error: what has not run yet has no file.
        if (RunId.Length == 0 && !File.Exists(store.Location))
            WriteVerbose($"There is no file {store.Location}: the first run makes it.");
        if (RunId.Length == 0)
            OrThrow(() => WriteObject(store.FindRuns(Query()).Select(reader.FromStored), enumerateCollection: true));
    });

    // The other parameters restrict named runs too. Whoever names a sub-run means it.
    private void WriteIfMeant(StoredRun run, DagProvenance store, RunReader reader)
    {
        var isRestricted = DagName.Length + Status.Length + Tag.Length > 0 || Since is not null || Until is not null;
        if ((First > 0 && _written >= First)
            || (isRestricted && !store.FindRuns(Query() with { RunIds = [run.RunId], First = null, IncludeSubRuns = true }).Any()))
            return;
        _written++;
        WriteObject(reader.FromStored(run));
    }

    private RunQuery Query() => new()
    {
        DagNames = DagName,
        Statuses = [.. Status.Select(status => StatusNames.ParseRun(status.ToLowerInvariant()))],
        Tags = Tag,
        Since = Since,
        Until = Until,
        First = First > 0 ? First : null,
        IncludeSubRuns = IncludeChild,
    };
}
