using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// Takes records and commits everything that waits in one transaction, one transaction at a time. A thread that needs its records durable
/// commits them itself if nobody else is committing: that saves two hand-overs between threads, which cost more than the commit. A
/// background thread commits the rest: records that nobody waits for, and records that came during a commit. It starts when there is
/// something to write, and ends when there has been nothing to write for a while.
/// </summary>
internal sealed class StoreWriter(StoreFile file, PendingReuse pending) : IDisposable
{
    private const int MostBeforeCommit = 512;
    private const int CharsOfRecord = 4_096;

    // A quick node ends within this time, so that its start and its end become one row. No person notices it.
    private const int LingerMilliseconds = 2;

    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PausePoll = TimeSpan.FromMilliseconds(50);

    private readonly object _gate = new();
    private readonly WriterConnection _connection = new(file, PausePoll);
    private readonly RootRuns _roots = new();
    private Queue<(object Handle, object? Stage)> _posted = [];
    private Queue<(object Handle, object? Stage)> _drained = [];
    private readonly List<TaskCompletionSource> _waiters = [];
    private readonly List<TaskCompletionSource> _patient = [];
    private DagException? _fault;
    private bool _running;
    private bool _committing;
    private bool _lingering;
    private bool _isUntold;
    private int _held;
    private bool _disposed;
    private int _weight;
    private int _inBatch;
    private long _postedAt;

    /// <summary>How many records wait. A large value counts as several, so that what waits stays small in memory too.</summary>
    public int Backlog
    {
        get
        {
            // A failed store never catches up: everyone who waits gets the error.
            lock (_gate)
                return _fault is null ? _weight + _inBatch : int.MaxValue;
        }
    }

    /// <summary>Posts a record of a run or a node run.</summary>
    /// <param name="handle">The run or the node run.</param>
    /// <param name="stage">
    /// The record that is added to it: its end, or what a waiting attempt does now; <see langword="null"/> if it begins.
    /// </param>
    /// <param name="isFlushedNext">Whether the caller commits it in a moment, so that the background thread is not woken for it.</param>
    /// <returns>Whether it will be written: a record that comes too late, or after a failure, is not.</returns>
    public bool Post(object handle, object? stage, bool isFlushedNext = false)
    {
        lock (_gate)
        {
            var run = handle as SqliteRun ?? ((SqliteNodeRun)handle).Run;
            if (_fault is not null || run.IsOver || (stage is NodeEnd && ((SqliteNodeRun)handle).Close()))
                return false;
            Track(handle, stage);
            if (_posted.Count == 0)
                _postedAt = Environment.TickCount64;
            _posted.Enqueue((handle, stage));
            var before = _weight;
            _weight += 1 + LengthOf(stage) / CharsOfRecord;
            var isFirst = _posted.Count == 1 || _isUntold;
            _isUntold = isFirst && isFlushedNext;
            Wake((isFirst && !isFlushedNext && !_lingering) || (before < MostBeforeCommit && _weight >= MostBeforeCommit));
            return true;
        }
    }

    /// <summary>Creates or migrates the file, so that an unusable file is reported before a run begins.</summary>
    /// <exception cref="DagException">The file cannot be used.</exception>
    public void EnsureOpen()
    {
        lock (_gate)
        {
            while (_committing)
                WaitForRight();
            _committing = true;
        }

        try
        {
            _connection.Open();
        }
        finally
        {
            lock (_gate)
            {
                _committing = false;
                Wake(_held > 0 || IsWaiting);
            }
        }
    }

    /// <summary>Starts to watch a claimed root run for a request to pause.</summary>
    public void Watch(SqliteRun root)
    {
        lock (_gate)
        {
            _roots.Begin(root);
            Wake(true);
        }
    }

    /// <summary>Whether the end of a root run was written to a file that is no longer at its path.</summary>
    public bool HasLost(string runId)
    {
        lock (_gate)
            return _roots.HasLost(runId);
    }

    /// <summary>
    /// Completes when everything posted so far is durable. It may commit on the calling thread, but never on a foreground thread, because
    /// somebody waits for that one. Continuations never run on the writer's thread, which must not wait for them.
    /// </summary>
    public Task FlushAsync() => Flush(mayCommit: Thread.CurrentThread.IsBackground);

    /// <summary>The same, for a thread of which nobody expects anything else: it may commit, even if it is a foreground thread.</summary>
    public Task FlushHereAsync() => Flush(mayCommit: true);

    private Task Flush(bool mayCommit)
    {
        Batch batch;
        lock (_gate)
        {
            if (_fault is not null)
                return Task.FromException(_fault);
            if (_posted.Count == 0 && _inBatch == 0)
                return Task.CompletedTask;
            if (_committing || !mayCommit)
            {
                Wake(true);
                return Wait(_waiters);
            }

            batch = Drain();
        }

        return Commit(batch) is { } error ? Task.FromException(error) : Task.CompletedTask;
    }

