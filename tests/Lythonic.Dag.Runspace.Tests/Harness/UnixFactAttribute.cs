namespace Lythonic.Dag.Runspace.Tests.Harness;

/// <summary>A test that does not run on Windows.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute(string need) => Skip = OperatingSystem.IsWindows() ? need : null;
}
