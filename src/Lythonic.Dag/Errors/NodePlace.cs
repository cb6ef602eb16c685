using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace Lythonic.Dag.Errors;

/// <summary>Puts an error of the module's own at a node's place. A cmdlet that writes a record puts its own line there, and spares only a position that is set for display.</summary>
internal static class NodePlace
{
    // Only a record that was thrown has a place at all. What is caught is among the session's errors, which this is not.
    private const string Throw = "try { throw $args[0] } catch { $global:Error.RemoveAt(0); $_ }";

    /// <summary>A record of the module's own at the place of a node's; as it is on a thread that has no session, or where the node's has no place.</summary>
    public static ErrorRecord Take(ErrorRecord error, InvocationInfo? place)
    {
        if (place is not { ScriptLineNumber: > 0 } || Runspace.DefaultRunspace is null)
            return error;
        var carrier = new RuntimeException(error.ToString(), null, error);
        var caught = ScriptBlock.Create(Throw).InvokeReturnAsIs(carrier);
        if ((caught is PSObject wrapped ? wrapped.BaseObject : caught) is not ErrorRecord thrown)
            return error;
        var placed = new ErrorRecord(thrown, error.Exception) { ErrorDetails = error.ErrorDetails };
        if (placed.InvocationInfo is { } invocation)
            invocation.DisplayScriptPosition = place.DisplayScriptPosition ?? PositionOf(place);
        return placed;
    }

    private static ScriptExtent PositionOf(InvocationInfo invocation)
    {
        var line = invocation.Line ?? "";
        return new ScriptExtent(
            new ScriptPosition(invocation.ScriptName, invocation.ScriptLineNumber, invocation.OffsetInLine, line),
            new ScriptPosition(invocation.ScriptName, invocation.ScriptLineNumber, line.Length + 1, line));
    }
}
