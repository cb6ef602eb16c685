using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Lythonic.Dag.Hosting;
using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Errors;

/// <summary>
/// The script stack trace of a node's error, without the lines of this module's own scripts. The trace of an error record is read-only, but
/// PowerShell shows a note property of the same name instead of it.
/// </summary>
internal static class ScriptTrace
{
    private const string NoFile = "<No file>";

    /// <summary>The trace as PowerShell shows it.</summary>
    public static string? Read(ErrorRecord error) =>
        PSObject.AsPSObject(error).Properties[nameof(ErrorRecord.ScriptStackTrace)]?.Value as string;

    /// <summary>Sets the trace that PowerShell shows.</summary>
    public static void Show(ErrorRecord error, string? trace)
    {
        var properties = PSObject.AsPSObject(error).Properties;
        if (properties[nameof(ErrorRecord.ScriptStackTrace)] is PSNoteProperty shown)
            shown.Value = trace;
        else
            properties.Add(new PSNoteProperty(nameof(ErrorRecord.ScriptStackTrace), trace));
    }

    /// <summary>
    /// Removes the lines of the module's script that called the node's script. Only that script may call this, while it runs.
    /// </summary>
    /// <param name="error">The error of the node's script; changed in place.</param>
    /// <param name="isInline">
    /// Whether the call is made from a block within the module's script, which a script of somebody else called: its lines follow.
    /// </param>
    public static void LeaveOutCaller(ErrorRecord error, bool isInline)
    {
        var lines = Read(error)?.Split('\n') ?? [];
        var own = lines.Length - (Runspace.DefaultRunspace?.Debugger?.GetCallStack().Count() ?? 0);
        if (own >= 0 && own < lines.Length && lines[own].Contains(NoFile, StringComparison.Ordinal))
            Show(error, string.Join('\n', lines.Where((_, index) => isInline ? index > own || index < own - 1 : index < own)).TrimEnd());
    }

    /// <summary>
    /// Removes the lines of the module's scripts from the trace of an error that a node's script writes and that does not end it. Call this
    /// while the node's script runs, on its thread: the frames below the error are those that are below now.
    /// </summary>
    /// <param name="error">The error; changed in place.</param>
    public static void LeaveOutCallers(ErrorRecord error)
    {
        if (Read(error)?.Split('\n') is not { } lines || Runspace.DefaultRunspace?.Debugger?.GetCallStack() is not { } stack)
            return;
        var frames = stack.ToList();
        var kept = lines.Where((line, index) => !(line.Contains(NoFile, StringComparison.Ordinal) && IsOwn(FrameOf(index)))).ToList();
        if (kept.Count < lines.Length)
            Show(error, string.Join('\n', kept).TrimEnd());

        CallStackFrame? FrameOf(int line) => frames.Count - lines.Length + line is >= 0 and var frame ? frames[frame] : null;
    }

    private static bool IsOwn(CallStackFrame? frame) =>
        frame?.Position?.StartScriptPosition?.GetFullScript()?.Contains(CallScripts.Name, StringComparison.Ordinal) == true;
}
