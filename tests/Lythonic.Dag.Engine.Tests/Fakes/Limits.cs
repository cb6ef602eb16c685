namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>How long a test waits for what must come, before it says that it hangs.</summary>
internal static class Limits
{
    public static TimeSpan Hang { get; } = TimeSpan.FromMinutes(5);

    /// <summary>The result, or a failure of the test where it does not come.</summary>
    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Hang);

    /// <summary>Completes when the task does, or fails the test.</summary>
    public static Task Soon(this Task task) => task.WaitAsync(Hang);
}
