using System.Collections;
using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Loading;

namespace Lythonic.Dag.Commands;

/// <summary>What the cmdlets that run a DAG share: the options of a run.</summary>
public abstract class DagRunCmdlet : DagInvokeCmdlet
{
    private string? _database;

    /// <summary>The database.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? DatabasePath { get; set; }

    /// <summary>Keep nothing; the run can be neither restarted nor replayed.</summary>
    [Parameter]
    public SwitchParameter NoProvenance { get; set; }

    /// <summary>How many nodes are in flight at once.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int ThrottleLimit { get; set; } = Environment.ProcessorCount;

    /// <summary>Run every node that is not downstream of a failure.</summary>
    [Parameter]
    public SwitchParameter ContinueOnFailure { get; set; }

    /// <summary>What nodes run instead of their own code, for this run: label to scriptblock or method.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(KeyCompleter))]
    public IDictionary? Override { get; set; }

    /// <summary>Full: each commit is synced to the disk. Normal: a killed process loses nothing.</summary>
    [Parameter]
    public DagDurability Durability { get; set; }

    /// <summary>Labels to find the run by.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(RunCompleter))]
    public string[]? Tag { get; set; }

    /// <summary>Run the nodes that would take over earlier outputs.</summary>
    [Parameter]
    public SwitchParameter NoReuse { get; set; }

    /// <summary>Run as a job.</summary>
    [Parameter]
    public SwitchParameter AsJob { get; set; }

    /// <summary>Source input; each cmdlet gives it a place of its own.</summary>
    internal abstract IDictionary? Input { get; }

    /// <summary>The store that the run is kept in.</summary>
    internal DagProvenance OpenStore() => NoProvenance
        ? new NullProvenance()
        : IdleStores.Take(_database = DatabaseFile.Resolve(this, DatabasePath), Durability == DagDurability.Full);

    /// <summary>Leaves the store to the next run, as nothing is done in it any more but reading.</summary>
    internal override void RunEnded(DagProvenance store)
    {
        if (_database is { } path)
            IdleStores.Keep(path, Durability == DagDurability.Full, store);
    }

    /// <summary>The options of the run, without the seams.</summary>
    internal DagRunOptions Options(Dag dag)
    {
        var overrides = new Dictionary<string, NodeCode>(StringComparer.OrdinalIgnoreCase);
        foreach (var (label, code) in CodeResolver.WithTextKeys(Override, "-Override", DagErrorId.DagNodeDuplicate))
            overrides[dag[label].Label] = CodeResolver.FromAny(this, code);
        return new DagRunOptions
        {
            ThrottleLimit = ThrottleLimit,
            ContinueOnFailure = ContinueOnFailure,
            Overrides = overrides,
            Inline = Inline,
            NoReuse = NoReuse,
            Tags = Tag ?? [],
            SourceInput = Input,
            LogsNodes = IsVerbose,
        };
    }
}
