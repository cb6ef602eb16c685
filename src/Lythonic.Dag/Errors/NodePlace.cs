using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace Lythonic.Dag.Errors;

/// <summary>Puts an error of the module's own at a node's place. A cmdlet that writes a record puts its own line there, and spares only a position that is set for display.</summary>
internal static class NodePlace
{
    // Only a record that was thrown has a place at all. What is caught is among the session's errors, which this is not.
    private const string Throw = "try { throw $args[0] } catch { $global:Error.RemoveAt(0); $_ }";

    /// <summary>The place of a node's error: its own, else where the node's code begins; or <see langword="null"/>.</summary>
    /// <param name="own">What the node's own record says.</param>
    /// <param name="code">The code of a failure that has no record, such as a timeout.</param>
    public static IScriptExtent? Of(InvocationInfo? own, NodeCode? code) =>
        own is { ScriptLineNumber: > 0 } ? own.DisplayScriptPosition ?? PositionOf(own)
        : (code as ScriptBlockCode)?.Body.Extent is { } extent ? FirstLineOf(extent)
        : null;

    /// <summary>A record of the module's own at the place of a node's; as it is on a thread that has no session, or where there is no place.</summary>
    public static ErrorRecord Take(ErrorRecord error, IScriptExtent? place)
    {
        if (place is null || Runspace.DefaultRunspace is null)
            return error;
        var carrier = new RuntimeException(error.ToString(), null, error);
        var caught = ScriptBlock.Create(Throw).InvokeReturnAsIs(carrier);
        if ((caught is PSObject wrapped ? wrapped.BaseObject : caught) is not ErrorRecord thrown)
            return error;
        var placed = new ErrorRecord(thrown, error.Exception) { ErrorDetails = error.ErrorDetails };
        if (placed.InvocationInfo is { } invocation)
            invocation.DisplayScriptPosition = place;
        return placed;
    }

    // A block of many lines would be shown whole.
    private static ScriptExtent FirstLineOf(IScriptExtent extent)
    {
        var text = extent.StartScriptPosition.GetFullScript() ?? "";
        var line = text.Split('\n').ElementAtOrDefault(extent.StartLineNumber - 1)?.TrimEnd('\r') ?? "";
        return new ScriptExtent(
            new ScriptPosition(extent.File, extent.StartLineNumber, extent.StartColumnNumber, line),
            new ScriptPosition(extent.File, extent.StartLineNumber, extent.EndLineNumber == extent.StartLineNumber ? extent.EndColumnNumber : line.Length + 1, line));
    }

    private static ScriptExtent PositionOf(InvocationInfo invocation)
    {
        var line = invocation.Line ?? "";
        return new ScriptExtent(
            new ScriptPosition(invocation.ScriptName, invocation.ScriptLineNumber, invocation.OffsetInLine, line),
            new ScriptPosition(invocation.ScriptName, invocation.ScriptLineNumber, line.Length + 1, line));
    }
}
