namespace Lythonic.Dag.Execution;

/// <summary>
/// The locks of a composite node. It takes them with its first element and holds them until it ends. The nodes inside need not take them.
/// </summary>
/// <param name="composite">The composite node.</param>
/// <param name="taken">Called when the wait is over, whether or not the locks are held.</param>
/// <param name="failed">Called if the store cannot give the locks.</param>
internal sealed class CompositeLocks(CompositeExecution composite, Action taken, Action<NodeFailure> failed)
{
    private readonly RunSession _session = composite.Run.Session;
    private readonly NodeLocks _locks = new(composite.Run, composite.Node);
    private bool _hasWaited;

    /// <summary>The queue of the nodes inside that name a lock.</summary>
    public LockQueue Inside { get; } = new();

    /// <summary>Whether this attempt of the node has asked for the locks. Under the session's lock.</summary>
    public bool IsAsked { get; private set; }

    /// <summary>Whether the node waits for the locks. Under the session's lock.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Asks for the locks, once in each attempt. Under the session's lock.</summary>
    /// <returns>Always <see langword="true"/>: the node waits for them now.</returns>
    public bool Ask()
    {
        IsAsked = IsWaiting = true;
        _session.Background.Start(TakeAsync);
        return true;
    }

    /// <summary>Releases the locks. Outside of the session's lock.</summary>
    public void Release()
    {
        _locks.Release();
        lock (_session.Lock)
            IsAsked = false;
    }

    private async Task TakeAsync()
    {
        CancellationToken halted;
        lock (_session.Lock)
            halted = composite.Run.Limits.HaltedOf(composite.Node);
        NodeFailure? failure = null;
        try
        {
            while (!await _locks.TakeAsync(Wait, halted).ConfigureAwait(false) && MayStart())
                halted = composite.Run.Limits.TokenOf(composite.Node);
        }
        catch (DagException error)
        {
            failure = NodeFailure.From(error);
        }

        lock (_session.Lock)
            IsWaiting = false;
        if (failure is not null)
        {
            failed(failure);
            return;
        }

        if (_hasWaited && _locks.IsHeld)
            composite.Record.Wait(null);
        _hasWaited = false;
        taken();
    }

    private void Wait()
    {
        _hasWaited = true;
        RunLog.Waits(composite.Run, composite.Node.Index, composite.Attempt, NodeLocks.Wait(composite.Node));
        composite.Record.Wait(NodeLocks.Wait(composite.Node));
    }

    private bool MayStart()
    {
        lock (_session.Lock)
            return composite.Run.Limits.MayStartNode(composite.Node);
    }
}
