using System.Management.Automation;
using Lythonic.Dag.Hosting;

namespace Lythonic.Dag.Commands;

/// <summary>The base of the cmdlets that run nodes. They can be stopped, and write the plan of the run for <c>-WhatIf</c>.</summary>
public abstract class DagStoppableCmdlet : DagCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SecondInterrupt _second = new();

    /// <summary>Cancels the run; <c>Ctrl+C</c> triggers it.</summary>
    internal CancellationTokenSource StopSource => _stop;

    /// <summary>Cancels the closing nodes that still run after that; a second <c>Ctrl+C</c> triggers it.</summary>
    internal CancellationToken StopClosing => _second.Token;

    /// <summary>Whether the pipeline was stopped, as <c>Ctrl+C</c> does. A command downstream that takes no more stops nothing.</summary>
    internal bool IsInterrupted { get; private set; }

    /// <summary>Whether verbose output is on, by <c>-Verbose</c> or by <c>$VerbosePreference</c>.</summary>
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

    /// <summary>Ends what still runs. The pipeline may dispose of the cmdlet before its end, as <c>Select-Object -First</c> does.</summary>
    private protected virtual void EndRun()
    {
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        IsInterrupted = true;
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

    /// <summary>Called when the run that the cmdlet waited for has ended. From then on the run only reads from its store.</summary>
    internal virtual void RunEnded(DagProvenance store)
    {
    }

    /// <summary>Writes a <c>-WhatIf</c> line for each node: what would be done with it, and why.</summary>
    internal void WritePlan(IEnumerable<PlannedNode> plan)
    {
        foreach (var node in plan)
            ShouldProcess($"{node.Action}: node '{node.Label}', because {node.Reason}", null, null);
    }
}
