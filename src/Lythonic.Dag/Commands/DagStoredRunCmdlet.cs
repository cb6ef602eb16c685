using System.Collections;
using System.Management.Automation;
using Lythonic.Dag.Binding;
using Lythonic.Dag.Errors;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Commands;

/// <summary>What the cmdlets that take up a stored run share.</summary>
public abstract class DagStoredRunCmdlet : DagRunCmdlet
{
    private bool _isFirst = true;
    private ErrorRecord? _held;

    /// <summary>The run; a unique prefix of its id is enough.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RunCompleter))]
    public string RunId { get; set; } = "";

    /// <summary>The DAG; where it is left out, the one of the run's name that was made in this session.</summary>
    [Parameter]
    [DagTransformation]
    public Dag? Dag { get; set; }

    /// <summary>Source input over the stored one.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(KeyCompleter))]
    public IDictionary? SourceInput { get; set; }

    /// <inheritdoc/>
    internal sealed override IDictionary? Input => SourceInput;

    /// <summary>Takes the run up.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dag">Its DAG.</param>
    /// <param name="store">The store that holds it.</param>
    internal abstract void Continue(StoredRun run, Dag dag, DagProvenance store);

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

    /// <summary>Says of the DAG what <c>Test-Dag</c> warns of in nodes that run, and where its script file is newer than it.</summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="options">How it is run.</param>
    /// <param name="plan">What is done with each node; asked for where there is something to say of one.</param>
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
        Continue(
            run,
            FedDag.IsOf(run, store) ? DagOfMap(run)
                : Dag is null ? StoredRuns.DagOf(run)
                : DagTransformationAttribute.Require(Dag, "-Dag"),
            store);
    }

    /// <summary>The DAG of a run whose elements came from a pipeline.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagRunNotRestartable"/>: it cannot be taken up.</exception>
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
