using System.ComponentModel;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using Lythonic.Dag.Hosting;
using Lythonic.Dag.Loading;

namespace Lythonic.Dag.Internal;

/// <summary>Closes idle connections when the module is removed. Public for PowerShell, which calls it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ConnectionCleanup : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        if (TransportLoader.IsLoaded)
            Close();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Close() => HostConnections.Current.CloseIdle();
}
