namespace Lythonic.Dag.Sqlite.Tests;

/// <summary>A theory that runs only on Linux.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute(string need) => Skip = OperatingSystem.IsLinux() ? null : need;
}
