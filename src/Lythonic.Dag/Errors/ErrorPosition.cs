using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using Lythonic.Dag.Hosting;
using Lythonic.Dag.Internal;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Errors;

/// <summary>
/// Gives an error record the script position that a user should see. When a cmdlet writes a record, PowerShell sets the line of the cmdlet
/// as the position, unless the record already has a position for display.
/// </summary>
internal static class ErrorPosition
{
    // How the names of the functions begin that make calls on a host. This class is used without the transport, which has them.
    private const string HostFunction = "__lythonicDagCall";

    // The line of such a function that calls the node's code.
    private const string CallOnHost = "$__script @__arguments";

    // Only a record that was thrown has an invocation whose position can be set. Catching it adds it to $Error, from which it is removed.
    private const string Throw = "try { throw $args[0] } catch { $global:Error.RemoveAt(0); $_ }";

    /// <summary>
    /// The position of a node's error: that of its own record, else the first line of the node's code; or <see langword="null"/>.
    /// </summary>
    /// <param name="own">The invocation of the node's own record, or <see langword="null"/>.</param>
    /// <param name="code">The node's code, for a failure that has no record, such as a timeout; or <see langword="null"/>.</param>
    public static IScriptExtent? Find(InvocationInfo? own, NodeCode? code) =>
        own is { ScriptLineNumber: > 0 } ? own.DisplayScriptPosition ?? PositionOf(own)
        : (code as ScriptBlockCode)?.Body.Extent is { } extent ? FirstLineOf(extent)
        : null;

    /// <summary>Moves a record of this module to the position of a node's error.</summary>
    /// <param name="error">The record.</param>
    /// <param name="position">The position; <see langword="null"/> for none.</param>
    /// <returns>A record at that position; the same record if there is no position, or if this thread has no runspace.</returns>
    public static ErrorRecord Move(ErrorRecord error, IScriptExtent? position)
    {
        if (position is null || Runspace.DefaultRunspace is null)
            return error;
        var carrier = new RuntimeException(error.ToString(), null, error);
        var caught = ScriptBlock.Create(Throw).InvokeReturnAsIs(carrier);
        if (PSWrapper.Unwrap(caught) is not ErrorRecord thrown)
            return error;
        var placed = new ErrorRecord(thrown, error.Exception) { ErrorDetails = error.ErrorDetails };
        if (placed.InvocationInfo is { } invocation)
            invocation.DisplayScriptPosition = position;
        return placed;
    }

    /// <summary>
    /// Replaces the position of an error if it is a line of this module's own script, which calls the node's script. PowerShell sets the
    /// line of the caller when the node's script calls <c>Write-Error</c> or its parameters refuse an argument.
    /// </summary>
    /// <param name="error">The error; changed in place.</param>
    /// <param name="position">The position to show instead.</param>
    public static ErrorRecord ReplaceModuleLine(ErrorRecord error, IScriptExtent position)
    {
        if (IsModuleLine(error))
            error.InvocationInfo.DisplayScriptPosition = position;
        return error;
    }

    /// <summary>
    /// The parameter of the node's script that refused its argument; <see langword="null"/> if the error is another one. Ask before
    /// <see cref="ReplaceModuleLine"/>.
    /// </summary>
    /// <param name="error">The error, of this process or of a host.</param>
    public static string? RefusedBy(ErrorRecord error) =>
        !error.FullyQualifiedErrorId.StartsWith("ParameterArgument", StringComparison.Ordinal) || !IsModuleLine(error) ? null
            : error.Exception switch
            {
                ParameterBindingException own => own.ParameterName,
                RemoteException { SerializedRemoteException: { } there } =>
                    there.Properties[nameof(ParameterBindingException.ParameterName)]?.Value as string,
                _ => null,
            };

    /// <summary>Whether the position of an error is a line of this module's own script, here or on a host.</summary>
    /// <param name="error">The error.</param>
    public static bool IsModuleLine(ErrorRecord error) =>
        error.InvocationInfo is { ScriptName: null or "", DisplayScriptPosition: null, Line: { } line }
            && (line.Contains(CallScripts.Name, StringComparison.Ordinal)
                || line.Contains(HostFunction, StringComparison.Ordinal)
                || line.Contains(CallOnHost, StringComparison.Ordinal));

    // PowerShell would show all lines of a long extent.
    private static ScriptExtent FirstLineOf(IScriptExtent extent)
    {
        var text = extent.StartScriptPosition.GetFullScript() ?? "";
        var line = text.Split('\n').ElementAtOrDefault(extent.StartLineNumber - 1)?.TrimEnd('\r') ?? "";
        return new ScriptExtent(
            new ScriptPosition(extent.File, extent.StartLineNumber, extent.StartColumnNumber, line),
            new ScriptPosition(
                extent.File,
                extent.StartLineNumber,
                extent.EndLineNumber == extent.StartLineNumber ? extent.EndColumnNumber : line.Length + 1,
                line));
    }

    private static ScriptExtent PositionOf(InvocationInfo invocation)
    {
        var line = invocation.Line ?? "";
        return new ScriptExtent(
            new ScriptPosition(invocation.ScriptName, invocation.ScriptLineNumber, invocation.OffsetInLine, line),
            new ScriptPosition(invocation.ScriptName, invocation.ScriptLineNumber, line.Length + 1, line));
    }
}
