using System.Globalization;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <summary>
/// What a root run and all its sub-runs share: the seams, the dispatcher, and whether the run pauses, is cancelled or has met a fault.
/// State changes under one lock, in short steps that only decide. Whatever runs user code, tells an observer, reads the store, encodes or
/// waits is outside of it.
/// </summary>
internal sealed class RunSession : IDisposable
{
    private const string OnRequest = "Paused on request.";

    private readonly CancellationTokenSource _cancel = new();
    private readonly CancellationToken _given;
    private readonly CancellationTokenRegistration _outer;
    private readonly CancellationTokenRegistration _outerClosing;
    private readonly Dispatcher _dispatcher;
    private RunExecution? _root;
    private long _latest;
    private bool _isPausing;
    private bool _isPauseRequested;
    private string? _pauseReason;
    private HostFarms? _hosts;
    private volatile bool _hasPatient;

    public RunSession(
        DagRunOptions options, DagProvenance provenance, INodeInvoker invoker, IValueCodec codec, IValueConverter converter,
        CancellationToken cancellationToken)
    {
        Options = options;
        Provenance = provenance;
        Invoker = invoker;
        Codec = codec;
        Converter = converter;
        Observer = options.Observer is { } observer ? new SupervisedObserver(observer, Fail) : null;
        Says = Observer is { } watching ? (said, message, native) => watching.NodeSaid(said.Context, message, native) : null;
        Background = new Background(Fail, EndIfStuck);
        Reuse = new ReuseKeys(this);
        _dispatcher = new Dispatcher(Lock, Background, Math.Max(1, options.ThrottleLimit));
        Closing = new ClosingTime(this);
        _given = cancellationToken;
        _outer = cancellationToken.UnsafeRegister(static session => ((RunSession)session!).Cancel(), this);
        _outerClosing = options.StopClosing.UnsafeRegister(static session => ((RunSession)session!).StopClosing(), this);
    }

    /// <summary>Guards the state of every run of the session.</summary>
    public object Lock { get; } = new();

    public DagRunOptions Options { get; }

    public DagProvenance Provenance { get; }

    public INodeInvoker Invoker { get; }

    public IValueCodec Codec { get; }

    public IValueConverter Converter { get; }

    public TimeProvider Clock => Options.Clock;

    /// <summary>The observers; this never throws. Outside of the lock.</summary>
    public IRunObserver? Observer { get; }

    /// <summary>Passes the messages of a call to the observers; <see langword="null"/> if there are none.</summary>
    public Action<NodeCall, NodeMessage, object?>? Says { get; }

    /// <summary>The culture of the thread that the run was started on.</summary>
    public CultureInfo Culture { get; } = CultureInfo.CurrentCulture;

    /// <summary>The language of messages of that thread.</summary>
    public CultureInfo UICulture { get; } = CultureInfo.CurrentUICulture;

    /// <summary>The descriptions by which nodes that reuse outputs are compared.</summary>
    public ReuseKeys Reuse { get; }

    /// <summary>Starts the background work of the run.</summary>
    public Background Background { get; }

    /// <summary>Given to nodes: cancelled when the run is.</summary>
    public CancellationToken Cancelled => _cancel.Token;

    /// <summary>Whether the run is cancelled. The thread that cancels may still be about to tell the nodes.</summary>
    public bool IsCancelled => _cancel.IsCancellationRequested || _given.IsCancellationRequested;

    /// <summary>The time that closing nodes have after a cancellation.</summary>
    public ClosingTime Closing { get; }

    /// <summary>
    /// Whether only one node runs at a time. Then nodes start in the order in which they were added, so a node keeps its slot until its end
    /// is durable: the nodes that it makes ready take part in that order.
    /// </summary>
    public bool IsSequential => Options.ThrottleLimit <= 1;

    /// <summary>Whether the run pauses: a node or the runner said so, or the store has been asked.</summary>
    public bool IsPausing => _isPausing || Root is { Handle.IsPauseRequested: true };

    /// <summary>Why it pauses: the reason that a node gave, or that somebody outside asked for it.</summary>
    public string? PauseReason => _pauseReason ?? (_isPauseRequested || Root is { Handle.IsPauseRequested: true } ? OnRequest : null);

    /// <summary>An exception that nothing caught: the run fails with it; <see langword="null"/> for none.</summary>
    public NodeFailure? Fault { get; private set; }

    /// <summary>The root run, once there is one.</summary>
    public RunExecution? Root
    {
        get => _root;
        set
        {
            _root = value;
            if (IsCancelled)
                StartClosing();
        }
    }

