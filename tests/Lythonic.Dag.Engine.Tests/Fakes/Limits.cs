namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>How long a test waits for something that must happen before it fails.</summary>
internal static class Limits
{
    public static TimeSpan Hang { get; } = TimeSpan.FromMinutes(5);

    /// <summary>The result; if it does not come, the test fails.</summary>
    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Hang);

    /// <summary>Completes when the task does, or fails the test.</summary>
    public static Task Soon(this Task task) => task.WaitAsync(Hang);
}
