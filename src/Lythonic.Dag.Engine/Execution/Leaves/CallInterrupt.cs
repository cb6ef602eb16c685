namespace Lythonic.Dag.Execution;

/// <summary>
/// Interrupts a thread that waits in the code of a call, and only there. Nothing catches an interrupt that reaches the thread after the
/// call, in the loop of whoever owns the thread, and it would end the process.
/// </summary>
internal sealed class CallInterrupt
{
    private const int Outside = 0;
    private const int Inside = 1;
    private const int Interrupting = 2;
    private const int Interrupted = 3;

    private int _state;

    /// <summary>Notes that the thread begins a call.</summary>
    public void Enter() => Volatile.Write(ref _state, Inside);

    /// <summary>
    /// Notes that the call has ended, on its thread. An interrupt that was sent and has not reached the thread is taken here.
    /// </summary>
    public void Leave()
    {
        var state = Interlocked.CompareExchange(ref _state, Outside, Inside);
        while (state == Interrupting)
        {
            // This is no wait that could be interrupted.
            Thread.Yield();
            state = Interlocked.CompareExchange(ref _state, Outside, Inside);
        }

        if (state != Interrupted)
            return;
        Take();
        Volatile.Write(ref _state, Outside);
    }

    /// <summary>Interrupts the thread if it waits in the code of a call that was not interrupted before.</summary>
    /// <param name="thread">The thread.</param>
    /// <returns>Whether it was interrupted.</returns>
    public bool TryInterrupt(Thread thread)
    {
        if (Interlocked.CompareExchange(ref _state, Interrupting, Inside) != Inside)
            return false;
        // What computes would keep the interrupt until its next wait, wherever that is.
        var waits = thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin);
        if (waits)
            thread.Interrupt();
        Volatile.Write(ref _state, waits ? Interrupted : Inside);
        return waits;
    }

    private static void Take()
    {
        try
        {
            Thread.Sleep(1);
        }
        catch (ThreadInterruptedException)
        {
            // It has come.
        }
    }
}
