namespace Lythonic.Dag.Hosting;

/// <summary>
/// Worker runspaces, shared by all runs of the process: opened when there is more to do than workers, closed when there is nothing to do
/// for a while.
/// </summary>
internal sealed class WorkerPool
{
    private const int MostWorkers = 128;
    private const int LongestSearch = 64;

    private static readonly TimeSpan IdleLife = TimeSpan.FromMinutes(2);

    // Workers outlive runs, because opening a runspace costs thousands of calls; so the pool outlives them too.
    private static readonly Lazy<WorkerPool> Shared = new(() => new WorkerPool());

    // Whether this thread is a worker that ends a call and takes another right after: the first call that the end makes ready waits for it.
    [ThreadStatic]
    private static bool _takesNext;

    // Whether a call waits for this thread, and nobody else was woken for it.
    [ThreadStatic]
    private static bool _keepsCall;

    private readonly Action<WorkerPool, CallerHost> _open;
    private readonly object _gate = new();
    private readonly LinkedList<WorkerJob> _queue = [];
    private CallerHost _host = CallerHost.None;
    private int _workers;
    private int _idle;
    private int _opening;

    /// <summary>Makes a pool.</summary>
    /// <param name="open">Opens a worker; <see langword="null"/> for a worker runspace.</param>
    public WorkerPool(Action<WorkerPool, CallerHost>? open = null) => _open = open ?? Worker.Start;

    /// <summary>The pool of this process.</summary>
    public static WorkerPool Current => Shared.Value;

    /// <summary>What keeps environment variables as they were.</summary>
    public EnvironmentGuard Environment { get; } = new();

    /// <summary>Adds a call; a worker takes it when one is free.</summary>
    public void Add(WorkerJob job)
    {
        lock (_gate)
        {
            _queue.AddLast(job);
            _host = job.Snapshot.Host;
            if (_takesNext)
            {
                // Waking another worker costs more than most calls.
                (_takesNext, _keepsCall) = (false, true);
                return;
            }

            if (_idle > 0)
                Monitor.Pulse(_gate);
            if (!NeedsAnother())
                return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static pool => Open(pool), this, preferLocal: false);
    }

    /// <summary>
    /// This thread is about to do something that takes longer than waking another worker: a call that waits for it goes to one.
    /// </summary>
    public void LeaveThread()
    {
        if (!_keepsCall)
            return;
        (_keepsCall, _takesNext) = (false, true);
        lock (_gate)
        {
            if (_queue.Count == 0)
                return;
            if (_idle > 0)
                Monitor.Pulse(_gate);
            if (!NeedsAnother())
                return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static pool => Open(pool), this, preferLocal: false);
    }

    /// <summary>Ends a call on the thread of its worker.</summary>
    /// <param name="job">The call.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="takesNext">Whether the worker takes another call right after.</param>
    public static void End(WorkerJob job, NodeOutcome outcome, bool takesNext)
    {
        _takesNext = takesNext;
        job.End(outcome);
        (_takesNext, _keepsCall) = (false, false);
    }

    /// <summary>Takes a call back that no worker has begun.</summary>
    public bool Remove(WorkerJob job)
    {
        lock (_gate)
            return _queue.Remove(job);
    }

    /// <summary>
    /// The next call, waited for on a worker's thread; <see langword="null"/> where the worker is no longer needed, or can take none of
    /// those that wait.
    /// </summary>
    /// <param name="isClosing">Whether the worker's runspace is being closed. <see cref="Wake"/> makes it look again.</param>
    /// <param name="suits">Whether the worker can take calls of a run.</param>
    public WorkerJob? Dequeue(Func<bool> isClosing, Func<SessionSnapshot, bool> suits)
    {
        bool opens;
        WorkerJob? job;
        lock (_gate)
        {
            while (_queue.Count == 0 && !isClosing())
            {
                _idle++;
                var signalled = Monitor.Wait(_gate, IdleLife);
                _idle--;
                if (!signalled && _queue.Count == 0)
                    return null;
            }

            if (isClosing())
                return null;
            (job, opens) = DequeueFirstFitting(suits);
        }

        if (opens)
            ThreadPool.UnsafeQueueUserWorkItem(static pool => Open(pool), this, preferLocal: false);
        return job;
    }

    // The first call that the worker can take. One that it cannot take and that has waited longer gets a worker of its own. Under the lock.
    private (WorkerJob? Job, bool Opens) DequeueFirstFitting(Func<SessionSnapshot, bool> suits)
    {
        var first = _queue.First!;
        var found = first;
        for (var steps = 0; found is not null && !suits(found.Value.Snapshot); steps++)
            found = steps < LongestSearch ? found.Next : null;
        if (found is null)
        {
            if (_idle > 0)
                Monitor.Pulse(_gate);
            return (null, NeedsAnother());
        }

        _queue.Remove(found);
        return (found.Value, found != first && _opening == 0 && NeedsAnother());
    }

    /// <summary>Wakes idle workers, so that one that is being closed ends.</summary>
    public void Wake()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }

    /// <summary>A worker began to take calls.</summary>
    public void Opened()
    {
        lock (_gate)
            _opening--;
    }

    /// <summary>A worker is gone; another one opens where there is work for it.</summary>
    public void Closed()
    {
        lock (_gate)
        {
            _workers--;
            // What was left for this worker alone.
            if (_queue.Count > 0)
                Monitor.Pulse(_gate);
            if (!NeedsAnother())
                return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static pool => Open(pool), this, preferLocal: false);
    }

    // Whether a worker is to be opened; it counts from here on. Under the lock.
    private bool NeedsAnother()
    {
        if (_queue.Count <= _idle + _opening || _workers >= MostWorkers)
            return false;
        _workers++;
        _opening++;
        return true;
    }

    private static void Open(WorkerPool pool)
    {
        try
        {
            pool._open(pool, pool._host);
        }
        catch (Exception error)
        {
            pool.FailedToOpen(error);
        }
    }

    /// <summary>A worker could not be opened. Where there is none that could take what waits, all that waits fails with it.</summary>
    public void FailedToOpen(Exception? error)
    {
        WorkerJob[] lost = [];
        lock (_gate)
        {
            _workers--;
            _opening--;
            if (_workers == 0)
            {
                lost = [.. _queue];
                _queue.Clear();
            }
        }

        var failure = new NodeFailure(
            $"No worker runspace could be opened: {error?.Message ?? "it ended at once."}", error?.ToString(), error);
        foreach (var job in lost)
            job.End(NodeOutcome.Failed(failure));
    }
}
