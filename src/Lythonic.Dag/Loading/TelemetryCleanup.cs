using System.ComponentModel;
using System.Management.Automation;
using Lythonic.Dag.Loading;

namespace Lythonic.Dag.Internal;

/// <summary>Sends the spans that are left when the module is removed. Public for PowerShell, which calls it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TelemetryCleanup : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => TelemetryLoader.Stop();
}
