namespace Lythonic.Dag.Sqlite.Tests;

/// <summary>A test that runs only on Linux.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute(string need) => Skip = OperatingSystem.IsLinux() ? null : need;
}
