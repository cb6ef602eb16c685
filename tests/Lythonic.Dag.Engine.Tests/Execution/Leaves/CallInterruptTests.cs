using Lythonic.Dag.Execution;
using ThreadState = System.Threading.ThreadState;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>An interrupt reaches the code of a call, and nothing else that its thread does.</summary>
public sealed class CallInterruptTests : IDisposable
{
    private readonly CallInterrupt _interrupt = new();
    private readonly ManualResetEventSlim _gate = new();

    [Fact]
    public void It_ends_a_wait_in_the_call()
    {
        var (thread, end) = Begin(() =>
        {
            _interrupt.Enter();
            Thread.Sleep(Timeout.Infinite);
        });

        AwaitWait(thread);
        Assert.True(_interrupt.TryInterrupt(thread));

        Assert.IsType<ThreadInterruptedException>(end());
        Assert.False(_interrupt.TryInterrupt(thread));
    }

    [Fact]
    public void It_leaves_a_thread_alone_that_waits_for_its_next_call()
    {
        var (thread, end) = Begin(() =>
        {
            _interrupt.Enter();
            _interrupt.Leave();
            _gate.Wait();
        });

        AwaitWait(thread);
        Assert.False(_interrupt.TryInterrupt(thread));

        _gate.Set();
        Assert.Null(end());
    }

    [Fact]
    public void It_leaves_a_thread_alone_that_computes_so_that_its_next_wait_is_whole()
    {
        using var computes = new ManualResetEventSlim();
        var goesOn = true;
        var (thread, end) = Begin(() =>
        {
            _interrupt.Enter();
            computes.Set();
            while (Volatile.Read(ref goesOn))
                Thread.SpinWait(100);
            _interrupt.Leave();
            Thread.Sleep(1);
        });

        computes.Wait();
        Assert.False(_interrupt.TryInterrupt(thread));

        Volatile.Write(ref goesOn, false);
        Assert.Null(end());
    }

    [Fact]
    public void One_that_has_not_come_when_the_call_ends_is_taken_there()
    {
        var (thread, end) = Begin(() =>
        {
            _interrupt.Enter();
            Assert.Throws<ThreadInterruptedException>(() => Thread.Sleep(Timeout.Infinite));
            // A wait that ends by itself at the moment of the interrupt leaves it to the next wait, as this does.
            Thread.CurrentThread.Interrupt();
            _interrupt.Leave();
            Thread.Sleep(1);
        });

        AwaitWait(thread);
        Assert.True(_interrupt.TryInterrupt(thread));

        Assert.Null(end());
    }

    public void Dispose() => _gate.Dispose();

    // Returns the thread, and what waits for its end and gives the exception that ended it.
    private static (Thread Thread, Func<Exception?> End) Begin(Action work)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(work)) { IsBackground = true };
        thread.Start();
        return (thread, () =>
        {
            Assert.True(thread.Join(TimeSpan.FromMinutes(2)));
            return failure;
        });
    }

    private static void AwaitWait(Thread thread) =>
        Assert.True(SpinWait.SpinUntil(() => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin), TimeSpan.FromMinutes(2)));
}
