using System.Management.Automation;

namespace Lythonic.Dag.Remote;

/// <summary>Removes the <see cref="PSObject"/> that remoting puts around some of the values that it transports.</summary>
internal static class RemotingWrapper
{
    /// <summary>The value itself.</summary>
    public static object? Unwrap(object? value) => value is PSObject wrapper ? wrapper.BaseObject : value;
}
