using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace Lythonic.Dag.Values;

/// <summary>Looks behind the wrapper that PowerShell puts around values.</summary>
internal static class PSWrapper
{
    /// <summary>The value itself. A property bag, <c>[pscustomobject]</c>, has nothing behind it and stays what it is.</summary>
    [return: NotNullIfNotNull(nameof(value))]
    public static object? Unwrap(object? value) =>
        value is PSObject { BaseObject: not PSCustomObject } wrapper ? wrapper.BaseObject : value;
}
