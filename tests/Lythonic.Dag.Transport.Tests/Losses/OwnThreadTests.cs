using Lythonic.Dag.Transport.Tests.Harness;

namespace Lythonic.Dag.Transport.Tests.Losses;

/// <summary>Nothing that fails on a thread of a connection ends the process.</summary>
public sealed class OwnThreadTests
{
    [Fact]
    public async Task A_lack_of_memory_ends_the_thread_alone()
    {
        var started = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);

        OwnThread.Start("test", () =>
        {
            started.SetResult(Thread.CurrentThread);
            _ = new string('a', int.MaxValue);
        });

        Assert.True((await started.Task.WaitAsync(Hosted.Hang)).Join(Hosted.Hang));
    }
}
