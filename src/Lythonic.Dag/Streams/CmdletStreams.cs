using System.Management.Automation;
using System.Management.Automation.Remoting.Internal;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// Writes what a node wrote to the caller's streams. Errors, information and host output are passed on as they are: an error has the node's path as its
/// property <c>DagNode</c>, an information record as a tag. Warnings, verbose and debug lines, which are bare text, begin with the node's label.
/// </summary>
internal sealed class CmdletStreams(PSCmdlet cmdlet) : IStreamTarget
{
    /// <inheritdoc/>
    public void Write(DagContext context, object? record)
    {
        switch (record)
        {
            case ErrorRecord error:
                Attribute(error, context);
                if (IsNativeLine(error) && StopsAtErrors())
                {
                    // What a native command writes to its stderr stops nothing, anywhere in PowerShell.
                    cmdlet.Host.UI.WriteErrorLine(error.ToString());
                    break;
                }

                // WriteError would put the cmdlet in the place of the command that the error comes from.
                new PSStreamObject(PSStreamObjectType.Error, error).WriteStreamObject(cmdlet, false);
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
        }
    }

    /// <summary>Says on an error which node wrote it.</summary>
    public static void Attribute(ErrorRecord error, DagContext context)
    {
        var members = PSObject.AsPSObject(error).Properties;
        if (members["DagNode"] is null)
            members.Add(new PSNoteProperty("DagNode", $"{context.Path}/{context.NodeLabel}"));
    }

    /// <inheritdoc/>
    public void WriteProgress(ProgressRecord record) => cmdlet.WriteProgress(record);

    /// <inheritdoc/>
    public void CallInline(ScriptBlock script, CallFrame frame) => cmdlet.SessionState.InvokeCommand.InvokeScript(true, script, null, frame);

    private static bool IsNativeLine(ErrorRecord error) =>
        error.FullyQualifiedErrorId is "NativeCommandError" or "NativeCommandErrorMessage";

    private bool StopsAtErrors() =>
        (cmdlet.MyInvocation.BoundParameters.TryGetValue("ErrorAction", out var action) ? action : cmdlet.SessionState.PSVariable.GetValue("ErrorActionPreference"))
            ?.ToString() == nameof(ActionPreference.Stop);
}
