using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// Writes to a cmdlet's streams what a node decided to write, whatever the preferences of the cmdlet are. It does so in a nested script,
/// which has the redirections and stream variables of the cmdlet, but under which all streams are on and none stops the cmdlet.
/// </summary>
internal sealed class UnfilteredStreams(PSCmdlet cmdlet)
{
    private const string Step = """
        param($__write)
        & { [CmdletBinding()] param($__write) end { $__write.Invoke($PSCmdlet) } } -__write $__write -Verbose -Debug `
            -ErrorAction Continue -WarningAction Continue -InformationAction Continue
        """;

    // This is not static, because a scriptblock belongs to the session that runs it first.
    private readonly ScriptBlock _step = ScriptBlock.Create(Step);

    /// <summary>Writes.</summary>
    /// <param name="write">Writes with the cmdlet that it is given.</param>
    public void Write(Action<PSCmdlet> write)
    {
        using var step = _step.GetSteppablePipeline(CommandOrigin.Internal, [write]);
        step.Begin(cmdlet);
        step.End();
    }
}
