using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Lythonic.Dag.Errors;

/// <summary>
/// The script stack trace of a node's error, without the lines of this module's own scripts. An error record's own trace cannot be set; a
/// property of that name on the record goes before it wherever PowerShell reads or shows it.
/// </summary>
internal static class ScriptTrace
{
    private const string NoFile = "<No file>";

    /// <summary>The trace as PowerShell shows it.</summary>
    public static string? Read(ErrorRecord error) =>
        PSObject.AsPSObject(error).Properties[nameof(ErrorRecord.ScriptStackTrace)]?.Value as string;

    /// <summary>Shows another trace.</summary>
    public static void Show(ErrorRecord error, string? trace)
    {
        var properties = PSObject.AsPSObject(error).Properties;
        if (properties[nameof(ErrorRecord.ScriptStackTrace)] is PSNoteProperty shown)
            shown.Value = trace;
        else
            properties.Add(new PSNoteProperty(nameof(ErrorRecord.ScriptStackTrace), trace));
    }

    /// <summary>Leaves the lines of the running script out, which is the module's and called the node's. In that script alone.</summary>
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
