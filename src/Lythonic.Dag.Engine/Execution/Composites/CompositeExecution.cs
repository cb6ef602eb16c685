using Lythonic.Dag.Provenance;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>
/// A composite node in flight. <see cref="CompositeOpening"/> finds its elements, and it draws them as there is room:
/// <see cref="ElementStart"/> starts one, <see cref="ElementRetry"/> tries one again, <see cref="ElementWork"/> and
/// <see cref="ElementFailures"/> collect, and <see cref="CompositeEnding"/> ends it. The node itself holds no slot, so any nesting works
/// with a throttle of one. Its state changes under the session's lock.
/// </summary>
internal sealed class CompositeExecution
{
    private readonly RunSession _session;
    private readonly HashSet<RunExecution> _inFlight = [];
    private readonly Dictionary<int, RunExecution> _unfinished = [];
    private readonly CompositeOpening _opening;
    private readonly CompositeEnding _ending;
    private readonly ElementStart _start;
    private readonly ElementRetry _retry;
    private readonly ElementLimit _limit;
    private int _starting;
    private bool _isExpanded;
    private bool _hasEnded;

    public CompositeExecution(RunExecution run, CompiledNode node)
    {
        Run = run;
        Node = node;
        _session = run.Session;
        Kind = node.Composite!;
        Failures = new ElementFailures(node, run.Session);
        Tally = new CompositeTally(this);
        Record = new CompositeRecord(this);
        _opening = new CompositeOpening(this);
        _ending = new CompositeEnding(this);
        _start = new ElementStart(this);
        _retry = new ElementRetry(this);
        Hosts = node.Settings.Hosts is { } hosts ? new ElementHosts(this, hosts) : null;
        if (node.Upstreams is [var upstream] && run.Dag.Nodes[upstream].Kind == NodeKind.Input)
            Feed = run.Session.Options.Feed;
        _limit = new ElementLimit(this);
        if (node.Settings.Locks is not null)
            Locks = new CompositeLocks(this, LocksTaken, LocksFailed);
    }

    /// <summary>The run that the node is in.</summary>
    public RunExecution Run { get; }

    public CompiledNode Node { get; }

    public CompositeKind Kind { get; }

    /// <summary>The hosts of its elements; <see langword="null"/> if they are where the node is.</summary>
    public ElementHosts? Hosts { get; }

    /// <summary>The locks that it holds from its first element on; <see langword="null"/> for none.</summary>
    public CompositeLocks? Locks { get; }

    /// <summary>Where its elements come from while it runs; <see langword="null"/> if they are known when it begins.</summary>
    public ElementFeed? Feed { get; }

    /// <summary>What the node works through, once it is expanded.</summary>
    public ElementWork Work { get; private set; } = ListedWork.None;

    /// <summary>What the store has of an earlier process's sub-runs.</summary>
    public StoredElements Stored { get; set; } = StoredElements.None;

    /// <summary>The elements that failed.</summary>
    public ElementFailures Failures { get; }

    /// <summary>The node run in the store.</summary>
    public CompositeRecord Record { get; }

    /// <summary>What its sub-runs have written and how often they were tried.</summary>
    public CompositeTally Tally { get; }

    /// <summary>Which attempt of the node this is, over all restarts of the run.</summary>
    public int Attempt { get; private set; }

    /// <summary>
    /// Begins an attempt of the node: the first one, or one that goes on with what the attempt before it left. Under the lock.
    /// </summary>
    /// <param name="attempt">The attempt that has begun already, for the node's condition; or <see langword="null"/>.</param>
    public void Begin(int? attempt)
    {
        Attempt = attempt ?? Run.Tally.NextAttempt(Node.Index);
        Run.HasStarted = true;
        Record.Reset();
        _isExpanded = false;
        _hasEnded = false;
        Failures.Clear();
        Tally.Reset();
        _session.Background.Start(Start);
    }

    /// <summary>The place of an element's nodes in the order in which ready nodes start.</summary>
    public OrderKey OrderOf(MapElement element) => Run.Order.Then(Node.Index).Then(element.Ordinal);

