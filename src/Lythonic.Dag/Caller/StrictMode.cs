using System.Collections;
using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// The caller's strict mode. PowerShell tells it to nobody, so it is tried: a script breaks the rule of one version after the other, in the
/// caller's scope. Where strict mode is off, that costs no exception.
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

    // A variable that is not set, a property that is not there, an index beyond the end.
    private const string Try = """
        try { $null = $__lythonicUnset; '' }
        catch { try { $null = $__lythonicFrom.None; '1.0' } catch { try { $null = @()[0]; '2.0' } catch { 'Latest' } } }
        """;

    /// <summary>The mode; <see cref="Off"/> where there is none.</summary>
    /// <param name="cmdlet">The cmdlet that runs.</param>
    public static string Read(PSCmdlet cmdlet)
    {
        var errors = cmdlet.SessionState.PSVariable.GetValue("global:Error") as ArrayList;
        var before = errors?.Count ?? 0;
        var script = ScriptBlock.Create("param($__lythonicFrom) " + Try);
        var mode = cmdlet.SessionState.InvokeCommand.InvokeScript(true, script, null, 1).FirstOrDefault()?.BaseObject as string ?? Off;
        // What was tried is none of the user's errors.
        for (var tried = (errors?.Count ?? 0) - before; tried > 0; tried--)
            errors!.RemoveAt(0);
        return mode;
    }
}
