using System.Management.Automation;

namespace Lythonic.Dag.Remote;

/// <summary>
/// Removes the <see cref="PSObject"/> that remoting puts around some of the values that it transports. The transport has this file too; it
/// cannot have the module's <c>PSWrapper</c>, because the module would then see two of that name.
/// </summary>
internal static class RemotingWrapper
{
    /// <summary>The value itself.</summary>
    public static object? Unwrap(object? value) => value is PSObject wrapper ? wrapper.BaseObject : value;
}
