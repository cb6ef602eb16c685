using Lythonic.Dag.Provenance;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite;

/// <summary>
/// The one thread that writes. It takes all that waits, commits it as one transaction and tells those who wait for it. It begins when there is
/// something to write and ends when there has been nothing for a while.
/// </summary>
internal sealed class StoreWriter(StoreFile file) : IDisposable
{
    private const int MostBeforeCommit = 512;
    private const int CharsOfRecord = 4_096;

    // Long enough for a quick node to end, so that its start and its end are one row; short beside anything that a person notices.
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PausePoll = TimeSpan.FromMilliseconds(200);

    private readonly object _gate = new();
    private readonly HashSet<SqliteRun> _openRoots = [];
    private readonly HashSet<SqliteRun> _liveRoots = [];
    private Queue<(object Handle, object? Stage)> _posted = [];
    private List<TaskCompletionSource> _waiters = [];
    private DagException? _fault;
    private bool _running;
    private bool _disposed;
    private int _weight;
    private int _inBatch;

    /// <summary>How many records wait; a large value counts as many, so that what waits stays small in memory too.</summary>
    public int Backlog
    {
        get
        {
            // A store that has failed never catches up: who waits for it learns why.
            lock (_gate)
                return _fault is null ? _weight + _inBatch : int.MaxValue;
        }
    }

    /// <summary>Posts what is to be written of a run or a node run.</summary>
    /// <param name="handle">The run or the node run.</param>
    /// <param name="stage">How it ended; <see langword="null"/> where it begins.</param>
    public void Post(object handle, object? stage)
    {
        lock (_gate)
        {
            var run = handle as SqliteRun ?? ((SqliteNodeRun)handle).Run;
            if (_fault is not null || run.IsOver)
                return;
            Track(handle, stage);
            _posted.Enqueue((handle, stage));
            _weight += 1 + ((stage as NodeEnd)?.Output?.Length ?? 0) / CharsOfRecord;
            Wake(_posted.Count == 1 || _weight >= MostBeforeCommit);
        }
    }

    /// <summary>A root run that was claimed is watched for a request to pause.</summary>
    public void Watch(SqliteRun root)
    {
        lock (_gate)
        {
            _openRoots.Add(root);
            _liveRoots.Add(root);
            Wake(true);
        }
    }

    /// <summary>Completes when all that was posted before is durable. Continuations never run on the writer's thread, which must not wait for them.</summary>
    public Task FlushAsync()
    {
        lock (_gate)
        {
            if (_fault is not null)
                return Task.FromException(_fault);
            if (_posted.Count == 0 && _inBatch == 0)
                return Task.CompletedTask;
            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add(waiter);
            Wake(true);
            return waiter.Task;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _openRoots.Clear();
            Monitor.PulseAll(_gate);
            while (_running)
                Monitor.Wait(_gate);
            Leave(_liveRoots.ToList());
        }
    }

    private void Track(object handle, object? stage)
    {
        if (handle is not SqliteRun run)
            return;
        run.IsClosed = stage is RunEnd;
        if (run.Parent is not null)
            return;
        if (run.IsClosed)
        {
            _openRoots.Remove(run);
            return;
        }

        _openRoots.Add(run);
        _liveRoots.Add(run);
        LiveRuns.Add(run);
    }

    // Under the lock.
    private void Leave(IEnumerable<SqliteRun> roots)
    {
        foreach (var root in roots)
        {
            if (_liveRoots.Remove(root))
                LiveRuns.Remove(root);
        }
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
        SqliteConnection? connection = null;
        StoreStatements? statements = null;
        try
        {
            var poll = new PausePoll(PausePoll);
            while (Take() is { } batch)
            {
                if (batch.Runs.Count + batch.Nodes.Count + batch.Waiters.Count > 0)
                {
                    statements ??= new StoreStatements(file, connection ??= file.OpenForWriting());
                    Commit(statements, batch);
                }

                if (connection is not null)
                    poll.Look(connection, OpenRoots);
            }
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Whatever it is, those who wait must hear of it: nobody catches what leaves this thread.
            Fault(error as DagException ?? StoreError.From(error, file.Path));
        }
        finally
        {
            statements?.Dispose();
            connection?.Dispose();
        }
    }

    private IReadOnlyCollection<SqliteRun> OpenRoots()
    {
        lock (_gate)
            return [.. _openRoots];
    }

    private Batch? Take()
    {
        lock (_gate)
        {
            while (_posted.Count == 0 && _waiters.Count == 0)
            {
                if (_disposed)
                    return Stop();
                var signalled = Monitor.Wait(_gate, _openRoots.Count > 0 ? PausePoll : Idle);
                if (_posted.Count > 0 || _waiters.Count > 0)
                    break;
                if (!signalled && _openRoots.Count == 0)
                    return Stop();
                if (!signalled)
                    return new Batch();
            }

            if (_waiters.Count == 0 && _weight < MostBeforeCommit && !_disposed)
                Monitor.Wait(_gate, Linger);
            var batch = new Batch();
            (_inBatch, _weight) = (_weight, 0);
            while (_posted.TryDequeue(out var entry))
                Fold(batch, entry.Handle, entry.Stage);
            batch.Waiters.AddRange(_waiters);
            _waiters = [];
            return batch;
        }
    }

    private Batch? Stop()
    {
        _running = false;
        Monitor.PulseAll(_gate);
        return null;
    }

    private static void Fold(Batch batch, object handle, object? stage)
    {
        if (handle is SqliteRun run)
        {
            run.End = stage as RunEnd ?? run.End;
            batch.Add(run);
        }
        else if (handle is SqliteNodeRun node)
        {
            node.End = stage as NodeEnd ?? node.End;
            batch.Add(node);
        }
    }

    private void Commit(StoreStatements statements, Batch batch)
    {
        try
        {
            if (batch.Runs.Count + batch.Nodes.Count > 0)
                statements.Write(batch);
        }
        catch
        {
            lock (_gate)
                _waiters.AddRange(batch.Waiters);
            throw;
        }

        lock (_gate)
        {
            _inBatch = 0;
            Leave(batch.Runs.Where(run => run.IsEnded));
        }

        foreach (var waiter in batch.Waiters)
            waiter.TrySetResult();
    }

    private void Fault(DagException error)
    {
        List<TaskCompletionSource> waiters;
        lock (_gate)
        {
            (_fault, _inBatch, _running) = (error, 0, false);
            (_posted, _weight) = ([], 0);
            _openRoots.Clear();
            Leave(_liveRoots.ToList());
            (waiters, _waiters) = (_waiters, []);
            Monitor.PulseAll(_gate);
        }

        foreach (var waiter in waiters)
            waiter.TrySetException(error);
    }
}
