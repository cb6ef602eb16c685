using System.Collections.Concurrent;

namespace Lythonic.Dag.Execution;

/// <summary>Runs the inline nodes of a run on the thread that called the runner, until the run has ended.</summary>
internal sealed class CallerThreadPump : ICallerThread, IDisposable
{
    private readonly BlockingCollection<Action> _work = [];

    /// <inheritdoc/>
    public void Post(Action work)
    {
        try
        {
            _work.Add(work);
        }
        catch (InvalidOperationException)
        {
            // The run has ended, so nobody waits for this work any more.
        }
    }

    /// <summary>Works until a run has ended.</summary>
    /// <param name="run">The run.</param>
    public void RunUntilEnded(Task run)
    {
        run.ContinueWith(
            _ => _work.CompleteAdding(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        foreach (var work in _work.GetConsumingEnumerable())
            work();
    }

    /// <inheritdoc/>
    public void Dispose() => _work.Dispose();
}
