using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace Lythonic.Dag.Values;

/// <summary>Removes the <see cref="PSObject"/> wrapper that PowerShell puts around values.</summary>
internal static class PSWrapper
{
    /// <summary>
    /// The value without its wrapper. A property bag, <c>[pscustomobject]</c>, has no other value inside and is returned as it is.
    /// </summary>
    [return: NotNullIfNotNull(nameof(value))]
    public static object? Unwrap(object? value) =>
        value is PSObject { BaseObject: not PSCustomObject } wrapper ? wrapper.BaseObject : value;
}
