using System.Collections;
using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Errors;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Loading;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Runs;

namespace Lythonic.Dag.Commands;

/// <summary>The base of the cmdlets that run a DAG. It has the parameters for the options of a run.</summary>
public abstract class DagRunCmdlet : DagInvokeCmdlet
{
    private string? _database;

    /// <summary>The path of the database file that keeps the run.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? DatabasePath { get; set; }

    /// <summary>Do not store the run. It can then be neither restarted nor replayed.</summary>
    [Parameter]
    public SwitchParameter NoProvenance { get; set; }

    /// <summary>How many nodes may be in flight at once.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int ThrottleLimit { get; set; } = Environment.ProcessorCount;

    /// <summary>After a failure, still run every node that is not downstream of it.</summary>
    [Parameter]
    public SwitchParameter ContinueOnFailure { get; set; }

    /// <summary>Scriptblocks or methods by label. In this run, those nodes run them instead of their own code.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(KeyCompleter))]
    public IDictionary? Override { get; set; }

    /// <summary>What a commit survives: a killed process (Normal), or a power cut too (Full).</summary>
    [Parameter]
    public DagDurability Durability { get; set; }

    /// <summary>Words by which <c>Get-DagRun -Tag</c> finds the run.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(RunCompleter))]
    public string[]? Tag { get; set; }

    /// <summary>Ignore <c>-Reuse</c> of nodes: run their code even if an earlier output could be reused.</summary>
    [Parameter]
    public SwitchParameter NoReuse { get; set; }

    /// <summary>Run the DAG as a job and write the job.</summary>
    [Parameter]
    public SwitchParameter AsJob { get; set; }

    /// <summary>The source input. The cmdlets declare the parameter themselves, because its position differs.</summary>
    internal abstract IDictionary? Input { get; }

    /// <summary>Opens the store that keeps the run.</summary>
    internal DagProvenance OpenStore() => NoProvenance
        ? new NullProvenance()
        : IdleStores.Take(_database = DatabaseFile.Resolve(this, DatabasePath), Durability == DagDurability.Full);

    /// <summary>Hands the open store to the next run. From now on this run only reads from it.</summary>
    internal override void RunEnded(DagProvenance store)
    {
        if (_database is { } path)
            IdleStores.Keep(path, Durability == DagDurability.Full, store);
    }

    /// <summary>Warns of source input for nodes that have completed: they do not run again, so it is not used.</summary>
    /// <param name="runId">The id of the run that goes on or is replayed.</param>
    /// <param name="labels">The labels of those nodes.</param>
    /// <param name="store">The store that holds the run.</param>
    internal void WarnOfUnusedInput(string runId, IReadOnlyList<string> labels, DagProvenance store)
    {
        foreach (var label in labels)
        {
            WriteWarning(
                $"The node '{label}' is completed and does not run again, so the source input that you gave for it is not used. "
                + $"To run it again with that input, use Invoke-DagReplay {RunIds.Short(runId)} -Node {Completions.Quoted(label)} "
                + $"-IncludeDownstream{Advice.Database(DatabaseFile.NameOf(store))}");
        }
    }

    /// <summary>The options of the run that come from the parameters; <see cref="RunLauncher"/> adds the seams.</summary>
    internal DagRunOptions Options(Dag dag)
    {
        var overrides = new Dictionary<string, NodeCode>(StringComparer.OrdinalIgnoreCase);
        foreach (var (label, code) in CodeResolver.WithTextKeys(Override, "-Override", DagErrorId.DagNodeDuplicate))
            overrides[dag[label].Label] = CodeResolver.FromAny(this, code, $"-Override of the node '{label}'");
        return new DagRunOptions
        {
            ThrottleLimit = ThrottleLimit,
            ContinueOnFailure = ContinueOnFailure,
            Overrides = overrides,
            Inline = Inline,
            NoReuse = NoReuse,
            // A variable that is not set gives a tag that is null.
            Tags = [.. (Tag ?? []).Where(static tag => tag is not null)],
            SourceInput = Input,
            LogsNodes = IsVerbose,
        };
    }
}
