using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// Worker runspaces, shared by all runs of the process. The pool opens one when there are more calls than workers, and closes it after it
/// has been idle for a while.
/// </summary>
internal sealed class WorkerPool
{
    private const int MostWorkers = 128;
    private const int LongestSearch = 64;

    private static readonly TimeSpan IdleLife = TimeSpan.FromMinutes(2);

    // Opening a runspace costs as much as thousands of calls, so workers outlive runs, and the pool has to outlive them.
    private static readonly Lazy<WorkerPool> Shared = new(() => new WorkerPool());

    // True while this thread is a worker that ends a call and will take another one at once: the first call that becomes ready waits for
    // this thread.
    [ThreadStatic]
    private static bool _takesNext;

    // True if a call waits for this thread and no other worker was woken for it.
    [ThreadStatic]
    private static bool _keepsCall;

    private readonly Action<WorkerPool, CallerHost> _open;
    private readonly object _gate = new();
    private readonly LinkedList<WorkerJob> _queue = [];
    private CallerHost _host = CallerHost.None;
    private WorkerJob? _practice;
    private bool _hasPractised;
    private int _workers;
    private int _idle;
    private int _opening;

    /// <summary>Makes a pool.</summary>
    /// <param name="open">Opens a worker; <see langword="null"/> for a worker runspace.</param>
    public WorkerPool(Action<WorkerPool, CallerHost>? open = null) => _open = open ?? Worker.Start;

    /// <summary>The pool of this process.</summary>
    public static WorkerPool Current => Shared.Value;

    /// <summary>Restores environment variables after calls.</summary>
    public EnvironmentGuard Environment { get; } = new();

    /// <summary>
    /// Opens a worker on another thread if there is none, while a run that is about to begin is prepared, which takes about as long. The
    /// first worker of the process makes a <see cref="PracticeCall"/>.
    /// </summary>
    /// <param name="session">What is known of the caller's session.</param>
    public void OpenAhead(SessionSnapshot session)
    {
        lock (_gate)
        {
            if (_workers > 0)
                return;
            _host = session.Host;
            _workers++;
            _opening++;
            if (!_hasPractised)
                _practice = PracticeCall.For(session);
            _hasPractised = true;
        }

        OpenSoon();
    }

    /// <summary>Whether there is a worker, or one is being opened.</summary>
    public bool HasWorker
    {
        get
        {
            lock (_gate)
                return _workers > 0;
        }
    }

    /// <summary>Adds a call to the queue; the next free worker runs it.</summary>
    public void Add(WorkerJob job)
    {
        lock (_gate)
        {
            _queue.AddLast(job);
            _host = job.Snapshot.Host;
            if (_takesNext)
            {
                // Waking another worker costs more than most calls take.
                _takesNext = false;
                _keepsCall = true;
                return;
            }

            if (!WakesOrNeedsAnother())
                return;
        }

        OpenSoon();
    }

    /// <summary>
    /// Says that this thread is about to do something that takes longer than waking another worker. A call that waits for this thread goes
    /// to another worker.
    /// </summary>
    public void LeaveThread()
    {
        if (!_keepsCall)
            return;
        _keepsCall = false;
        _takesNext = true;
        lock (_gate)
        {
            if (_queue.Count == 0 || !WakesOrNeedsAnother())
                return;
        }

        OpenSoon();
    }

    /// <summary>Ends a call on the thread of its worker.</summary>
    /// <param name="job">The call.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="takesNext">Whether the worker takes another call right after.</param>
    public static void End(WorkerJob job, NodeOutcome outcome, bool takesNext)
    {
        _takesNext = takesNext;
        job.End(outcome);
        _takesNext = false;
        _keepsCall = false;
    }

    /// <summary>Removes a call that no worker has begun.</summary>
    public bool Remove(WorkerJob job)
    {
        lock (_gate)
            return _queue.Remove(job);
    }

    /// <summary>
    /// Waits for the next call, on a worker's thread; <see langword="null"/> if the worker is no longer needed, or cannot run any of the
    /// waiting calls.
    /// </summary>
    /// <param name="isClosing">Whether the worker's runspace is being closed. <see cref="Wake"/> makes it look again.</param>
    /// <param name="suits">Whether the worker can take calls of a run.</param>
    public WorkerJob? Dequeue(Func<bool> isClosing, Func<SessionSnapshot, bool> suits)
    {
        bool opens;
        WorkerJob? job;
        lock (_gate)
        {
            if (_practice is { } practice)
            {
                _practice = null;
                return practice;
            }

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
            OpenSoon();
        return job;
    }

    // Removes the first call that this worker can run. If a call that it cannot run has waited longer, that call gets a new worker. The
    // caller holds the lock.
    private (WorkerJob? Job, bool Opens) DequeueFirstFitting(Func<SessionSnapshot, bool> suits)
    {
        var first = _queue.First!;
        var found = first;
        for (var steps = 0; found is not null && !suits(found.Value.Snapshot); steps++)
            found = steps < LongestSearch ? found.Next : null;
        if (found is null)
            return (null, WakesOrNeedsAnother());
        _queue.Remove(found);
        return (found.Value, found != first && _opening == 0 && NeedsAnother());
    }

    /// <summary>Wakes idle workers, so that one that is being closed ends.</summary>
    public void Wake()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }

    /// <summary>Says that a worker has begun to take calls.</summary>
    public void Opened()
    {
        lock (_gate)
            _opening--;
    }

    /// <summary>Says that a worker has closed. Another one opens if there is work for it.</summary>
    public void Closed()
    {
        lock (_gate)
        {
            _workers--;
            // A call may have been waiting for this worker alone.
            if (_queue.Count > 0)
                Monitor.Pulse(_gate);
            if (!NeedsAnother())
                return;
        }

        OpenSoon();
    }

    // Wakes an idle worker for a call that waits, and says whether another worker is to be opened. The caller holds the lock.
    private bool WakesOrNeedsAnother()
    {
        if (_idle > 0)
            Monitor.Pulse(_gate);
        return NeedsAnother();
    }

    private void OpenSoon() => ThreadPool.UnsafeQueueUserWorkItem(static pool => Open(pool), this, preferLocal: false);

    // Whether to open another worker. If so, it is counted from now on. The caller holds the lock.
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

    /// <summary>Says that a worker could not be opened. If there is no other worker, all waiting calls fail with this error.</summary>
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