    /// <summary>
    /// The same, for a thread that has other work meanwhile. The next thread that commits also commits its records; after a moment, the
    /// background thread does.
    /// </summary>
    public Task FlushSoonAsync()
    {
        lock (_gate)
        {
            if (_fault is null && _posted.Count > 0)
                return Wait(_patient);
        }

        return FlushAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _roots.CloseAll();
            Monitor.PulseAll(_gate);
            while (_running || _committing)
                WaitForRight();
            _roots.LeaveAll();
        }
    }

    private static Task Wait(List<TaskCompletionSource> waiters)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        waiters.Add(waiter);
        return waiter.Task;
    }

    private static int LengthOf(object? stage) => stage switch
    {
        NodeEnd end => end.Output?.Length ?? 0,
        // Only its sink has an output.
        ReusedSubRun reused => reused.Nodes[^1].End!.Output?.Length ?? 0,
        _ => 0,
    };

    private void Track(object handle, object? stage)
    {
        if (handle is not SqliteRun run)
            return;
        run.IsClosed = stage is RunEnd;
        if (run.Parent is not null)
            return;
        if (run.IsClosed)
            _roots.Close(run);
        else
            _roots.Begin(run);
    }

    private void Wake(bool pulse)
    {
        if (!_running)
        {
            _running = true;
            new Thread(Loop) { IsBackground = true, Name = "Lythonic.Dag store writer" }.Start();
        }
        else if (pulse)
        {
            Monitor.PulseAll(_gate);
        }
    }

    private void Loop()
    {
        while (NextBatch() is { } batch)
            Commit(batch);
        _connection.Close();
        lock (_gate)
        {
            _committing = false;
            _running = false;
            if (_posted.Count > 0 || _waiters.Count > 0)
                Wake(false);
            Monitor.PulseAll(_gate);
        }
    }

    private IReadOnlyCollection<SqliteRun> OpenRoots()
    {
        lock (_gate)
            return _roots.Open;
    }

    // The next batch; empty means only poll for pause requests; null means stop. In all three cases the thread now owns the commit right.
    private Batch? NextBatch()
    {
        lock (_gate)
        {
            while (true)
            {
                if (_committing)
                {
                    WaitForRight();
                }
                else if (IsWaiting)
                {
                    if (!StillLingers())
                        return Drain();
                }
                else if (_disposed || _fault is not null)
                {
                    return End();
                }
                else if (!WaitsForMore())
                {
                    return _roots.AnyOpen ? Drain() : End();
                }
            }
        }
    }

    private Batch? End()
    {
        _committing = true;
        return null;
    }

    // Whether the records may wait longer, because nobody waits for them.
    private bool StillLingers()
    {
        var left = _postedAt + LingerMilliseconds - Environment.TickCount64;
        if (left <= 0 || _waiters.Count > 0 || _weight >= MostBeforeCommit || _disposed)
            return false;
        _lingering = true;
        Monitor.Wait(_gate, (int)left);
        _lingering = false;
        return true;
    }

    private bool WaitsForMore()
    {
        var isOpen = _roots.AnyOpen;
        return Monitor.Wait(_gate, isOpen ? PausePoll : Idle) || IsWaiting || _committing || isOpen != _roots.AnyOpen;
    }

    private void WaitForRight()
    {
        _held++;
        Monitor.Wait(_gate);
        _held--;
    }

    private bool IsWaiting => _posted.Count > 0 || _waiters.Count > 0;

    private Batch Drain()
    {
        _committing = true;
        _isUntold = false;
        // The records are folded later, because whoever posts others waits for the lock meanwhile.
        (_posted, _drained) = (_drained, _posted);
        var batch = new Batch(_drained);
        _inBatch = _weight;
        _weight = 0;
        MoveWaiters(batch);
        return batch;
    }

    // Never throws. An error of the store becomes the fault of everyone who waits, and of everyone who comes later.
    private DagException? Commit(Batch batch)
    {
        DagException? fault = null;
        var isLost = false;
        try
        {
            batch.Fold();
            _connection.Write(batch);
            isLost = batch.Runs.Exists(run => run is { IsEnded: true, Parent: null }) && _connection.HasLostFile;
        }
        catch (Exception error)
        {
            // Whatever the error is, everyone who waits must get it.
            fault = error as DagException ?? StoreError.From(error, file);
        }

        if (fault is null)
        {
            pending.Written(batch);
            _connection.LookForPause(OpenRoots);
        }

        lock (_gate)
        {
            _committing = false;
            _inBatch = 0;
            if (fault is null)
                _roots.Leave(batch.Runs.Where(run => run is { IsEnded: true, Parent: null }), isLost);
            else
                Fail(fault, batch);
            // The idle thread does not wake if there is nothing to do, nor for records that nobody waits for.
            if (_held > 0 || _waiters.Count > 0 || (_posted.Count > 0 && !_lingering) || _disposed || fault is not null)
                Monitor.PulseAll(_gate);
        }

        foreach (var waiter in batch.Waiters)
        {
            if (fault is null)
                waiter.TrySetResult();
            else
                waiter.TrySetException(fault);
        }

        return fault;
    }

    private void Fail(DagException fault, Batch batch)
    {
        _fault = fault;
        _posted = [];
        _weight = 0;
        _roots.CloseAll();
        _roots.LeaveAll();
        MoveWaiters(batch);
    }

    private void MoveWaiters(Batch batch)
    {
        batch.Waiters.AddRange(_waiters);
        batch.Waiters.AddRange(_patient);
        _waiters.Clear();
        _patient.Clear();
    }
}
