namespace Lythonic.Dag.Sqlite.Tests;

/// <summary>The same for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute(string need) => Skip = OperatingSystem.IsLinux() ? null : need;
}
