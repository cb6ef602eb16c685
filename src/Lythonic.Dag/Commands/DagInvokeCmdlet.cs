using System.Management.Automation;

namespace Lythonic.Dag.Commands;

/// <summary>The base of the cmdlets that can run nodes in the caller's own session.</summary>
public abstract class DagInvokeCmdlet : DagStoppableCmdlet
{
    /// <summary>Run every node on the caller's own thread and in the caller's own session.</summary>
    [Parameter]
    public SwitchParameter Inline { get; set; }
}
