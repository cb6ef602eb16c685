using System.Management.Automation;
using Lythonic.Dag.Errors;

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
                cmdlet.WriteError(NodePlace.Keep(error));
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
}
