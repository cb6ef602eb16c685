using System.Collections;
using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// The caller's strict mode. PowerShell has no way to read it, so a script in the caller's scope breaks one rule of each version and sees
/// what fails. If strict mode is off, this throws nothing.
/// </summary>
internal static class StrictMode
{
    /// <summary>The strictest, as <c>Set-StrictMode</c> takes it.</summary>
    public const string Latest = "Latest";

    /// <summary>Off.</summary>
    public const string Off = "";

    /// <summary>Sets a mode in the scope of the script that runs it.</summary>
    public const string Set = "param($__mode) if ($__mode) { Microsoft.PowerShell.Core\\Set-StrictMode -Version $__mode } "
        + "else { Microsoft.PowerShell.Core\\Set-StrictMode -Off }";

    // Version 1 forbids to read an unset variable, version 2 a missing property, and version 3 an index out of range.
    private const string Try = """
        try { $null = $__lythonicUnset; '' }
        catch { try { $null = $__lythonicFrom.None; '1.0' } catch { try { $null = @()[0]; '2.0' } catch { 'Latest' } } }
        """;

    /// <summary>The mode; <see cref="Off"/> if there is none.</summary>
    /// <param name="cmdlet">The cmdlet that runs.</param>
    public static string Read(PSCmdlet cmdlet)
    {
        var errors = cmdlet.SessionState.PSVariable.GetValue("global:Error") as ArrayList;
        var before = errors?.Count ?? 0;
        var script = ScriptBlock.Create("param($__lythonicFrom) " + Try);
        var mode = cmdlet.SessionState.InvokeCommand.InvokeScript(true, script, null, 1).FirstOrDefault()?.BaseObject as string ?? Off;
        // These errors are not the user's: remove them from $Error.
        for (var tried = (errors?.Count ?? 0) - before; tried > 0; tried--)
            errors!.RemoveAt(0);
        return mode;
    }
}
