using System.Management.Automation;
using System.Management.Automation.Language;

namespace Lythonic.Dag.Hosting;

/// <summary>Where an error that a node writes shows itself.</summary>
internal static class ErrorPlace
{
    /// <summary>
    /// What a script writes by <c>Write-Error</c>, and what its parameters refuse, stands where the script was called; for the node's own script that is a
    /// line of this module, which says nothing to anybody.
    /// </summary>
    /// <param name="error">The error.</param>
    /// <param name="place">What stands for that line.</param>
    public static ErrorRecord Mend(ErrorRecord error, IScriptExtent place)
    {
        if (error.InvocationInfo is { ScriptName: null or "", DisplayScriptPosition: null } invocation && invocation.Line?.Contains(CallFrame.Name, StringComparison.Ordinal) == true)
            invocation.DisplayScriptPosition = place;
        return error;
    }
}
