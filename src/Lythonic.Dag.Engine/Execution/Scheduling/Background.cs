namespace Lythonic.Dag.Execution;

/// <summary>
/// The only place that starts background work of a run. It counts what is under way and passes on every exception that escapes, so that
/// none is lost in a task that nobody awaits, and none ends the process.
/// </summary>
/// <param name="escaped">Gets each exception that escaped from work.</param>
/// <param name="idle">Called when nothing is under way any more.</param>
internal sealed class Background(Action<Exception> escaped, Action idle)
{
    private int _underWay;

    /// <summary>Starts work on a thread of the pool. It may be called under the session's lock.</summary>
    public void Start(Func<Task> work)
    {
        Interlocked.Increment(ref _underWay);
        ThreadPool.UnsafeQueueUserWorkItem(
            static queued => _ = queued.Owner.SuperviseAsync(static begun => begun(), queued.Work),
            (Owner: this, Work: work),
            preferLocal: false);
    }

    /// <inheritdoc cref="Start(Func{Task})"/>
    public void Start(Action work) => Start(() =>
    {
        work();
        return Task.CompletedTask;
    });

    /// <summary>Starts work on this thread, which has it until it waits for the first time.</summary>
    public void Begin(Func<Task> work) => Begin(static begun => begun(), work);

    /// <inheritdoc cref="Begin(Func{Task})"/>
    public void Begin<T>(Func<T, Task> work, T state)
        where T : class
    {
        Interlocked.Increment(ref _underWay);
        _ = SuperviseAsync(work, state);
    }

    /// <summary>Does work on this thread. Never throws.</summary>
    public void Do(Action work) => Do(static done => done(), work);

    /// <inheritdoc cref="Do(Action)"/>
    public void Do<T>(Action<T> work, T state)
        where T : class
    {
        Interlocked.Increment(ref _underWay);
        try
        {
            work(state);
        }
        catch (Exception error)
        {
            escaped(error);
        }
        finally
        {
            Leave();
        }
    }

    private async Task SuperviseAsync<T>(Func<T, Task> work, T state)
        where T : class
    {
        try
        {
            await work(state).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            escaped(error);
        }
        finally
        {
            Leave();
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _underWay) == 0)
            idle();
    }
}
