namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>The records that were posted to a store in memory and are not durable yet.</summary>
/// <param name="guard">The store's lock.</param>
internal sealed class MemoryJournal(object guard)
{
    private readonly Queue<Action> _records = new();
    private TaskCompletionSource _shared = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isShared;

    /// <summary>Called when records have become durable. Under the lock.</summary>
    public Action? Durable { get; set; }

    /// <summary>Called for every flush, by the thread that waits for it.</summary>
    public Action? Flushed { get; set; }

    /// <summary>Whether a caller that can wait (<c>FlushSoonAsync</c>) waits until another one flushes.</summary>
    public bool SharesFlushes { get; set; }

    /// <summary>Adds a record. Under the lock.</summary>
    public void Add(Action record) => _records.Enqueue(record);

    /// <summary>Makes the first records durable and loses the others. Under the lock.</summary>
    public void Lose(int kept)
    {
        for (; kept > 0 && _records.TryDequeue(out var record); kept--)
            record();
        _records.Clear();
    }

    /// <summary>Makes all records durable. Under the lock.</summary>
    public void Flush()
    {
        while (_records.TryDequeue(out var record))
            record();
        Durable?.Invoke();
    }

    public ValueTask FlushAsync()
    {
        Flushed?.Invoke();
        TaskCompletionSource shared;
        lock (guard)
        {
            Flush();
            (shared, _shared) = (_shared, new(TaskCreationOptions.RunContinuationsAsynchronously));
            _isShared = false;
        }

        shared.SetResult();
        return ValueTask.CompletedTask;
    }

    public ValueTask FlushSoonAsync()
    {
        lock (guard)
        {
            if (!SharesFlushes)
                return FlushAsync();
            if (_isShared)
                return new(_shared.Task);
            _isShared = true;
            return new(CommitAsync(_shared.Task));
        }
    }

    // Like a real store, commit after a moment even if nobody flushes. Only the first that waits for a commit makes it.
    private async Task CommitAsync(Task others)
    {
        if (await Task.WhenAny(others, Task.Delay(200)) != others)
            await FlushAsync();
    }
}
