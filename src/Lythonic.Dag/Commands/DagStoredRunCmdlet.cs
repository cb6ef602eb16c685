using System.Collections;
using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Errors;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Runs;

namespace Lythonic.Dag.Commands;

/// <summary>The base of the cmdlets that start from a stored run: restart and replay.</summary>
public abstract class DagStoredRunCmdlet : DagRunCmdlet
{
    private bool _isFirst = true;
    private ErrorRecord? _held;

    /// <summary>The id of the run; a unique prefix is enough.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [RunReference]
    [ArgumentCompleter(typeof(RunCompleter))]
    public string RunId { get; set; } = "";

    /// <summary>The DAG. If it is left out, the DAG of the run's name that was made in this session.</summary>
    [Parameter]
    [DagTransformation]
    public Dag? Dag { get; set; }

    /// <summary>Source input that takes precedence over the input that is stored with the run.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(KeyCompleter))]
    public IDictionary? SourceInput { get; set; }

    /// <inheritdoc/>
    internal sealed override IDictionary? Input => SourceInput;

    /// <summary>Restarts or replays the run.</summary>
    /// <param name="run">The stored run.</param>
    /// <param name="dag">Its DAG.</param>
    /// <param name="store">The store that holds it.</param>
    internal abstract void Continue(StoredRun run, Dag dag, DagProvenance store);

    /// <summary>
    /// Writes the warnings of <c>Test-Dag</c> for the nodes that will run, and warns if a script file is newer than the DAG that it
    /// defined.
    /// </summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="options">The options of the run.</param>
    /// <param name="plan">Makes the plan of the run; called only if there is something to warn of.</param>
    internal void Warn(Dag dag, DagRunOptions options, Func<IReadOnlyList<PlannedNode>> plan)
    {
        RunWarnings.WriteStale(this, dag);
        var running = new Lazy<HashSet<string>>(
            () => plan()
                .Where(node => node.Action == PlannedAction.Run)
                .Select(node => node.Label)
                .ToHashSet(StringComparer.OrdinalIgnoreCase));
        RunWarnings.Write(this, dag, options, label => running.Value.Contains(label));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        WriteHeld();
        try
        {
            Continue();
        }
        catch (DagException error)
        {
            Fail(ErrorRecords.From(error));
        }

        _isFirst = false;
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_held is { } only)
            ThrowTerminatingError(only);
    }

    private void Continue()
    {
        var store = OpenStore();
        var run = StoredRuns.FindRoot(store, RunId);
        var dag = FedDag.IsOf(run, store) ? DagOfMap(run)
            : Dag is null ? StoredRuns.DagOf(run)
            : DagTransformationAttribute.Require(Dag, "-Dag");
        try
        {
            Continue(run, dag, store);
        }
        catch (DagException error) when (error.Id == DagErrorId.DagValueNotRestorable
            && StoredRuns.Removed(store, run) is { } removed)
        {
            throw removed;
        }
    }

    /// <summary>The DAG of a run of <c>Invoke-DagMap</c>, whose elements came from a pipeline.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagRunNotRestartable"/>: the run cannot be restarted or replayed.</exception>
    internal virtual Dag DagOfMap(StoredRun run) => throw FedDag.NotReplayable(run);

    // If one run was given and cannot be restarted, the cmdlet ends with its error. If several were given, the others still run. Only the
    // next input shows which case it is.
    private void Fail(ErrorRecord error)
    {
        if (!_isFirst)
            WriteError(error);
        else if (MyInvocation.ExpectingInput)
            _held = error;
        else
            ThrowTerminatingError(error);
    }

    private void WriteHeld()
    {
        if (_held is not { } error)
            return;
        _held = null;
        WriteError(error);
    }
}
