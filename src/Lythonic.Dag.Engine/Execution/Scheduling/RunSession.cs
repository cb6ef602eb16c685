using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <summary>
/// What a root run and all its sub-runs share: the seams, the throttle, and whether it pauses or is cancelled. State changes under one lock,
/// in short steps; whatever runs user code, encodes or waits is outside of it.
/// </summary>
internal sealed class RunSession : IDisposable
{
    private const string OnRequest = "Paused on request.";

    private readonly PriorityQueue<Ticket, OrderKey> _ready = new();
    private readonly CancellationTokenSource _cancel;
    private int _free;
    private int _dispatching;
    private bool _purge;
    private long _latest;
    private bool _isPauseRequested;
    private string? _pauseReason;

    public RunSession(
        DagRunOptions options, DagProvenance provenance, INodeInvoker invoker, IValueCodec codec, IValueConverter converter, CancellationToken cancellationToken)
    {
        Options = options;
        Provenance = provenance;
        Invoker = invoker;
        Codec = codec;
        Converter = converter;
        _free = Math.Max(1, options.ThrottleLimit);
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Guards the state of every run of the session.</summary>
    public object Lock { get; } = new();

    public DagRunOptions Options { get; }

    public DagProvenance Provenance { get; }

    public INodeInvoker Invoker { get; }

    public IValueCodec Codec { get; }

    public IValueConverter Converter { get; }

    public TimeProvider Clock => Options.Clock;

    public IRunObserver? Observer => Options.Observer;

    /// <summary>Given to nodes: cancelled when the run is.</summary>
    public CancellationToken Cancelled => _cancel.Token;

    public bool IsCancelled => _cancel.IsCancellationRequested;

    /// <summary>
    /// Whether one node runs at a time. Then the order of the nodes is a promise: what the end of a node makes ready and what was ready before start
    /// in the order in which nodes were added, and so a node keeps its slot until its end is durable.
    /// </summary>
    public bool IsSequential => Options.ThrottleLimit <= 1;

    public bool IsPausing { get; private set; }

    /// <summary>Why it pauses: what a node says of it, else that it was asked for from outside.</summary>
    public string? PauseReason => _pauseReason ?? (_isPauseRequested ? OnRequest : null);

    /// <summary>The root run, once there is one.</summary>
    public RunExecution? Root { get; set; }

    /// <summary>Says when the run began: no time that comes is earlier.</summary>
    public void NotBefore(DateTimeOffset began) => _latest = Math.Max(_latest, began.UtcTicks);

    /// <summary>The time. It stands still where the clock is set back meanwhile, so that nothing ends before it began.</summary>
    public DateTimeOffset Now()
    {
        var now = Clock.GetUtcNow().UtcTicks;
        var latest = Volatile.Read(ref _latest);
        while (now > latest)
        {
            var seen = Interlocked.CompareExchange(ref _latest, now, latest);
            if (seen == latest)
                return new DateTimeOffset(now, TimeSpan.Zero);
            latest = seen;
        }

        return new DateTimeOffset(latest, TimeSpan.Zero);
    }

    /// <summary>Pauses because a node does: nodes in flight finish, none starts.</summary>
    public void Pause(string? reason)
    {
        lock (Lock)
            _pauseReason ??= reason;
        Pause();
    }

    /// <summary>Pauses because somebody asked for it from outside.</summary>
    public void PauseOnRequest()
    {
        lock (Lock)
            _isPauseRequested |= !IsPausing;
        Pause();
    }

    /// <summary>Stops starting nodes whose run may not start any; ends waits.</summary>
    public void Halt()
    {
        lock (Lock)
        {
            _purge = true;
            Root?.NoticeHalt();
        }

        Dispatch();
    }

    /// <summary>Adds work that is ready. Under the lock; <see cref="Dispatch"/> follows outside of it.</summary>
    public void Enqueue(Ticket ticket) => _ready.Enqueue(ticket, ticket.Order);

    /// <summary>Gives a slot back. <see cref="Dispatch"/> follows.</summary>
    public void Release()
    {
        lock (Lock)
            _free++;
    }

    /// <summary>
    /// Starts what is ready while there are slots. One thread at a time does; another that comes meanwhile leaves the work to it, so that work
    /// which ends at once starts the next without a growing stack.
    /// </summary>
    public void Dispatch()
    {
        if (Interlocked.Increment(ref _dispatching) != 1)
            return;
        int seen;
        do
        {
            seen = Volatile.Read(ref _dispatching);
            while (Next() is { } ticket)
                ticket.Start();
        }
        while (Interlocked.Add(ref _dispatching, -seen) != 0);
    }

    /// <inheritdoc/>
    public void Dispose() => _cancel.Dispose();

    private Ticket? Next()
    {
        lock (Lock)
        {
            if (_purge)
                Purge();
            while (_free > 0 && _ready.TryDequeue(out var ticket, out _))
            {
                if (ticket.Run.MayStart)
                {
                    _free--;
                    return ticket;
                }

                ticket.Withdraw();
            }

            return null;
        }
    }

    private void Purge()
    {
        _purge = false;
        var all = _ready.UnorderedItems.ToList();
        _ready.Clear();
        foreach (var (ticket, order) in all)
        {
            if (ticket.Run.MayStart)
                _ready.Enqueue(ticket, order);
            else
                ticket.Withdraw();
        }
    }

    private void Pause()
    {
        lock (Lock)
        {
            if (IsPausing)
                return;
            IsPausing = true;
        }

        Halt();
    }
}