    // Whether more elements failed than are allowed.
    private bool HasFailed => !_session.Options.ContinueOnFailure && Failures.Exceed(Work.BatchSize);

    /// <summary>Whether another element may start. Under the lock.</summary>
    public bool MayStart => Run.Limits.MayStartNode(Node) && !HasFailed;

    /// <summary>
    /// Whether so many elements failed that an element starts no more nodes, although it is in flight. If elements share slots, many are
    /// in flight that have not begun; if more are in flight than there are slots, those that have begun start no other node either. Under
    /// the lock.
    /// </summary>
    /// <param name="hasBegun">Whether a node of the element has started.</param>
    public bool HoldsBack(bool hasBegun) => (_limit.ExceedsSlots || (Hosts is not null && !hasBegun)) && HasFailed;

    /// <summary>Takes the sub-run of an element that an earlier attempt of the node began. Each is given once.</summary>
    public RunExecution? RemoveUnfinished(MapElement element)
    {
        lock (_session.Lock)
            return _unfinished.Remove(element.Ordinal, out var child) ? child : null;
    }

    /// <summary>The sub-run of an element that was drawn begins. Outside of the lock.</summary>
    public void Started(RunExecution child)
    {
        lock (_session.Lock)
        {
            _starting--;
            _inFlight.Add(child);
            child.Begin();
        }

        _session.Dispatch();
    }

    /// <summary>
    /// An element that was drawn gets no sub-run, because making one failed or because no more nodes start. Outside of the lock.
    /// </summary>
    public void NotStarted(MapElement element, NodeFailure? failure, HostPlace? place = null)
    {
        lock (_session.Lock)
        {
            if (place is not null)
                Hosts!.Left(place);
            if (failure is not null)
                Fail(element, null, failure);
        }

        if (failure is not null)
            Work.Tell(new(element, null, failure, null));
        lock (_session.Lock)
            LeaveOut();
        _session.Dispatch();
    }

    /// <summary>An element that was drawn takes over an output. Outside of the lock.</summary>
    public void Reused(MapElement element, NodeOutput output, HostPlace? place)
    {
        lock (_session.Lock)
        {
            if (place is not null)
                Hosts!.Left(place);
            Work.AddReused(element, output);
        }

        Work.Tell(new(element, output, null, null));
        lock (_session.Lock)
            LeaveOut();
    }

    /// <summary>An element that was drawn does not start, because no more nodes start. Under the lock.</summary>
    public void LeaveOut()
    {
        _starting--;
        Draw();
    }

    /// <summary>A sub-run has ended, and its end is posted to the store. Outside of the lock.</summary>
    public void ElementEnded(RunExecution child, DagRunStatus status)
    {
        ElementEnd? end;
        lock (_session.Lock)
        {
            _inFlight.Remove(child);
            Hosts?.Left(child.Place!);
            end = Collect(child, status);
            // The listener hears of the element before the node can end.
            if (Feed is null)
                Draw();
            else
                _starting++;
        }

        if (Feed is not null)
        {
            if (end is { } told)
                Work.Tell(told);
            lock (_session.Lock)
                LeaveOut();
        }

        _session.Dispatch();
    }

    private ElementEnd? Collect(RunExecution child, DagRunStatus status)
    {
        var element = child.Element!;
        Tally.Add(child, status);
        if (status != DagRunStatus.Completed && Run.KeepsUnfinished)
            _unfinished[element.Ordinal] = child;
        if (status == DagRunStatus.Completed)
        {
            _limit.Completed();
            var output = child.HasOutput(child.Dag.Sink.Index) ? child.Output(child.Dag.Sink.Index) : null;
            Work.Add(element, output);
            return new(element, output, null, null);
        }

        if (status != DagRunStatus.Failed)
            return null;
        var failure = child.Failure!.Attempts > 1
            ? child.Failure
            : child.Failure with { Attempts = CompositeTally.AttemptsOfFailed(child) };
        Fail(element, child.FailedNode!, failure);
        return new(element, null, failure, child.FailedNode);
    }

