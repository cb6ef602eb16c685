using System.Collections;
using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Commands;

/// <summary>What the cmdlets that take up a stored run share.</summary>
public abstract class DagStoredRunCmdlet : DagRunCmdlet
{
    private bool _isDatabaseNamed;

    /// <summary>The run; a unique prefix of its id is enough.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RunCompleter))]
    public string RunId { get; set; } = "";

    /// <summary>The DAG; where it is left out, the one of the run's name that was made in this session.</summary>
    [Parameter]
    public Dag? Dag { get; set; }

    /// <summary>Source input over the stored one.</summary>
    [Parameter]
    public IDictionary? SourceInput { get; set; }

    /// <inheritdoc/>
    internal sealed override IDictionary? Input => SourceInput;

    /// <summary>Takes the run up.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dag">Its DAG.</param>
    /// <param name="store">The store that holds it.</param>
    internal abstract void TakeUp(StoredRun run, Dag dag, DagProvenance store);

    /// <summary>Says which nodes are given source input that the run does not use, because they are done.</summary>
    /// <param name="run">The run.</param>
    /// <param name="labels">The nodes.</param>
    internal void WarnOfUnusedInput(StoredRun run, IReadOnlyList<string> labels)
    {
        foreach (var label in labels)
        {
            WriteWarning(
                $"The node '{label}' is completed and does not run again, so the source input that is given for it is not used. "
                + $"To run it again with that, use Invoke-DagReplay {run.RunId} -Node {label} -IncludeDownstream.");
        }
    }

    /// <inheritdoc/>
    protected override void BeginProcessing() => _isDatabaseNamed = MyInvocation.BoundParameters.ContainsKey(nameof(DatabasePath));

    /// <inheritdoc/>
    protected override void ProcessRecord() => OrThrow(() =>
    {
        // A run from the pipeline names its database, and one that was not kept has none.
        if (!_isDatabaseNamed && MyInvocation.BoundParameters.ContainsKey(nameof(DatabasePath)) && string.IsNullOrEmpty(DatabasePath))
            throw StoredRuns.NotKept(RunId);
        var store = OpenStore();
        var run = StoredRuns.FindRoot(store, RunId);
        TakeUp(run, Dag ?? StoredRuns.DagOf(run), store);
    });
}
