using System.Management.Automation;
using Lythonic.Dag.Hosting;

namespace Lythonic.Dag.Commands;

/// <summary>What the cmdlets that run nodes share: they can be stopped, can run inline, and say beforehand what they would do.</summary>
public abstract class DagInvokeCmdlet : DagCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SecondInterrupt _second = new();

    /// <summary>Run every node on the caller's own thread and in the caller's own session.</summary>
    [Parameter]
    public SwitchParameter Inline { get; set; }

    /// <summary>Stops the run.</summary>
    internal CancellationTokenSource StopSource => _stop;

    /// <summary>Stops the closing nodes that run after that.</summary>
    internal CancellationToken StopClosing => _second.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Dispose();
        _second.Dispose();
        GC.SuppressFinalize(this);
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