    /// <summary>The hosts that nodes run on. Under the lock.</summary>
    public HostFarms Hosts => _hosts ??= new HostFarms(this);

    /// <summary>Sets when the run began: no later time is before it.</summary>
    public void NotBefore(DateTimeOffset began) => _latest = Math.Max(_latest, began.UtcTicks);

    /// <summary>The time. If the clock is set back, it stands still, so that nothing ends before it began.</summary>
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

    /// <summary>Pauses because a node asked for it: nodes in flight finish, and no other starts.</summary>
    public void Pause(string? reason)
    {
        lock (Lock)
        {
            _pauseReason ??= reason;
            _isPausing = true;
        }

        Halt();
    }

    /// <summary>Pauses because somebody asked for it from outside.</summary>
    public void PauseOnRequest()
    {
        lock (Lock)
        {
            _isPauseRequested = _isPauseRequested || !_isPausing;
            _isPausing = true;
        }

        Halt();
    }

    /// <summary>
    /// Ends the run as failed, because of an exception that nothing caught. Nodes in flight are stopped as if the run was cancelled. The
    /// first fault counts.
    /// </summary>
    public void Fail(Exception error)
    {
        lock (Lock)
        {
            if (Fault is not null)
                return;
            Fault = new(
                $"The run was ended by an error outside of its nodes: {error.GetType().Name}: {ExceptionText.MessageOf(error)}",
                ExceptionText.DetailOf(error),
                error)
            {
                ErrorId = DagErrorId.DagEngineFault,
            };
        }

        Cancel();
    }

    /// <summary>
    /// Starts no more nodes of runs that are halted, and ends their waits. The calling thread may be anybody's and may hold a lock, so the
    /// rest happens on other threads.
    /// </summary>
    public void Halt()
    {
        lock (Lock)
        {
            _dispatcher.Purge();
            _hosts?.Purge();
            Root?.EndIfHalted();
        }

        Background.Start(Dispatch);
    }

    /// <inheritdoc cref="Dispatcher.Defer"/>
    public void Defer(Action action) => _dispatcher.Defer(action);

    /// <inheritdoc cref="Dispatcher.Enqueue"/>
    public void Enqueue(ISlotRequest request) => _dispatcher.Enqueue(request);

    /// <inheritdoc cref="Dispatcher.Release"/>
    public void Release() => _dispatcher.Release();

    /// <inheritdoc cref="Dispatcher.Dispatch"/>
    public void Dispatch() => _dispatcher.Dispatch();

    /// <inheritdoc cref="Dispatcher.DispatchFew"/>
    public void DispatchFew() => _dispatcher.DispatchFew();

    /// <summary>
    /// Whether somebody waits for a commit and no node is ready. Then the thread of a node that ends commits for them, even if that node
    /// needs no commit.
    /// </summary>
    public bool CommitsForOthers => _hasPatient && !_dispatcher.HasReady;

    /// <summary>
    /// Completes when everything posted so far is durable. If more nodes are ready than there are slots, this thread goes on with these,
    /// and the thread of the node that ends when no more are ready commits for all. Otherwise the calling thread may have to commit, so the
    /// invoker first gives the work that it kept for this thread to others.
    /// </summary>
    public ValueTask FlushAsync()
    {
        if (!IsSequential && _dispatcher.HasReady)
        {
            _hasPatient = true;
            return Provenance.FlushSoonAsync();
        }

        _hasPatient = false;
        Invoker.LeaveThread();
        return Provenance.FlushAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nobody waits for this: a thread that is cancelling may hold a lock that the caller waits for.
        _outer.Unregister();
        _outerClosing.Unregister();
        Closing.Dispose();
        _cancel.Dispose();
        _hosts?.Dispose();
    }

    private void Cancel()
    {
        Cancellation.Request(_cancel);
        if (Fault is not null)
            Closing.Stop();
        else
            StartClosing();
        Halt();
    }

    private void StartClosing()
    {
        if (Root is { Dag.HasClosingInside: true })
            Closing.Start();
    }

    private void StopClosing()
    {
        if (IsCancelled)
            Closing.Stop();
    }

    // After a fault the run ends as a cancelled one does. The exception may have kept some end from being reported, and nobody will report
    // it later.
    private void EndIfStuck()
    {
        lock (Lock)
        {
            if (Fault is null || Root is not { HasBegun: true, HasEnded: false } root)
                return;
            root.Abandon();
        }

        Dispatch();
    }
}
