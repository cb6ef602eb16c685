namespace Lythonic.Dag.Execution;

/// <summary>
/// The locks of a composite node: it takes them with its first element and keeps them until it ends. The nodes inside have them already.
/// </summary>
/// <param name="composite">The composite node.</param>
/// <param name="waits">Called where they are not had at once.</param>
/// <param name="taken">Called when the wait is over, whether they are held or not.</param>
/// <param name="failed">Called where the store cannot give them.</param>
internal sealed class CompositeLocks(CompositeExecution composite, Action waits, Action taken, Action<NodeFailure> failed)
{
    private readonly RunSession _session = composite.Run.Session;
    private readonly NodeLocks _locks = new(composite.Run, composite.Node);
    private bool _isAsked;

    /// <summary>The queue of the nodes inside that name a lock.</summary>
    public LockQueue Inside { get; } = new();

    /// <summary>Whether they are held.</summary>
    public bool IsHeld => _locks.IsHeld;

    /// <summary>Whether they are asked for, and not given yet. Under the lock.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Asks for them, once an attempt. Under the lock.</summary>
    /// <returns>Whether somebody has to wait for them.</returns>
    public bool Ask()
    {
        if (_isAsked)
            return IsWaiting;
        (_isAsked, IsWaiting) = (true, true);
        _session.Background.Start(TakeAsync);
        return true;
    }

    /// <summary>Gives them back. Outside of the lock.</summary>
    public void Release()
    {
        _locks.Release();
        lock (_session.Lock)
            _isAsked = false;
    }

    private async Task TakeAsync()
    {
        CancellationToken halted;
        lock (_session.Lock)
            halted = composite.Run.Limits.HaltedOf(composite.Node);
        NodeFailure? failure = null;
        try
        {
            while (!await _locks.TakeAsync(waits, halted).ConfigureAwait(false) && MayStart())
                halted = composite.Run.Limits.TokenOf(composite.Node);
        }
        catch (DagException error)
        {
            failure = NodeFailure.From(error);
        }

        lock (_session.Lock)
            IsWaiting = false;
        if (failure is null)
            taken();
        else
            failed(failure);
    }

    private bool MayStart()
    {
        lock (_session.Lock)
            return composite.Run.Limits.MayStartNode(composite.Node);
    }
}
