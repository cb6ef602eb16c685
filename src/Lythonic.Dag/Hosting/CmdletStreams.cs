using System.Management.Automation;
using System.Management.Automation.Language;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// Writes what a node wrote to the caller's streams. Errors, information and host output are passed on as they are: their records say where they
/// come from. Warnings, verbose and debug lines, which are bare text, begin with the node's label.
/// </summary>
internal sealed class CmdletStreams(PSCmdlet cmdlet) : IStreamTarget
{
    /// <inheritdoc/>
    public void Write(DagContext context, object? record)
    {
        switch (record)
        {
            case ErrorRecord error:
                cmdlet.WriteError(AtItsPlace(error));
                break;
            case WarningRecord warning:
                cmdlet.WriteWarning($"[{context.NodeLabel}] {warning.Message}");
                break;
            case VerboseRecord verbose:
                cmdlet.WriteVerbose($"[{context.NodeLabel}] {verbose.Message}");
                break;
            case DebugRecord debug:
                cmdlet.WriteDebug($"[{context.NodeLabel}] {debug.Message}");
                break;
            case InformationRecord information:
                information.Tags.Add($"{context.Path}/{context.NodeLabel}");
                cmdlet.WriteInformation(information);
                break;
            case ProgressRecord progress:
                cmdlet.WriteProgress(progress);
                break;
        }
    }

    /// <inheritdoc/>
    public void WriteProgress(ProgressRecord record) => cmdlet.WriteProgress(record);

    /// <inheritdoc/>
    public void CallInline(ScriptBlock script, CallFrame frame) => cmdlet.SessionState.InvokeCommand.InvokeScript(true, script, null, frame);

    // WriteError puts the cmdlet's own line in the place of the node's, and spares only a position that is set for display.
    private static ErrorRecord AtItsPlace(ErrorRecord error)
    {
        var copy = new ErrorRecord(error, null);
        if (copy.InvocationInfo is { DisplayScriptPosition: null, ScriptLineNumber: > 0 } invocation)
        {
            var line = invocation.Line ?? "";
            invocation.DisplayScriptPosition = new ScriptExtent(
                new ScriptPosition(invocation.ScriptName, invocation.ScriptLineNumber, invocation.OffsetInLine, line),
                new ScriptPosition(invocation.ScriptName, invocation.ScriptLineNumber, line.Length + 1, line));
        }

        return copy;
    }
}
