namespace Lythonic.Dag.Hosting;

/// <summary>
/// A queue of work that many threads add to and one thread takes from. The framework's own collection for this spins before it waits, which
/// takes processor time from the threads that it waits for. It is also generic code, which each new process would have to compile for this
/// module's type.
/// </summary>
internal sealed class PipelineWorkQueue
{
    private readonly Queue<PipelineWork> _work = [];
    private bool _isClosed;

    /// <summary>How many pieces of work wait.</summary>
    public int Count
    {
        get
        {
            lock (_work)
                return _work.Count;
        }
    }

    /// <summary>Whether nothing waits and nothing will be added.</summary>
    public bool IsCompleted
    {
        get
        {
            lock (_work)
                return _isClosed && _work.Count == 0;
        }
    }

    /// <summary>Adds work, unless the queue is closed.</summary>
    /// <returns>Whether it was added.</returns>
    public bool TryAdd(PipelineWork work)
    {
        lock (_work)
        {
            if (_isClosed)
                return false;
            _work.Enqueue(work);
            Monitor.PulseAll(_work);
            return true;
        }
    }

    /// <summary>Accepts no more work from now on.</summary>
    public void Close()
    {
        lock (_work)
        {
            _isClosed = true;
            Monitor.PulseAll(_work);
        }
    }

    /// <summary>Takes the next work; if there is none, waits until some is added, the queue is closed, or the time is over.</summary>
    /// <param name="milliseconds">The longest wait, or <see cref="Timeout.Infinite"/>.</param>
    /// <returns>The work, or <see langword="null"/>.</returns>
    public PipelineWork? Take(int milliseconds)
    {
        lock (_work)
        {
            if (_work.Count == 0 && !_isClosed && milliseconds != 0)
                Monitor.Wait(_work, milliseconds);
            return _work.TryDequeue(out var work) ? work : null;
        }
    }
}
