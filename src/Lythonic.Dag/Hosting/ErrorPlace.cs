using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>Where an error that a node writes shows itself.</summary>
internal static class ErrorPlace
{
    /// <summary>
    /// An error that a script writes by <c>Write-Error</c> stands where the script was called; for the node's own script that is a line of this module,
    /// which says nothing to anybody: the script's first line stands for it.
    /// </summary>
    public static ErrorRecord Mend(ErrorRecord error, ScriptBlockCode code)
    {
        if (error.InvocationInfo is { ScriptName: null or "", DisplayScriptPosition: null } invocation && invocation.Line?.Contains(CallFrame.CallLine, StringComparison.Ordinal) == true)
            invocation.DisplayScriptPosition = code.Body.Extent;
        return error;
    }
}
