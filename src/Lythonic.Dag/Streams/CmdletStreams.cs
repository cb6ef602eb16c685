using System.Management.Automation;
using System.Management.Automation.Remoting.Internal;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// Writes what a node wrote to the caller's streams. Errors, information and host output are passed on as they are: an error has the node's
/// path as its property <c>DagNode</c>, an information record has it as a tag. Warnings, verbose and debug messages are bare text, so they
/// begin with the node's name.
/// </summary>
internal sealed class CmdletStreams(PSCmdlet cmdlet) : IStreamTarget
{
    private readonly UnfilteredStreams _own = new(cmdlet);

    // While an inline node runs, the session's errors are redirected to the node's streams. An error written in a step of its own would
    // come back here.
    private Queue<Action<PSCmdlet>>? _waiting;

    /// <inheritdoc/>
    /// <remarks>
    /// A node has the preferences that the cmdlet was called with. If it writes a record all the same, the node decided so, for instance by
    /// <c>-Verbose</c> of a command, and the record is written. Lines that a native command writes to its stderr are written too; nowhere
    /// in PowerShell do they stop anything.
    /// </remarks>
    public void Write(DagContext context, object? record)
    {
        switch (record)
        {
            case ErrorRecord error:
                Attribute(error, context);
                // WriteError would name this cmdlet as the command that the error comes from.
                Write(
                    !CommonParameters.Stops(cmdlet, "ErrorActionPreference"),
                    to => new PSStreamObject(PSStreamObjectType.Error, error).WriteStreamObject(to, false),
                    isError: true);
                break;
            case WarningRecord warning:
                Write(
                    !CommonParameters.Stops(cmdlet, "WarningPreference"),
                    to => to.WriteWarning($"[{NodePlaces.Of(context)}] {warning.Message}"));
                break;
            case VerboseRecord verbose:
                Write(
                    CommonParameters.Decides(cmdlet, "VerbosePreference"),
                    to => to.WriteVerbose($"[{NodePlaces.Of(context)}] {verbose.Message}"));
                break;
            case OwnVerbose own:
                cmdlet.WriteVerbose(own.Text);
                break;
            case OwnInformation own:
                Write(
                    !CommonParameters.Stops(cmdlet, "InformationPreference"),
                    to => to.WriteInformation(own.Message, [OwnInformation.Shown]));
                break;
            case DebugRecord debug:
                Write(
                    CommonParameters.Decides(cmdlet, "DebugPreference"),
                    to => to.WriteDebug($"[{NodePlaces.Of(context)}] {debug.Message}"));
                break;
            case InformationRecord information:
                WriteInformation(information, context, isDecided: true);
                break;
            case ShownInformation { Record: var shown }:
                WriteInformation(shown, context, CommonParameters.Decides(cmdlet, "InformationPreference"));
                break;
        }
    }

    /// <inheritdoc/>
    public void WriteStopped(DagContext context, object? record) => new HostLines(cmdlet.Host.UI).Write(context, record);

    /// <summary>Adds to an error the path of the node that wrote it, and the host.</summary>
    public static void Attribute(ErrorRecord error, DagContext context)
    {
        var members = PSObject.AsPSObject(error).Properties;
        if (members["DagNode"] is null)
            members.Add(new PSNoteProperty("DagNode", $"{context.Path}/{context.NodeLabel}"));
        if (context.HostName is { } host && members["DagHost"] is null)
            members.Add(new PSNoteProperty("DagHost", host));
    }

    /// <inheritdoc/>
    public void WriteProgress(ProgressRecord record) => cmdlet.WriteProgress(record);

    /// <inheritdoc/>
    public void CallInline(ScriptBlock script, object argument)
    {
        var waiting = _waiting = new();
        try
        {
            cmdlet.SessionState.InvokeCommand.InvokeScript(true, script, null, argument);
        }
        finally
        {
            _waiting = null;
        }

        while (waiting.TryDequeue(out var write))
            _own.Write(write);
    }

    private void WriteInformation(InformationRecord information, DagContext context, bool isDecided)
    {
        information.Tags.Add($"{context.Path}/{context.NodeLabel}");
        Write(isDecided && !CommonParameters.Stops(cmdlet, "InformationPreference"), to => to.WriteInformation(information));
    }

    private void Write(bool isDecidedHere, Action<PSCmdlet> write, bool isError = false)
    {
        if (isDecidedHere)
            write(cmdlet);
        else if (isError && _waiting is { } waiting)
            waiting.Enqueue(write);
        else
            _own.Write(write);
    }
}