    private void Fail(MapElement element, string? inner, NodeFailure failure)
    {
        Failures.Add(element, inner, failure);
        Work.Fail(element);
        if (!HoldsBack(hasBegun: false))
            return;
        foreach (var child in _inFlight)
            child.EndIfHalted();
    }

    /// <inheritdoc cref="ElementRetry.TryBegin"/>
    public bool TriesAgain(RunExecution child) => _retry.TryBegin(child);

    /// <summary>Looks again whether the node can end, after something said that no more nodes start. Under the lock.</summary>
    public void EndIfHalted()
    {
        foreach (var child in _inFlight)
            child.EndIfHalted();
        Draw();
    }

    /// <inheritdoc cref="RunExecution.Abandon"/>
    public bool Abandon()
    {
        var inside = false;
        foreach (var child in _inFlight)
            inside |= child.Abandon();
        if (inside || _hasEnded)
            return inside;
        End();
        return true;
    }

    /// <summary>New elements have come, or no more will: draws again, and ends the node if nothing is left.</summary>
    public void DrawFed() => Draw();

    /// <summary>The attempt has ended: it holds nothing any more. Outside of the lock.</summary>
    public void Leave(NodeStatus status)
    {
        Feed?.Close(status);
        Locks?.Release();
        lock (_session.Lock)
        {
            _hasEnded = true;
            Run.Untrack(this, status);
        }
    }

    private void Start()
    {
        Run.Trace?.StartNode(Node);
        ElementWork work;
        try
        {
            if (_opening.FindReuse())
            {
                _session.Background.Start(_ending.TakeOverAsync);
                return;
            }

            work = _opening.Open();
        }
        catch (Exception error)
        {
            _ending.Fail(NodeFailure.From(error));
            return;
        }

        lock (_session.Lock)
        {
            Work = work;
            _isExpanded = true;
            Feed?.Attach(this, _limit.Slots);
            Draw();
        }

        _session.Dispatch();
        Feed?.TellChange();
    }

    private void Draw()
    {
        if (!_isExpanded || _hasEnded)
            return;
        if (Hosts is not null && !MayStart)
            _starting -= Hosts.Withdraw();
        if (Locks is not null && AwaitsLocks(Locks))
            return;
        do
        {
            DrawBatch();
            if (_inFlight.Count > 0 || _starting > 0 || (Work.IsOpen && MayStart))
                return;
        }
        while (MayStart && NextBatch());
        End();
    }

    private void DrawBatch()
    {
        while (MayStart && _inFlight.Count + _starting < _limit.Current && Work.TryDraw(out var ordinal))
        {
            _starting++;
            _session.Defer(() => _start.Start(ordinal));
        }
    }

    private bool NextBatch()
    {
        if (Failures.Exceed(Work.BatchSize) || !Work.NextBatch())
            return false;
        Failures.BeginBatch();
        return true;
    }

    // Locks are taken with the first element that starts: a node without elements takes none.
    private bool AwaitsLocks(CompositeLocks locks) =>
        locks.IsAsked ? locks.IsWaiting : MayStart && Work.HasMore && locks.Ask();

    private void LocksTaken()
    {
        lock (_session.Lock)
            Draw();
        _session.Dispatch();
    }

    private void LocksFailed(NodeFailure failure)
    {
        lock (_session.Lock)
        {
            if (_hasEnded)
                return;
            _hasEnded = true;
        }

        _ending.Fail(failure);
    }

    private void End()
    {
        _hasEnded = true;
        var exceeds = Failures.Exceed(Work.BatchSize);
        if (!exceeds && _isExpanded && Work.IsComplete(Failures.Count))
            _session.Background.Start(_ending.CompleteAsync);
        else if (exceeds)
            _session.Background.Start(() => _ending.Fail(Failures.Summary(Work.Batches)));
        else
            _session.Background.Start(
                () => _ending.Close(_session.IsPausing && !_session.IsCancelled ? NodeStatus.Paused : NodeStatus.Cancelled, null));
    }
}
