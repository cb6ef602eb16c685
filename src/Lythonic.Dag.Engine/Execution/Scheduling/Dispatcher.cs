namespace Lythonic.Dag.Execution;

/// <summary>
/// Carries out decisions that were made under the session's lock: first their consequences, in order, then requests that are ready and
/// have a slot. It runs outside of the lock, on one thread at a time.
/// </summary>
internal sealed class Dispatcher(object gate, Background background, int slots)
{
    private readonly Queue<Action> _decided = new();
    private readonly PriorityQueue<ISlotRequest, OrderKey> _ready = new();
    private readonly int _few = 2 * slots;
    private int _free = slots;
    private int _asked;
    private bool _purge;

    /// <summary>Whether work waits for a slot, as far as can be seen without the lock.</summary>
    public bool HasReady => _ready.Count > 0;

    /// <summary>Adds a consequence of a decision. Under the lock; call <see cref="Dispatch"/> outside of it afterwards.</summary>
    public void Defer(Action action) => _decided.Enqueue(action);

    /// <summary>Adds work that waits for a slot. Under the lock; call <see cref="Dispatch"/> outside of it afterwards.</summary>
    public void Enqueue(ISlotRequest request) => _ready.Enqueue(request, request.Order);

    /// <summary>Gives a slot back. Call <see cref="Dispatch"/> afterwards.</summary>
    public void Release()
    {
        lock (gate)
            _free++;
    }

    /// <summary>Looks again, at the next <see cref="Dispatch"/>, whether what waits may still start. Under the lock.</summary>
    public void Purge() => _purge = true;

    /// <summary>
    /// Carries out everything that is due. If another thread is already doing this, the work is left to it. So work that ends at once
    /// starts the next without growing the stack.
    /// </summary>
    public void Dispatch()
    {
        if (Interlocked.Increment(ref _asked) == 1)
            DispatchAsked();
    }

    /// <summary>
    /// As <see cref="Dispatch"/>, on a thread that others need for other things: it fills the slots, and leaves what follows to a thread of
    /// the pool.
    /// </summary>
    public void DispatchFew()
    {
        if (Interlocked.Increment(ref _asked) != 1)
            return;
        var seen = Volatile.Read(ref _asked);
        var isOver = false;
        background.Do(() => isOver = DoFew());
        if (!isOver || Interlocked.Add(ref _asked, -seen) != 0)
            background.Start(DispatchAsked);
    }

    private void DispatchAsked()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref _asked);
            background.Do(DoAll);
        }
        while (Interlocked.Add(ref _asked, -seen) != 0);
    }

    private void DoAll()
    {
        while (DoNext())
        {
        }
    }

    // Whether nothing is left.
    private bool DoFew()
    {
        for (var left = _few; left > 0; left--)
        {
            if (!DoNext())
                return true;
        }

        return false;
    }

    // Whether there was anything to do.
    private bool DoNext()
    {
        if (!Next(out var action, out var request))
            return false;
        if (action is not null)
            background.Do(action);
        else
            background.Do(static started => started.Start(), request!);
        return true;
    }

    private bool Next(out Action? action, out ISlotRequest? request)
    {
        lock (gate)
        {
            while (true)
            {
                request = null;
                if (_decided.TryDequeue(out action))
                    return true;
                if (_purge)
                    PurgeReady();
                else if (_free == 0 || !_ready.TryDequeue(out request, out _))
                    return false;
                else if (!request.MayStart)
                    request.Withdraw();
                else
                    return Starts();
            }
        }
    }

    private bool Starts()
    {
        _free--;
        return true;
    }

    // Look at every request before withdrawing any, because a withdrawal may add others.
    private void PurgeReady()
    {
        _purge = false;
        var all = _ready.UnorderedItems.ToList();
        _ready.Clear();
        foreach (var (request, order) in all)
        {
            if (request.MayStart)
                _ready.Enqueue(request, order);
            else
                request.Withdraw();
        }
    }
}
