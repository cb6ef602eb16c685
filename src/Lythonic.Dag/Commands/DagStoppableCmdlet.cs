using System.Management.Automation;
using Lythonic.Dag.Hosting;

namespace Lythonic.Dag.Commands;

/// <summary>What the cmdlets that run nodes share: they can be stopped, and say beforehand what they would do.</summary>
public abstract class DagStoppableCmdlet : DagCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SecondInterrupt _second = new();

    /// <summary>Stops the run.</summary>
    internal CancellationTokenSource StopSource => _stop;

    /// <summary>Stops the closing nodes that run after that.</summary>
    internal CancellationToken StopClosing => _second.Token;

    /// <summary>Whether <c>-Verbose</c> holds.</summary>
    internal bool IsVerbose => MyInvocation.BoundParameters.TryGetValue("Verbose", out var given)
        ? ((SwitchParameter)given).IsPresent
        : $"{SessionState.PSVariable.GetValue("VerbosePreference")}" is "Continue" or "Inquire";

    /// <inheritdoc/>
    public void Dispose()
    {
        EndRun();
        _stop.Dispose();
        _second.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends what still runs, as the pipeline has gone on without the cmdlet.</summary>
    private protected virtual void EndRun()
    {
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        _second.Listen();
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The cmdlet had already finished.
        }
    }

    /// <summary>The run that the cmdlet waited for has ended, and its store is used to read alone.</summary>
    internal virtual void RunEnded(DagProvenance store)
    {
    }

    /// <summary>Writes what would be done with each node.</summary>
    internal void WritePlan(IEnumerable<PlannedNode> plan)
    {
        foreach (var node in plan)
            ShouldProcess($"{node.Action}: node '{node.Label}', because {node.Reason}", null, null);
    }
}
