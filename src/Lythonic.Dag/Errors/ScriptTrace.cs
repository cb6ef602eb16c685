using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Lythonic.Dag.Errors;

/// <summary>
/// The script stack trace of a node's error, without the lines of this module's own scripts. The trace of an error record cannot be set,
/// but PowerShell reads and shows a note property of the same name instead of it.
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
    /// Removes the lines of the running script, which belongs to the module and called the node's script. Call this only from that script.
    /// </summary>
    /// <param name="error">The error.</param>
    /// <param name="blocks">How many blocks of that script are around the call.</param>
    public static void LeaveOutCaller(ErrorRecord error, int blocks)
    {
        var lines = Read(error)?.Split('\n') ?? [];
        var own = lines.Length - (Runspace.DefaultRunspace?.Debugger?.GetCallStack().Count() ?? 0);
        if (own >= 0 && own < lines.Length && lines[own].Contains(NoFile, StringComparison.Ordinal))
            Show(error, string.Join('\n', lines.Where((_, index) => index > own || index <= own - blocks)).TrimEnd());
    }
}
