namespace Lythonic.Dag.Runspace.Tests.Harness;

/// <summary>How long a test waits for something that must happen before it fails: far longer than a busy machine takes.</summary>
internal static class Limits
{
    public static TimeSpan Hang { get; } = TimeSpan.FromMinutes(5);
}
