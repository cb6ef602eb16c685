using System.Management.Automation;

namespace Lythonic.Dag.Commands;

/// <summary>What the cmdlets that run nodes share: they can be stopped, can run inline, and say beforehand what they would do.</summary>
public abstract class DagInvokeCmdlet : DagCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Run every node on the caller's own thread and in the caller's own session.</summary>
    [Parameter]
    public SwitchParameter Inline { get; set; }

    /// <summary>Stops the run.</summary>
    internal CancellationTokenSource StopSource => _stop;

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The cmdlet was done already.
        }
    }

    /// <summary>Writes what would be done with each node.</summary>
    internal void WritePlan(IEnumerable<PlannedNode> plan)
    {
        foreach (var node in plan)
            ShouldProcess($"{node.Action}: node '{node.Label}', because {node.Reason}", null, null);
    }
}
