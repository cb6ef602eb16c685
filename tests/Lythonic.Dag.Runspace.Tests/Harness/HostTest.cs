namespace Lythonic.Dag.Runspace.Tests.Harness;

/// <summary>A test whose scripts have <c>$Process</c>, a host that is a pwsh of its own on this machine.</summary>
/// <remarks>
/// This process has no pwsh of its own that <c>-On Process</c> could start once more. On a busy machine, one may take long to start.
/// </remarks>
public abstract class HostTest : ModuleTest
{
    protected HostTest() => Session.Set("Process", Session.Run(
        $"New-DagHost -Command dotnet, '{Repository.PowerShell}', -s, -NoLogo, -NoProfile -Name far -Slots 2 "
        + "-ConnectTimeout 300").Sound().Output[0]);
}
